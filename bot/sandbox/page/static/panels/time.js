// The sandbox's time: what it is there, and letting some of it pass.

import { el, freshId } from "../dom.js";
import { on, state } from "../store.js";
import { button, day, exact, group, turn } from "./parts.js";

const STEPS = [
  ["+1 minute", 60], ["+10 minutes", 600], ["+1 hour", 3600], ["+1 day", 86400], ["+30 days", 2592000],
];
const UNITS = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];

/** The group "Time". */
export function timeGroup(say) {
  const now = el("p", { class: "now" });
  const skipped = el("p", { class: "soft" });
  const id = freshId("skip");
  const field = el("input", { id, class: "field", type: "number", min: "1", max: "500000", step: "1", value: "5" });
  const skip = async (seconds, words) => {
    if (await turn(say, ["time", { skip_s: seconds }])) say(`${words} passed.`);
  };
  const typed = (event) => {
    event.preventDefault();
    skip(field.valueAsNumber * 60 || 0, `${field.value} minutes`);
  };
  let ahead_ms = 0;
  const draw = () => {
    const at = Date.now() + ahead_ms;
    now.textContent = `It is ${exact(at)} on ${day(at)}.`;
  };
  on("hello clock", () => {
    ahead_ms = new Date(state.clock.now).getTime() - Date.now();
    skipped.textContent = state.clock.skipped_s ? `Skipped so far: ${span(state.clock.skipped_s)}.` : "Nothing skipped yet.";
    draw();
  });
  setInterval(draw, 1000);
  return group("Time", now, skipped,
    el("div", { class: "deeds" }, STEPS.map(([text, seconds]) => button(text, text, () => skip(seconds, text.slice(1))))),
    el("form", { class: "line", on: { submit: typed } },
      el("label", { for: id }, "Minutes to skip"), field, el("button", { class: "button small" }, "Skip")));
}

/** “1 day 2 hours”; what is less than a second is nothing. */
export function span(seconds) {
  let left = Math.round(seconds);
  const parts = [];
  for (const [size, unit] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count) parts.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
  }
  return parts.join(" ") || "0 seconds";
}
