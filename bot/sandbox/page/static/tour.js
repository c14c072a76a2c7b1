// The tour of the first visit: a strip above everything, so that it covers nothing it speaks of.

import { el, fill } from "./dom.js";
import { focusWindow } from "./modal.js";
import { on } from "./store.js";
import { STEPS } from "./tour_steps.js";

const KEPT = "tour";
const HEARD = "hello message phones meta stack ui channel";

let region = null;
let at = -1; // the step; -1: no tour
let begun = null;
let marked = null;

export function startTour() {
  region = document.getElementById("tour");
  document.getElementById("tour-again").addEventListener("click", () => {
    go(0);
    region.querySelector("button").focus();
  });
  on(HEARD, heard);
  let isFirst = true;
  on("hello", () => {
    if (isFirst && localStorage.getItem(KEPT) !== "done") go(0);
    isFirst = false;
  });
}

function heard(frame) {
  if (at < 0 || at >= STEPS.length) return;
  if (STEPS[at].done(frame ?? {}, begun)) return go(at + 1);
  const says = region.querySelector(".tour-says"), now = STEPS[at].says();
  if (says.textContent !== now) says.textContent = now;
  return markSoon();
}

function go(step) {
  const hadFocus = region.contains(document.activeElement);
  at = step;
  begun = STEPS[at]?.begin?.() ?? null;
  region.hidden = false;
  fill(region, at < STEPS.length ? card(STEPS[at]) : farewell());
  if (at >= STEPS.length) localStorage.setItem(KEPT, "done");
  if (hadFocus) region.querySelector("button").focus();
  markSoon();
}

function end() {
  at = -1;
  localStorage.setItem(KEPT, "done");
  region.hidden = true;
  mark();
  goOn();
}

/** The strip has gone, and the focus with it: on to the window that is open, else to where one writes. */
function goOn() {
  if (focusWindow()) return;
  const places = ["#messages .write", "#messages .scroller", "#switch [aria-current='true']"];
  places.map((one) => document.querySelector(one)).find((one) => one?.checkVisibility())?.focus();
}

function card(step) {
  const count = `Step ${at + 1} of ${STEPS.length}`;
  return [
    el("div", { class: "tour-words", "aria-live": "polite" },
      el("p", {}, el("span", { class: "tour-count", text: count }), " ", el("strong", { text: step.title })),
      el("p", { class: "tour-says", text: step.says() })),
    el("div", { class: "tour-buttons" },
      step.help ? press(step.help.label, step.help.press, "primary") : null,
      press("Next", () => go(at + 1)),
      press("Skip the tour", end, "quiet")),
  ];
}

function farewell() {
  return [
    el("div", { class: "tour-words", "aria-live": "polite" },
      el("p", {}, el("strong", { text: "That was the tour." })),
      el("p", { text: "Everything else is yours to try: lose an SMS, skip ten minutes, take Meta down, stop the bot in the middle of it. The Inspector shows what travels." })),
    el("div", { class: "tour-buttons" }, press("Done", end, "primary")),
  ];
}

function press(label, click, more = "") {
  return el("button", { type: "button", class: `button small ${more}`, text: label, on: { click } });
}

/** After the panes have been laid out, and have scrolled to their end. */
function markSoon() {
  requestAnimationFrame(() => requestAnimationFrame(mark));
}

/** A ring around what the step speaks of. */
function mark() {
  const wanted = STEPS[at]?.look(begun) ?? null;
  if (wanted === marked && marked?.isConnected !== false) return;
  marked?.classList.remove("tour-target");
  wanted?.classList.add("tour-target");
  wanted?.scrollIntoView({ block: wanted.matches("button") ? "center" : "nearest" });
  marked = wanted;
}
