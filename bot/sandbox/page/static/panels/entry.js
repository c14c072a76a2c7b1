// One entry of the traffic: its line, and what is under it.

import { el } from "../dom.js";
import { state } from "../store.js";
import { exact } from "./parts.js";

const LATE_MS = 1000;
const WAYS = {
  envelope: ["→ bot", "Slack to the bot"],
  ack: ["bot →", "The bot acknowledges"],
  call: ["bot →", "The bot to Slack"],
  graph: ["bot ⇢", "The bot to Meta"],
  hook: ["⇢ bot", "Meta to the bot"],
  refusal: ["bot ✕", "The bot to Slack"],
  process: ["bot", "The bot"],
};

/** Sent and understood, and not done: the fake's own refusal, not a broken line. */
export function refused(entry) {
  const status = entry.detail?.status;
  return entry.kind === "refusal" || (entry.ok === false && status >= 200 && status < 500);
}

/** What the line shows, in pieces. */
export function head(entry) {
  const [arrow, way] = WAYS[entry.kind] ?? ["·", entry.who];
  const late = (entry.kind === "envelope" || entry.kind === "ack") && entry.ms > LATE_MS;
  const plain = entry.ok === true && !entry.note;
  return [
    el("span", { class: "at mono" }, exact(entry.at)),
    el("span", { class: `way ${entry.kind}`, "aria-hidden": "true" }, arrow),
    el("span", { class: "for-ears" }, ` ${way}: `),
    el("span", { class: "what", title: entry.what }, breakable(named(entry.what))),
    el("span", { class: late ? "ms late" : "ms" }, ` ${took(entry.ms)}${late ? " (slow)" : ""}${plain ? " ok" : ""}`),
    plain ? null : el("span", { class: `end ${tone(entry)}` }, ` ${result(entry)}`),
    (entry.problems ?? []).map((problem) => el("span", { class: "problem mono" }, problem)),
  ];
}

/** Without Graph's version, and names for ids of numbers, accounts, the app: “GET {Sales}/request_code”. */
function named(what) {
  const { numbers = [], accounts = [], apps = [] } = state.meta ?? {};
  const all = [...numbers, ...accounts, ...apps.map(({ id }) => ({ id, name: "our app" }))];
  return what.replace(/ \/v\d+\.\d+\//, " ").replace(/\d{12,}/g, (id) => {
    const one = all.find((known) => known.id === id);
    return one ? `{${one.name}}` : id;
  });
}

/** A long path breaks after a slash rather than within a word. */
function breakable(text) {
  return text.split(/(?<=[/}])/).flatMap((part) => [part, el("wbr")]);
}

function took(ms) {
  return ms === null || ms === undefined ? "" : `${Math.round(ms)} ms`;
}

function tone(entry) {
  return refused(entry) ? "refused" : entry.ok === false ? "failed" : "ok";
}

function result(entry) {
  if (refused(entry)) return `Refused${entry.note ? `: ${entry.note}` : ""}`;
  if (entry.ok === false) return `Failed${entry.note ? `: ${entry.note}` : ""}`;
  return entry.note || "waits";
}

/** What was sent and answered, as text. */
export function details(entry) {
  if (!Object.keys(entry.detail ?? {}).length) return el("p", { class: "soft" }, "Nothing more is known.");
  return el("pre", { tabindex: "0" }, JSON.stringify(entry.detail, null, 2));
}
