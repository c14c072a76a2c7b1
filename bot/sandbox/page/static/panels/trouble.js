// Trouble to switch on: at Meta, at Slack, and with the bot itself.

import { el, freshId } from "../dom.js";
import { on, state } from "../store.js";
import { button, group, redraw, turn } from "./parts.js";

/** The group "Trouble". */
export function troubleGroup(say) {
  const place = el("div");
  const draw = () => redraw(place, ["Meta", "Slack"].map((whose) => [
    el("h4", {}, whose),
    el("div", { class: "switches" }, state.faults.filter((one) => one.whose === whose).map((one) => row(one, say))),
  ]));
  on("hello faults", draw);
  return group("Trouble", place);
}

function row(fault, say) {
  const name = freshId("fault"), about = freshId("about");
  const words = el("span", { class: "switch-words" },
    el("span", { id: name, class: "switch-name" }, fault.name), el("span", { id: about, class: "soft" }, fault.about));
  const props = {
    type: "button", class: "switch-row", "aria-labelledby": name, "aria-describedby": about, data: { key: fault.id },
  };
  if (!fault.lasting) {
    const once = async () => {
      if (await turn(say, ["fault", { id: fault.id }])) say(`Done: ${fault.name}.`);
    };
    return el("button", { ...props, on: { click: once } }, words, el("span", { class: "once" }, "once"));
  }
  const flip = () => turn(say, ["fault", { id: fault.id, on: !fault.on }]);
  return el("button", { ...props, role: "switch", "aria-checked": String(fault.on), on: { click: flip } },
    words, el("span", { class: "knob", "aria-hidden": "true" }, fault.on ? "on" : "off"));
}

/** The group "Bot". */
export function botGroup(say) {
  const place = el("div"), log = el("pre", { class: "log", tabindex: "0", "aria-label": "The bot's last lines" });
  const deed = (text, what, after) => button(text, `${text} the bot`, async () => {
    say(`${text}…`);
    if (await turn(say, ["bot", { do: what }])) say(after);
  });
  const draw = () => {
    const bot = state.bot;
    if (!bot) return;
    const how = bot.starting ? "The bot is starting." : bot.running ? `The bot runs, process ${bot.pid}.` : "The bot does not run.";
    redraw(place, el("p", { class: bot.running ? "is good" : "is bad" }, how),
      el("div", { class: "deeds" }, bot.running
        ? [deed("Restart", "restart", "The bot was restarted."), deed("Stop", "stop", "The bot has stopped."),
          deed("Kill", "kill", "The bot was killed in the middle of whatever it did.")]
        : deed("Start", "start", "The bot runs again.")));
    log.textContent = bot.log?.length ? bot.log.join("\n") : "Nothing logged yet.";
  };
  on("hello bot", draw);
  return group("Bot", place, el("details", { class: "fold" }, el("summary", {}, "Its last lines"), log));
}
