// Which parts are on the screen: four columns when there is room, one at a time when there is not.

import { el, fill } from "./dom.js";
import { look, on, state, ui } from "./store.js";
import { hasThread } from "./thread.js";
import { unread } from "./unread.js";

const PANELS = { phone: "Phone", meta: "Meta", inspector: "Inspector" };
const PANES = { channels: "Channels", messages: "Messages", ...PANELS };
const narrow = matchMedia("(max-width: 899px)");
const tight = matchMedia("(max-width: 1199px)");

const byId = (id) => document.getElementById(id);
let pane = "messages"; // the one that is shown when there is room for one
let heard = 0; // how much has arrived on the phones
let missed = 0; // and how much of it since somebody looked

export function startLayout() {
  narrow.addEventListener("change", arrange);
  tight.addEventListener("change", arrange);
  fill(byId("side-tabs"), Object.entries(PANELS).map(([id, name]) => tab(id, name)));
  fill(byId("switch"), Object.entries(PANES).map(([id, name]) => switcher(id, name)));
  byId("side-tabs").addEventListener("keydown", arrows);
  on("ui", (change) => {
    if (change.panel) pane = change.panel;
    else if (change.place || change.thread) pane = "messages";
  });
  on("phones hello", countPhones);
  on("stack hello", coverSlack);
  on("hello ui channel message gone read phones", arrange);
  arrange();
}

/** Show a panel or a pane, wherever it is at this width. */
export function show(id) {
  pane = id;
  if (id in PANELS) look({ panel: id });
  else arrange();
}

function arrange() {
  const isNarrow = narrow.matches;
  const isThread = hasThread();
  const isPanel = pane in PANELS;
  byId("channels").hidden = isNarrow && pane !== "channels";
  byId("thread").hidden = !isThread || (isNarrow && pane !== "messages");
  byId("messages").hidden = (isNarrow && pane !== "messages") || (isThread && tight.matches);
  byId("side").hidden = isNarrow && !isPanel;
  byId("windows").hidden = !state.stack.length || (isNarrow && isPanel);
  for (const id of Object.keys(PANELS)) byId(id).hidden = ui.panel !== id;
  document.body.classList.toggle("has-thread", isThread);
  drawTabs();
}

/** While a window is open nothing else of Slack can be used; the phone and the rest of the world can. */
function coverSlack() {
  if (state.stack.length && narrow.matches && byId("windows").hidden) pane = "messages";
  arrange();
  const isCovered = state.stack.length > 0;
  const cover = () => ["channels", "messages", "thread"].forEach((id) => { byId(id).inert = state.stack.length > 0; });
  // A window that opens first takes the focus, and notes where it came from; one that closes gives it back.
  if (isCovered) queueMicrotask(cover);
  else cover();
}

function drawTabs() {
  if (ui.panel === "phone" && !byId("side").hidden) missed = 0;
  const news = { phone: missed, channels: [...state.channels.values()].reduce((sum, channel) => sum + unread(channel).length, 0) };
  for (const button of document.querySelectorAll("[data-shows]")) {
    const id = button.dataset.shows;
    const isHere = button.role === "tab" ? ui.panel === id : pane === id;
    if (button.role === "tab") {
      button.setAttribute("aria-selected", String(isHere));
      button.tabIndex = isHere ? 0 : -1;
    } else button.setAttribute("aria-current", String(isHere));
    const count = news[id] || 0;
    button.lastChild.hidden = !count;
    fill(button.lastChild, count ? [String(count), el("span", { class: "for-ears", text: " new" })] : null);
  }
}

const fresh = () => el("span", { class: "count", hidden: true });

function tab(id, name) {
  return el("button", {
    type: "button", role: "tab", class: "tab", "aria-controls": id, data: { shows: id }, on: { click: () => show(id) },
  }, name, fresh());
}

function switcher(id, name) {
  return el("button", { type: "button", class: "tab", data: { shows: id }, on: { click: () => show(id) } }, name, fresh());
}

function arrows(event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const tabs = [...byId("side-tabs").children];
  const next = tabs[(tabs.indexOf(document.activeElement) + by + tabs.length) % tabs.length];
  next.focus();
  show(next.dataset.shows);
}

/** A code that arrives while a window waits for it is shown. */
function countPhones(frame) {
  const now = state.phones.reduce((sum, phone) => sum + phone.messages.length, 0);
  if (frame.kind !== "hello" && now > heard) {
    missed += now - heard;
    if (state.stack.length && !narrow.matches) look({ panel: "phone" });
  }
  heard = now;
}
