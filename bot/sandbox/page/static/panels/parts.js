// What the panels share: turning knobs, saying what came of it, and drawing again without losing the place.

import { el, fill } from "../dom.js";
import { post } from "../net.js";
import { me } from "../store.js";

/** A line that is read out when its text changes; `say(text, trouble)` sets it. */
export function saying() {
  const node = el("p", { class: "says", role: "status" });
  return { node, say(text, trouble = false) {
    node.textContent = text;
    node.classList.toggle("bad", trouble);
  } };
}

const turning = new Set();

/** The same turn once at a time: a second click on it while it is under way means nothing more. */
async function once(path, body) {
  const key = JSON.stringify([path, body]);
  if (turning.has(key)) return null;
  turning.add(key);
  const answer = await post(`/world/${path}`, body);
  turning.delete(key);
  return answer;
}

/** POST each [path, body] below /world in turn; `say` tells the first one that was refused. True: all
 * done, and nothing is said any more. */
export async function turn(say, ...turns) {
  for (const [path, body] of turns) {
    const answer = await once(path, body ?? {});
    if (!answer) return false;
    if (answer.error) {
      say(answer.error, true);
      return false;
    }
  }
  say(""); // what was said before is over
  return true;
}

/** A button: `text` is seen, `full` (which begins with it) is its whole name. `pressed`: that is how things stand. */
export function button(text, full, press, { more = "small", pressed } = {}) {
  const props = {
    type: "button", class: `button ${more}`, data: { key: full }, on: { click: press },
    "aria-pressed": pressed === undefined ? null : String(pressed),
  };
  return el("button", full === text ? props : { ...props, "aria-label": full, title: full }, text);
}

/** A select with its label; `choose(value)` on change. */
export function chooser(label, id, choose) {
  const select = el("select", { id, class: "field", on: { change: () => choose(select.value) } });
  return { select, node: el("div", { class: "choose" }, el("label", { for: id }, label), select) };
}

/** Put these [value, text] into the select, and only if they differ from what stands there. */
export function options(select, entries, chosen) {
  const key = JSON.stringify(entries);
  if (select.dataset.entries !== key) {
    select.dataset.entries = key;
    fill(select, entries.map(([value, text]) => el("option", { value }, text)));
  }
  if (select.value !== chosen) select.value = chosen;
}

/** Replace what stands in `node`; what was typed and where the focus was (by data-key) stay. */
export function redraw(node, ...children) {
  const at = node.contains(document.activeElement) ? document.activeElement : null;
  const row = at?.closest("[data-row]")?.dataset.row;
  const typed = [...node.querySelectorAll("input[data-key]")].map((field) => [field.dataset.key, field.value]);
  fill(node, children);
  const find = (key) => [...node.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
  for (const [key, value] of typed) {
    const field = find(key);
    if (field) field.value = value;
  }
  if (!at) return;
  const near = row && node.querySelector(`[data-row="${CSS.escape(row)}"] [data-key]`);
  (find(at.dataset.key) ?? near ?? node.querySelector("[data-key]"))?.focus({ preventScroll: true });
}

/** A fact and what can be done about it. `tone`: good, warn, bad or plain. */
export function fact(name, tone, value, ...deeds) {
  return el("div", { class: "fact", data: { row: name } },
    el("dt", {}, name),
    el("dd", { class: `is ${tone}` }, value),
    el("dd", { class: "deeds" }, deeds));
}

/** A group under a heading that can be folded. */
export function group(title, ...children) {
  return el("details", { class: "group", open: true }, el("summary", {}, el("h3", {}, title)),
    el("div", { role: "group", "aria-label": title }, children));
}

const TIME = { hour: "2-digit", minute: "2-digit" };
const formats = new Map();

/** In the zone of the person this tab acts as, like everything in Slack. */
function told(at, shape) {
  const timeZone = me()?.tz, key = `${timeZone} ${Object.keys(shape)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { ...shape, timeZone }));
  return formats.get(key).format(new Date(at));
}

export const clock = (at) => told(at, TIME);
export const exact = (at) => told(at, { ...TIME, second: "2-digit" });
export const day = (at) => told(at, { day: "numeric", month: "short", year: "numeric" });
