// Addresses within the page: #/archives/C0GENERAL, #/archives/C…/p1700000000000001, #/app/home, #/app/messages.

import { look, on, state, tell, ui } from "./store.js";
import { appPlace, isApp } from "./people.js";

const PERMALINK = /\/archives\/([A-Z0-9]+)(?:\/p(\d+)(\d{6}))?(?:\?thread_ts=[\d.]+)?$/;
const FIRST = "C0GENERAL";
let person = "";

export function startRouting() {
  addEventListener("hashchange", follow);
  on("hello", arrive);
  document.addEventListener("click", keepInside);
}

/** Open a channel, or the app's own pages. */
export function open(place, tab = "messages") {
  const wanted = isApp(place) ? `#/app/${tab}` : `#/archives/${place}`;
  if (location.hash === wanted) follow();
  else location.hash = wanted;
}

/** The address of a message, for whoever opens it. */
export function permalink(channelId, ts) {
  return `${location.origin}/#/archives/${channelId}/p${ts.replace(".", "")}`;
}

/** Show the replies under this message, or none. */
export function openThread(ts) {
  look({ thread: ts });
}

function arrive() {
  const changed = person !== "" && person !== state.me;
  const place = ui.place.startsWith("D") ? appPlace() : ui.place;
  person = state.me;
  if (!changed) return follow();
  if (!state.channels.has(place)) return open(FIRST);
  return look({ place, thread: place === ui.place ? ui.thread : null });
}

/** Look where the address points. */
function follow() {
  const app = /^#\/app\/(home|messages)$/.exec(location.hash);
  if (app) return look({ place: appPlace(), tab: app[1], thread: null });
  const [, channelId, seconds, count] = PERMALINK.exec(location.hash) ?? [];
  if (!channelId) return look(location.hash ? {} : { place: FIRST, thread: null });
  const ts = seconds ? `${seconds}.${count}` : null;
  const message = ts && state.channels.get(channelId)?.messages.get(ts);
  look({ place: channelId, tab: "messages", thread: message?.thread_ts ?? null });
  if (ts) tell("point", { ts, inThread: Boolean(message?.thread_ts) });
}

/** A link to a message, wherever it stands, opens here. */
function keepInside(event) {
  const link = event.target.closest?.("a[href]");
  const found = link && PERMALINK.exec(link.getAttribute("href"));
  if (!found || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const wanted = `#${found[0]}`;
  if (location.hash === wanted) follow();
  else location.hash = wanted;
}
