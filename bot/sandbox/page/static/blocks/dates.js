// Moments as the viewer's own zone has them.

import { me, state } from "../store.js";

/** The viewer's zone; the browser's when the person has none. */
export function zone() {
  return me()?.tz || Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function parts(date, options, locale = "en-GB") {
  return new Intl.DateTimeFormat(locale, { timeZone: zone(), ...options }).format(date);
}

/** "2026-11-22" as the viewer's calendar has it. */
export function day(date) {
  return parts(date, { year: "numeric", month: "2-digit", day: "2-digit" }, "en-CA");
}

function now() {
  return state.clock?.now ? new Date(state.clock.now) : new Date();
}

function pretty(date, otherwise) {
  const apart = Math.round((Date.parse(day(date)) - Date.parse(day(now()))) / 86_400_000);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[apart] ?? otherwise;
}

function ago(date) {
  const seconds = Math.round((date - now()) / 1000);
  const units = [["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? units[3];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}

const US = "en-US";
const WORDS = {
  date: (d) => parts(d, { year: "numeric", month: "long", day: "numeric" }, US),
  date_short: (d) => parts(d, { year: "numeric", month: "short", day: "numeric" }, US),
  date_long: (d) => parts(d, { weekday: "long", year: "numeric", month: "long", day: "numeric" }, US),
  date_num: day,
  date_slash: (d) => parts(d, { year: "numeric", month: "2-digit", day: "2-digit" }, US),
  day_divider_pretty: (d) => pretty(d, parts(d, { weekday: "long", month: "long", day: "numeric" }, US)),
  time: (d) => parts(d, { hour: "2-digit", minute: "2-digit" }),
  time_secs: (d) => parts(d, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  ago,
};
for (const name of ["date", "date_short", "date_long"]) {
  WORDS[`${name}_pretty`] = (d) => pretty(d, WORDS[name](d));
}

/** A `{date} at {time}` of Slack; the fallback when it cannot be written. */
export function written(epoch_s, form, fallback) {
  const date = new Date(Number(epoch_s) * 1000);
  if (Number.isNaN(date.getTime())) return fallback ?? "";
  return form.replace(/\{(\w+)\}/g, (whole, word) => WORDS[word]?.(date) ?? whole);
}

/** "2026-11-22T10:30" on the viewer's clock → seconds since 1970; null when it is not complete. */
export function epochOf(local) {
  const guess = Date.parse(`${local}Z`);
  if (Number.isNaN(guess)) return null;
  const first = guess - (Date.parse(`${localOf(guess / 1000)}Z`) - guess);
  return Math.floor((guess - (Date.parse(`${localOf(first / 1000)}Z`) - first)) / 1000);
}

/** Seconds since 1970 → "2026-11-22T10:30" on the viewer's clock. */
export function localOf(epoch_s) {
  const date = new Date(epoch_s * 1000);
  return `${day(date)}T${parts(date, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })}`;
}
