// The live traffic, newest at the bottom; it only ever grows, so that it stays smooth.

import { el, fill, freshId } from "../dom.js";
import { on, state } from "../store.js";
import { details, head, refused } from "./entry.js";
import { button, chooser, options } from "./parts.js";

const MOST = 500;
const SHOW = {
  all: ["All traffic", () => true],
  in: ["Slack to the bot", (one) => one.kind === "envelope" || one.kind === "ack"],
  out: ["The bot to Slack", (one) => one.kind === "call" || one.kind === "refusal"],
  graph: ["Graph (Meta)", (one) => one.kind === "graph"],
  bad: ["Refusals only", refused],
};

/** Draw the traffic into the region. */
export function mount(region) {
  const rows = new Map(); // n → { entry, row }
  const list = el("ol", { class: "traffic" });
  const pane = el("div", { class: "traffic-pane", tabindex: "0", role: "group", "aria-label": "Traffic" }, list);
  const id = freshId("find");
  const view = { show: "all", find: "", paused: false, follows: true, queue: [] };
  const { select, node: choose } = chooser("Show", freshId("show"), (value) => { view.show = value; filter(); });
  options(select, Object.entries(SHOW).map(([value, [text]]) => [value, text]), view.show);
  const seek = () => {
    view.find = search.value.trim().toLowerCase();
    filter();
  };
  const search = el("input", { id, class: "field", type: "search", on: { input: seek } });
  const pause = button("Pause", "Pause", () => hold(), { pressed: false });
  const count = el("p", { class: "soft traffic-count" });

  const found = (entry) => !view.find || JSON.stringify(entry).toLowerCase().includes(view.find);
  const passes = ({ entry }) => SHOW[view.show][1](entry) && found(entry);
  function filter() {
    for (const one of rows.values()) one.row.hidden = !passes(one);
    tell();
    pane.scrollTop = pane.scrollHeight;
  }
  function tell() {
    const all = view.show === "all" && !view.find;
    const shown = all ? rows.size : [...rows.values()].filter((one) => !one.row.hidden).length;
    count.textContent = all ? `${rows.size} entries` : `${shown} of ${rows.size} entries`;
  }
  function add(entry, into) {
    const known = rows.get(entry.n);
    const one = { entry, row: draw(entry, known?.row) };
    rows.set(entry.n, one);
    one.row.hidden = !passes(one);
    if (!known) into.append(one.row);
  }
  function flush() {
    if (view.paused || !view.queue.length) return;
    const fresh = document.createDocumentFragment();
    for (const entry of view.queue.splice(0)) add(entry, fresh);
    list.append(fresh);
    for (const [n, one] of rows) {
      if (rows.size <= MOST) break;
      one.row.remove();
      rows.delete(n);
    }
    tell();
    // Whoever reads an entry is not carried away from it.
    if (view.follows && !list.contains(document.activeElement)) pane.scrollTop = pane.scrollHeight;
  }
  function take(entries) {
    const first = !view.queue.length;
    view.queue.push(...entries);
    if (view.queue.length > MOST) view.queue.splice(0, view.queue.length - MOST);
    if (view.paused) pause.textContent = `Pause (${view.queue.length} waiting)`;
    else if (first) requestAnimationFrame(flush);
  }
  function hold() {
    view.paused = !view.paused;
    pause.setAttribute("aria-pressed", String(view.paused));
    pause.textContent = "Pause";
    flush();
  }
  function clear() {
    rows.clear();
    view.queue = [];
    fill(list);
    tell();
  }
  region.append(el("div", { class: "panel-top" }, el("h2", { class: "panel-head" }, "Inspector"),
    el("div", { class: "deeds" }, pause, button("Clear", "Clear", clear))),
  el("div", { class: "filters" }, choose, el("div", { class: "choose" }, el("label", { for: id }, "Search"), search)),
  pane, count);
  // Drawn while another panel was shown: its end is where the eye belongs when it comes.
  new ResizeObserver(() => { if (view.follows) pane.scrollTop = pane.scrollHeight; }).observe(pane);
  pane.addEventListener("scroll", () => {
    if (!pane.clientHeight) return;
    view.follows = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 60;
  }, { passive: true });
  on("hello", () => {
    clear();
    take(state.traffic);
  });
  on("traffic", (frame) => take(frame.entries));
}

/** A row; an older one of the same entry is changed in place and stays open if it was. */
function draw(entry, row = el("li")) {
  const open = row.querySelector("[aria-expanded]")?.getAttribute("aria-expanded") === "true";
  const focused = row.contains(document.activeElement);
  const id = row.id || freshId("entry");
  row.id = id;
  row.className = refused(entry) || entry.ok === false ? "entry bad" : "entry";
  const body = el("div", { id: `${id}-body`, class: "entry-body", hidden: !open }, open ? details(entry) : null);
  const toggle = el("button", {
    type: "button", class: "entry-head", "aria-expanded": String(open), "aria-controls": `${id}-body`,
    on: { click: () => {
      const opens = body.hidden;
      if (opens) fill(body, details(entry));
      body.hidden = !opens;
      toggle.setAttribute("aria-expanded", String(opens));
      if (opens) row.scrollIntoView({ block: "nearest" });
    } },
  }, head(entry));
  fill(row, toggle, body);
  if (focused) toggle.focus({ preventScroll: true });
  return row;
}
