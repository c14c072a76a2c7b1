// Meta as its owner sees it: numbers, accounts, tokens and the app, each fact with what changes it.

import { el, freshId } from "../dom.js";
import { on, state } from "../store.js";
import { accountFacts, appFacts, tokenFacts } from "./access.js";
import { hooksGroup } from "./hooks.js";
import { numberFacts, optionText } from "./number.js";
import { button, chooser, group, options, redraw, saying, turn } from "./parts.js";
import { timeGroup } from "./time.js";
import { botGroup, troubleGroup } from "./trouble.js";

const chosen = { number: "", account: "", token: "" };

/** Draw Meta, the troubles and the time into the region. */
export function mount(region) {
  const { node: says, say } = saying();
  const parts = [numbers(say), accounts(say), tokens(say), apps(say), hooksGroup(say, () => chosen.number)];
  const draw = () => {
    if (state.meta) parts.forEach((part) => part.draw());
  };
  const right = button("Set everything right again", "Set everything right again", () => setRight(say), { more: "" });
  region.append(
    el("div", { class: "panel-top" }, el("h2", { class: "panel-head" }, "Meta"), right), says,
    timeGroup(say), parts[0].node, troubleGroup(say), parts[1].node, parts[2].node, parts[3].node, parts[4].node, botGroup(say));
  on("hello meta", draw);
}

async function setRight(say) {
  const turns = [["reset"]];
  if (state.bot && !state.bot.running && !state.bot.starting) turns.push(["bot", { do: "start" }]);
  if (await turn(say, ...turns)) say("Everything is as it was at the start. Time that was skipped stays skipped.");
}

/** A group whose facts belong to the one chosen in its select. `all()` lists them, `draw(one)` gives the facts. */
function chosenGroup(title, what, { all, id, text, facts }) {
  const place = el("dl", { class: "facts" });
  const { select, node } = chooser(title, freshId(what), (value) => { chosen[what] = value; draw(); });
  function draw() {
    const every = all();
    if (!every.some((one) => id(one) === chosen[what])) chosen[what] = id(every[0]);
    options(select, every.map((one) => [id(one), text(one)]), chosen[what]);
    redraw(place, facts(every.find((one) => id(one) === chosen[what])));
  }
  return { node: group(`${title}s`, node, place), draw };
}

function numbers(say) {
  return chosenGroup("Number", "number", {
    all: () => state.meta.numbers, id: (one) => one.id, text: optionText,
    facts: (one) => numberFacts(one, state.meta.accounts.find((account) => account.id === one.account_id), state.meta.apps[0].own_url, say),
  });
}

function accounts(say) {
  return chosenGroup("Account", "account", {
    all: () => state.meta.accounts, id: (one) => one.id, text: (one) => one.name,
    facts: (one) => accountFacts(one, state.meta.apps[0], say),
  });
}

function tokens(say) {
  return chosenGroup("Access token", "token", {
    all: () => state.meta.tokens, id: (one) => one.label, text: (one) => `${one.label}${one.dead === null ? "" : ", dead"}`,
    facts: (one) => tokenFacts(one, say),
  });
}

function apps(say) {
  const place = el("dl", { class: "facts" });
  return { node: group("App", place), draw: () => redraw(place, state.meta.apps.flatMap((app) => appFacts(app, say))) };
}
