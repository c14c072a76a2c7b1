// A message's time in the zone of the person who reads it.

import { me, state } from "./store.js";

const made = new Map();

function written(when, options) {
  const zone = me()?.tz || "UTC";
  const key = zone + JSON.stringify(options);
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }));
  return made.get(key).format(when);
}

const when = (ts) => new Date(Number.parseFloat(ts) * 1000);
const DAY = { year: "numeric", month: "2-digit", day: "2-digit" };

/** "14:05" */
export const clock = (ts) => written(when(ts), { hour: "2-digit", minute: "2-digit" });

/** "Monday, 3 March 2025 at 14:05:09" with the zone's name */
export const fully = (ts) => written(when(ts), { dateStyle: "full", timeStyle: "long" });

export const iso = (ts) => when(ts).toISOString();

/** The same for two messages of one day. */
export const dayOf = (ts) => written(when(ts), DAY);

/** "Today", "Yesterday", "Monday 3 March" */
export function dayName(ts) {
  const now = new Date(state.clock.now || Date.now());
  const yesterday = new Date(now.getTime() - 86_400_000);
  const day = dayOf(ts);
  if (day === written(now, DAY)) return "Today";
  if (day === written(yesterday, DAY)) return "Yesterday";
  return written(when(ts), { weekday: "long", day: "numeric", month: "long" });
}
