// Who somebody is, and how people, the app and channels are shown.

import { el } from "./dom.js";
import { me, state } from "./store.js";

const COLOURS = 8;

/** {id, name, isApp} of a message's author, who may be a person, the app, or nobody we know. */
export function author(id) {
  if (id === state.app.user || id === state.app.id) return { id, name: state.app.name, isApp: true };
  const person = state.people.find((one) => one.id === id);
  if (person) return { id, name: person.real_name || person.name, isApp: person.is_bot };
  return { id, name: (state.names[id] ?? id).replace(/^@/, ""), isApp: false };
}

/** A square with initials. Said by the name beside it, so not said twice. */
export function avatar({ id, name, isApp }) {
  const sum = [...id].reduce((total, letter) => (total * 31 + letter.codePointAt(0)) % 9973, 7);
  const initials = name.split(/\s+/).slice(0, 2).map((word) => word[0] ?? "").join("").toUpperCase();
  const colour = isApp ? "is-app" : `c${sum % COLOURS}`;
  return el("span", { class: `avatar ${colour}`, "aria-hidden": "true", text: initials });
}

/** The id of the direct message between the app and whoever this tab acts as. */
export function appPlace() {
  return `D${state.me.slice(1)}`;
}

export const isApp = (channelId) => channelId === appPlace();

/** "#general", "WhatsApp Desk", "Maya Stern" */
export function title(channel) {
  if (isApp(channel.id)) return state.app.name ?? "The app";
  return channel.kind === "im" ? channel.name.replace(/^dm-/, "") : `#${channel.name}`;
}

/** What goes before a channel's name. */
export function sign(channel) {
  if (channel.kind === "private") return [el("span", { "aria-hidden": "true", text: "🔒" }), ears("private ")];
  return el("span", { "aria-hidden": "true", text: "#" });
}

/** Text for screen readers only. */
export const ears = (text) => el("span", { class: "for-ears", text });

/** "Ana Ruiz" */
export const myName = () => me()?.real_name ?? state.me;

/** People somebody can act as: no bots. */
export const actors = () => state.people.filter((person) => !person.is_bot && person.role !== "app");
