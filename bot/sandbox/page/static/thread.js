// The region "Thread": a message, its replies, and a composer of its own.

import { el, fill } from "./dom.js";
import { look, on, state, ui } from "./store.js";
import { composer } from "./composer.js";
import { divider, point, rowsOf, threadOf } from "./row.js";
import { keyed } from "./keyed.js";
import { title } from "./people.js";

const pane = {};
let shown = "";

export function mountThread(region) {
  pane.region = region;
  pane.where = el("span", { class: "soft" });
  pane.list = el("ol", { class: "rows" });
  pane.scroller = el("div", { class: "scroller", tabindex: "0", role: "group", "aria-label": "Replies" }, pane.list);
  pane.composer = composer({
    label: "Reply in thread",
    send: "Send reply",
    target: () => ({ channel: ui.place, thread_ts: ui.thread }),
  });
  pane.rows = keyed(pane.list);
  const shut = el("button", { type: "button", class: "button quiet small", "aria-label": "Close the thread", text: "✕", on: { click: close } });
  fill(region, el("header", { class: "pane-head" }, el("h2", { class: "pane-title" }, "Thread ", pane.where), shut), pane.scroller, pane.composer.node);
  region.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  });
  on("hello ui channel message gone", draw);
  on("point", ({ ts, inThread }) => {
    if (!inThread) return;
    pane.rows.all();
    const node = pane.rows.node(ts);
    if (node) point(node);
  });
}

function draw() {
  const channel = state.channels.get(ui.place);
  const messages = ui.thread ? threadOf(channel, ui.thread) : [];
  const wanted = messages.length ? `${state.me} ${ui.place} ${ui.thread}` : "";
  const isNew = wanted !== shown;
  shown = wanted;
  if (isNew) pane.rows.clear();
  if (!wanted) return;
  pane.where.textContent = title(channel);
  const isAtEnd = isNew || pane.scroller.scrollHeight - pane.scroller.scrollTop - pane.scroller.clientHeight < 48;
  const rows = rowsOf(channel, messages, { inThread: true });
  const count = messages.length - 1;
  if (count) rows.splice(1, 0, divider("count", count === 1 ? "1 reply" : `${count} replies`));
  pane.rows.show(rows);
  pane.composer.update(channel);
  if (isAtEnd) requestAnimationFrame(() => { pane.scroller.scrollTop = pane.scroller.scrollHeight; });
  if (isNew) requestAnimationFrame(() => pane.composer.focus());
}

/** Whether there is a thread to show. */
export const hasThread = () => Boolean(ui.thread && state.channels.get(ui.place)?.messages.has(ui.thread));

function close() {
  const opener = document.querySelector(`#messages [data-ts="${ui.thread}"]`);
  look({ thread: null });
  opener?.focus({ preventScroll: true });
}
