// What screen readers are told when something arrives.

import { on, state } from "./store.js";
import { renderMarkdown } from "./blocks/index.js";
import { author, title } from "./people.js";

const MOST = 240;
let newest = "";

export function startTelling() {
  on("hello", () => { newest = ""; });
  on("message", ({ channel: id, message }) => {
    const channel = state.channels.get(id);
    if (!channel || message.author === state.me || message.ts <= newest) return;
    newest = message.ts;
    if (Number.parseFloat(message.ts) * 1000 < Date.parse(state.clock.now) - 60_000) return;
    const box = document.createElement("p");
    box.append(renderMarkdown(message.text ?? "", {}));
    hear(`${author(message.author).name} in ${title(channel)}: ${box.textContent.slice(0, MOST)}`);
  });
}

/** Say it politely. */
export function hear(text) {
  document.getElementById("live").textContent = text;
}
