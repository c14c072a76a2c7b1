// What is pressed: buttons, menus of deeds, feedback.

import { el, freshId } from "../dom.js";
import { state } from "../store.js";
import { press } from "./send.js";
import { words } from "./texts.js";

function pressed(form, block, element, value) {
  return (event) => press(form, block, element, value, event.currentTarget);
}

function ours(element) {
  return !element.visible_to_user_ids || element.visible_to_user_ids.includes(state.me);
}

// An address on this machine is part of the sandbox, such as its Meta's login; any other one is only shown.
function isHere(address) {
  const url = URL.canParse(address ?? "") ? new URL(address) : null;
  return url !== null && /^https?:$/.test(url.protocol) && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
}

export function button(element, form, block) {
  if (!ours(element)) return null;
  const opens = isHere(element.url);
  const told = pressed(form, block, element, null);
  return el("button", {
    type: "button",
    class: `button ${element.style ?? ""}`.trim(),
    "aria-label": element.accessibility_label ?? null,
    title: element.url ? (opens ? "Opens in a new tab" : `Slack would open ${element.url}`) : null,
    data: { action: element.action_id ?? "" },
    on: {
      click: (event) => {
        if (opens) window.open(element.url, "_blank", "noopener,noreferrer");
        told(event);
      },
    },
  }, words(element.text), element.url ? el("span", { class: "away", "aria-hidden": "true", text: " ↗" }) : null);
}

export function iconButton(element, form, block) {
  if (!ours(element)) return null;
  return el("button", {
    type: "button", class: "button icon", title: words(element.text),
    "aria-label": element.accessibility_label ?? words(element.text),
    data: { action: element.action_id ?? "" },
    on: { click: pressed(form, block, element, null) },
  }, element.icon === "trash" ? "🗑️" : words(element.text));
}

export function feedback(element, form, block) {
  const one = (shown, sign) => el("button", {
    type: "button", class: "button icon", title: words(shown.text),
    "aria-label": shown.accessibility_label ?? words(shown.text),
    on: { click: pressed(form, block, element, shown.value) },
  }, sign);
  return el("span", { class: "row", role: "group", "aria-label": "Feedback" },
    one(element.positive_button, "👍"), one(element.negative_button, "👎"));
}

/** “…”: a menu of deeds. Arrow keys walk, Escape closes. */
export function overflow(element, form, block) {
  const id = freshId("m");
  const items = element.options.map((option) => el("button", {
    type: "button", role: "menuitem", tabindex: "-1", class: "menu-item",
    on: { click() { shut(); press(form, block, element, option, opener); } },
  }, words(option.text), option.description ? el("span", { class: "soft", text: words(option.description) }) : null));
  const menu = el("div", { id, class: "menu", role: "menu", "aria-label": "More actions", hidden: true }, items);
  const opener = el("button", {
    type: "button", class: "button icon", "aria-label": "More actions", "aria-haspopup": "menu",
    "aria-expanded": "false", "aria-controls": id, data: { action: element.action_id ?? "" },
    on: { click: () => (menu.hidden ? open() : shut()) },
  }, "⋯");
  const holder = el("span", { class: "overflow" }, opener, menu);
  function open() {
    menu.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    items[0].focus();
  }
  function shut() {
    menu.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
  }
  holder.addEventListener("keydown", (event) => walked(event, menu, items, shut));
  holder.addEventListener("focusout", (event) => {
    if (holder.contains(event.relatedTarget)) return;
    menu.hidden = true;
    opener.setAttribute("aria-expanded", "false");
  });
  return holder;
}

function walked(event, menu, items, shut) {
  if (menu.hidden) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") shut();
  else if (step) items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
