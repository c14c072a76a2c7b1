// One message, as a row of a channel or a thread.

import { el } from "./dom.js";
import { replies } from "./store.js";
import { renderBlocks, renderMarkdown } from "./blocks/index.js";
import { author, avatar, ears } from "./people.js";
import { clock, dayName, dayOf, fully, iso } from "./times.js";
import { openThread, permalink } from "./router.js";
import { hear } from "./live.js";

const TOGETHER_S = 300;

/** Rows for `messages` with a divider for each day; `unreadFrom`: the "New" line goes before this ts. */
export function rowsOf(channel, messages, { inThread = false, unreadFrom = null } = {}) {
  const items = [];
  const threads = inThread ? new Map() : counted(channel);
  let before = null;
  for (const message of messages) {
    const isNewDay = !before || dayOf(before.ts) !== dayOf(message.ts);
    if (isNewDay && !inThread) items.push(divider(`day ${dayOf(message.ts)}`, dayName(message.ts)));
    if (message.ts === unreadFrom) items.push(divider("new", "New", "is-new"));
    const follows = !isNewDay && message.ts !== unreadFrom && together(before, message);
    const thread = threads.get(message.ts);
    items.push({
      key: message.ts,
      stamp: [message, follows, thread?.count, thread?.last],
      draw: () => row(channel, message, { follows, inThread, thread }),
    });
    before = message;
  }
  return items;
}

function counted(channel) {
  const threads = new Map();
  for (const { thread_ts, ts } of channel.messages.values()) {
    if (thread_ts) threads.set(thread_ts, { count: (threads.get(thread_ts)?.count ?? 0) + 1, last: ts });
  }
  return threads;
}

function together(before, message) {
  return before.author === message.author && before.ephemeral === message.ephemeral
    && Number.parseFloat(message.ts) - Number.parseFloat(before.ts) < TOGETHER_S;
}

export function divider(key, text, more = "") {
  return { key, stamp: [text], draw: () => el("li", { class: `divider ${more}` }, el("span", { text })) };
}

function row(channel, message, { follows, inThread, thread }) {
  const who = author(message.author);
  return el(
    "li",
    { class: `message${follows ? " follows" : ""}${message.ephemeral ? " is-private" : ""}`, tabindex: "-1", data: { ts: message.ts } },
    follows ? el("span", { class: "gutter" }, time(message)) : avatar(who),
    el(
      "div",
      { class: "body" },
      follows ? ears(`${who.name}: `) : head(who, message),
      message.ephemeral ? el("p", { class: "only-you" }, el("span", { "aria-hidden": "true", text: "👁 " }), "Only visible to you") : null,
      el("div", { class: "content" }, content(channel, message)),
      message.edited ? el("span", { class: "edited", title: "This message was changed after it was posted", text: "(edited)" }) : null,
      message.trouble ? el("p", { class: "trouble", role: "alert" }, el("span", { "aria-hidden": "true", text: "⚠ " }), message.trouble) : null,
      thread && !inThread ? repliesButton(message, thread) : null,
    ),
    message.ephemeral ? null : tools(channel, message, inThread),
  );
}

function head(who, message) {
  return el(
    "h3",
    { class: "head" },
    el("strong", { text: who.name }),
    who.isApp ? el("span", { class: "badge", text: "APP" }) : null,
    time(message),
  );
}

function time(message) {
  return el("time", { datetime: iso(message.ts), title: fully(message.ts), text: clock(message.ts) });
}

function content(channel, message) {
  if (!message.blocks?.length) return el("p", { class: "text" }, renderMarkdown(message.text, {}));
  const on = { channel: channel.id, ts: message.ts };
  return renderBlocks(message.blocks, { surface: "message", on, values: message.values ?? {}, errors: {}, restore: false });
}

function repliesButton(message, { count, last }) {
  return el(
    "button",
    { type: "button", class: "replies", on: { click: () => openThread(message.ts) } },
    el("strong", { text: count === 1 ? "1 reply" : `${count} replies` }),
    el("span", { class: "soft", text: ` last at ${clock(last)}` }),
  );
}

function tools(channel, message, inThread) {
  const reply = tool("↩", "Reply in thread", () => openThread(message.ts));
  const copy = tool("🔗", "Copy link", () => copyLink(copy, channel, message));
  return el("div", { class: "tools" }, inThread ? null : reply, copy);
}

/** Its sign stands alone where the pane is narrow. */
function tool(sign, text, click) {
  return el("button", { type: "button", class: "tool", title: text, on: { click } },
    el("span", { class: "tool-sign", "aria-hidden": "true", text: sign }), el("span", { class: "tool-text", text }));
}

async function copyLink(button, channel, message) {
  const link = permalink(channel.id, message.ts);
  try {
    await navigator.clipboard.writeText(link);
    const said = button.querySelector(".tool-text"), text = said.textContent;
    said.textContent = "Copied";
    hear("The link is copied.");
    setTimeout(() => { said.textContent = text; }, 1500);
  } catch {
    const field = el("input", { class: "field", readonly: true, "aria-label": "Link to this message", value: link });
    button.replaceWith(field);
    field.select();
    field.focus();
  }
}

/** Put the eye on a row for a moment, and the focus. */
export function point(node) {
  node.scrollIntoView({ block: "center" });
  node.focus({ preventScroll: true });
  node.classList.add("is-pointed");
  setTimeout(() => node.classList.remove("is-pointed"), 4000);
}

/** Root and replies of a thread, or nothing when the root is gone. */
export function threadOf(channel, ts) {
  const root = channel?.messages.get(ts);
  return root ? [root, ...replies(channel, ts)] : [];
}
