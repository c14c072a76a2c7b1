// The region "Messages": a channel, or the app's Home, with the composer below.

import { el, fill } from "./dom.js";
import { on, roots, state, ui } from "./store.js";
import { isApp, myName, sign, title } from "./people.js";
import { composer } from "./composer.js";
import { homeTab } from "./home.js";
import { keyed } from "./keyed.js";
import { markRead, unread } from "./unread.js";
import { point, rowsOf } from "./row.js";

const NEAR_PX = 48;
const ROOM_PX = 8;
const LONG = 100;

const pane = {};
let shown = ""; // person and place that stand there now
let unreadFrom = null;
let isAtEnd = true;
let lastTop = 0;
let newestTs = "";
let isHeadSeen = true; // the newest message's first line is in sight

export function mountMessages(region) {
  pane.title = el("h2", { class: "pane-title" });
  pane.list = el("ol", { class: "rows" });
  pane.empty = el("p", { class: "empty soft" });
  pane.scroller = el("div", { class: "scroller", tabindex: "0", role: "group", "aria-label": "Conversation" }, pane.empty, pane.list);
  pane.newest = el("button", { type: "button", class: "newest", hidden: true, text: "New messages", on: { click: toEnd } });
  pane.composer = composer({ label: "Message", send: "Send", target: () => ({ channel: ui.place }), sent: toEnd });
  pane.home = homeTab();
  pane.nowhere = el("p", { class: "empty" });
  pane.rows = keyed(pane.list);
  fill(region, el("header", { class: "pane-head" }, pane.title), pane.nowhere, pane.scroller, pane.newest, pane.home.node, pane.composer.node);
  pane.scroller.addEventListener("scroll", scrolled, { passive: true });
  const sizes = new ResizeObserver(() => { if (isAtEnd) settle(); });
  sizes.observe(pane.list);
  sizes.observe(pane.scroller);
  document.addEventListener("visibilitychange", seen);
  on("hello ui", draw);
  on("channel message gone", (frame) => { if ((frame.channel.id ?? frame.channel) === ui.place) draw(); });
  on("point", ({ ts, inThread }) => { if (!inThread) pointAt(ts); });
}

function draw() {
  const channel = state.channels.get(ui.place);
  const isHome = Boolean(channel) && isApp(ui.place) && ui.tab === "home";
  const wanted = `${state.me} ${ui.place} ${isHome}`;
  const isNew = shown !== wanted;
  shown = wanted;
  drawTitle(channel, isHome);
  pane.nowhere.hidden = Boolean(channel);
  pane.scroller.hidden = isHome || !channel;
  pane.composer.node.hidden = isHome || !channel;
  pane.home.show(isHome, isNew);
  if (!channel) pane.nowhere.textContent = `${myName()} cannot see this channel. Act as somebody who is in it, or choose another.`;
  if (!channel || isHome) return void (pane.newest.hidden = true);
  if (isNew) arrive(channel);
  drawRows(channel);
  pane.composer.update(channel);
}

function drawTitle(channel, isHome) {
  if (!channel) return fill(pane.title, "Not your channel");
  if (isApp(channel.id)) return fill(pane.title, title(channel), el("span", { class: "soft", text: isHome ? " Home" : " Messages" }));
  const lock = channel.kind === "private" ? sign(channel) : null;
  fill(pane.title, lock, lock ? " " : null, title(channel), channel.archived ? el("span", { class: "soft", text: " archived" }) : null);
}

function arrive(channel) {
  pane.rows.clear();
  unreadFrom = unread(channel)[0]?.ts ?? null;
  isAtEnd = true;
  newestTs = "";
}

function drawRows(channel) {
  const messages = roots(channel);
  const newOnes = unread(channel);
  if (!isAtEnd && unreadFrom === null && newOnes.length) unreadFrom = newOnes[0].ts;
  pane.list.classList.toggle("is-long", messages.length > LONG);
  pane.rows.show(rowsOf(channel, messages, { unreadFrom }));
  pane.empty.hidden = messages.length > 0;
  if (!messages.length) fill(pane.empty, "Nothing has been said here yet. Type ", el("kbd", { text: "/" }), " to see what the app can do.");
  pane.newest.hidden = isAtEnd || newOnes.length === 0;
  if (isAtEnd) settle();
}

function toEnd() {
  isAtEnd = true;
  isHeadSeen = true;
  settle();
}

/** Follow the end; but a newest message that is taller than the pane is read from its first line on. */
function settle() {
  const { lastElementChild: newest } = pane.list;
  if (newest?.dataset.ts !== newestTs) isHeadSeen = true;
  newestTs = newest?.dataset.ts;
  const end = pane.scroller.scrollHeight - pane.scroller.clientHeight;
  pane.scroller.scrollTop = isHeadSeen && newest ? Math.min(end, topOf(newest)) : end;
  lastTop = pane.scroller.scrollTop;
  pane.newest.hidden = true;
  seen();
}

/** How far to scroll until this row is the first in sight. */
function topOf(row) {
  return row.getBoundingClientRect().top - pane.scroller.getBoundingClientRect().top + pane.scroller.scrollTop - ROOM_PX;
}

function scrolled() {
  const { scrollTop, scrollHeight, clientHeight } = pane.scroller;
  if (pane.list.lastElementChild) isHeadSeen = topOf(pane.list.lastElementChild) >= scrollTop - ROOM_PX;
  if (scrollHeight - scrollTop - clientHeight < NEAR_PX) isAtEnd = true;
  else if (scrollTop < lastTop || !isHeadSeen) isAtEnd = false;
  lastTop = scrollTop;
  if (isAtEnd) pane.newest.hidden = true;
  seen();
}

/** Whoever looks at the end has read it. */
function seen() {
  const channel = state.channels.get(ui.place);
  const isLooking = !document.hidden && !pane.scroller.hidden && pane.scroller.offsetParent !== null;
  if (channel && isAtEnd && isLooking && unread(channel).length) markRead(channel);
}

function pointAt(ts) {
  pane.rows.all();
  const node = pane.rows.node(ts);
  if (!node) return;
  isAtEnd = false;
  point(node);
  lastTop = pane.scroller.scrollTop;
}

/** Put words into the composer, as if typed. */
export function typeIntoMessage(text) {
  pane.composer.type(text);
}
