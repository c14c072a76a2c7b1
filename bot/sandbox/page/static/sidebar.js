// The region "Channels": where this person can look, and what is new there.

import { el, fill } from "./dom.js";
import { on, state, ui } from "./store.js";
import { appPlace, ears, isApp, sign, title } from "./people.js";
import { open } from "./router.js";
import { unread } from "./unread.js";

let region = null;

export function mountSidebar(into) {
  region = into;
  on("hello channel message gone ui read", draw);
}

function draw() {
  const focused = region.contains(document.activeElement) ? document.activeElement.dataset.place : null;
  const channels = [...state.channels.values()];
  const direct = channels.filter((channel) => channel.kind === "im" && !isApp(channel.id));
  fill(
    region,
    el("p", { class: "team", text: state.team.name ?? "" }),
    group("Channels", channels.filter((channel) => channel.kind !== "im").sort(byName).map(channelEntry)),
    direct.length ? group("Direct messages", direct.map(channelEntry)) : null,
    state.channels.has(appPlace()) ? group("Apps", [
      el("li", { class: "app-name" }, el("span", { class: "app-dot", "aria-hidden": "true" }), state.app.name),
      appEntry("home", "Home"),
      appEntry("messages", "Messages"),
    ]) : null,
  );
  if (focused) region.querySelector(`[data-place="${focused}"]`)?.focus();
}

const byName = (a, b) => Number(a.archived) - Number(b.archived) || a.name.localeCompare(b.name);

function group(name, entries) {
  return [el("h2", { class: "side-head", text: name }), el("ul", {}, entries)];
}

function channelEntry(channel) {
  const label = channel.kind === "im" ? title(channel) : channel.name;
  const ended = channel.archived ? el("span", { class: "soft small", text: " archived" }) : null;
  const before = el("span", { class: "sign" }, channel.kind === "im" ? null : sign(channel));
  return entry(channel.id, ui.place === channel.id, [before, el("span", {}, label, ended)], unread(channel).length, () => open(channel.id));
}

function appEntry(tab, label) {
  const count = tab === "messages" ? unread(state.channels.get(appPlace())).length : 0;
  const isHere = isApp(ui.place) && ui.tab === tab;
  return entry(`app-${tab}`, isHere, [el("span", { class: "sign" }), el("span", { text: label })], count, () => open(appPlace(), tab));
}

function entry(place, isHere, label, count, click) {
  const news = count && [
    el("span", { class: "count", "aria-hidden": "true", text: count > 99 ? "99+" : count }),
    ears(`, ${count} unread`),
  ];
  return el("li", {}, el("button", {
    type: "button",
    class: count ? "place has-news" : "place",
    "aria-current": isHere ? "page" : null,
    data: { place },
    on: { click },
  }, label, news || null));
}
