// What has to be said over the whole page: the sandbox does not answer, the bot is stopped.

import { el, fill } from "./dom.js";
import { hear } from "./live.js";
import { turn } from "./panels/parts.js";
import { on, state } from "./store.js";

const PATIENCE_MS = 700;
let waiting = 0;
let isLost = false;

export function startBanners() {
  on("link", ({ linked }) => {
    clearTimeout(waiting);
    if (!linked) waiting = setTimeout(() => mark(true), PATIENCE_MS);
    else mark(false);
  });
  on("bot hello", draw);
}

function mark(lost) {
  isLost = lost;
  draw();
}

function draw() {
  fill(document.getElementById("banners"), isLost ? lost() : stopped());
}

function lost() {
  return el("p", { class: "banner bad" }, "The sandbox does not answer. Start it again with ", el("code", { text: "make demo" }), "; this page comes back by itself.");
}

function stopped() {
  if (!state.bot || state.bot.running) return null;
  if (state.bot.starting) return el("p", { class: "banner" }, "The bot is starting …");
  const start = el("button", { type: "button", class: "button small", text: "Start", on: { click: () => turn(hear, ["bot", { do: "start" }]) } });
  return el("p", { class: "banner warn" }, "The bot is stopped. Whatever you do in Slack now goes unanswered. ", start);
}
