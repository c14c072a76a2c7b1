// What each person has not read yet, as long as the page is open.

import { on, roots, state, tell } from "./store.js";

const read = new Map(); // person/channel → ts of the newest that was read
let since = ""; // what stood there when the page was opened counts as read

export function startCounting() {
  on("hello", () => {
    if (since) return;
    for (const channel of state.channels.values()) {
      for (const ts of channel.messages.keys()) if (ts > since) since = ts;
    }
    const now = String(Math.floor(new Date(state.clock.now || Date.now()).getTime() / 1000));
    if (now > since) since = now;
  });
}

const key = (channel) => `${state.me}/${channel.id}`;

/** The newest this person has read there. */
export const readUntil = (channel) => read.get(key(channel)) ?? since;

/** Messages that arrived since, by others. */
export function unread(channel) {
  const until = readUntil(channel);
  return roots(channel).filter((message) => message.ts > until && message.author !== state.me);
}

/** Everything in it has been looked at. */
export function markRead(channel) {
  const newest = roots(channel).at(-1)?.ts ?? "";
  if (newest <= readUntil(channel)) return;
  read.set(key(channel), newest);
  tell("read", { channel: channel.id });
}
