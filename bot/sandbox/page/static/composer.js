// Where a person writes: a text box that sends, suggests, and recalls the last commands.

import { el, fill, freshId } from "./dom.js";
import { act } from "./net.js";
import { state, ui } from "./store.js";
import { myName, title } from "./people.js";
import { suggesting } from "./suggest.js";

const MOST_ROWS_PX = 180;
const sent = new Map(); // person → what they sent, oldest first

/** `label`, `send`: the names of the text box and its button; `target()`: where it goes; `sent()`: it went. */
export function composer({ label, send, target, sent: gone = () => {} }) {
  const box = el("textarea", { class: "write", rows: "1", "aria-label": label, autocomplete: "off", spellcheck: "false" });
  const trouble = el("p", { class: "refused", role: "alert", id: freshId("refused") });
  const button = el("button", { type: "submit", class: "button primary", text: send });
  const form = el("form", { class: "composer" }, box, button);
  const closed = el("p", { class: "closed soft" });
  const suggestions = suggesting(box);
  const node = el("div", { class: "composing" }, suggestions.node, trouble, form, closed);
  const recall = recalling(box);
  let place = "";

  async function submit() {
    const text = box.value.trim();
    if (!text) return;
    const who = state.me;
    sent.set(who, [...(sent.get(who) ?? []), text]);
    recall.forget();
    write(box, "");
    fill(trouble);
    box.focus();
    gone();
    const answer = await act("say", { text, ...target() });
    if (!answer.error) return;
    fill(trouble, el("span", { "aria-hidden": "true", text: "⚠ " }), answer.error);
    if (!box.value) write(box, text);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  box.addEventListener("input", (event) => {
    grow(box);
    if (event.isTrusted) fill(trouble);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || suggestions.key(event) || recall.key(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    submit();
  });

  return {
    node,
    focus: () => box.focus(),
    type(text) {
      write(box, text);
      box.focus();
    },
    update(channel) {
      if (place !== channel.id) fill(trouble);
      place = channel.id;
      form.hidden = channel.archived;
      closed.hidden = !channel.archived;
      closed.textContent = `${title(channel)} is archived: it can be read, but nobody writes here any more.`;
      box.placeholder = ui.thread && label !== "Message" ? "Reply…" : `Message ${title(channel)}, or / for commands`;
      box.title = `Enter sends as ${myName()}, Shift+Enter makes a new line`;
    },
  };
}

function write(box, text) {
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function grow(box) {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, MOST_ROWS_PX)}px`;
}

/** Up and Down in an empty box, or in one that was recalled, go through what was sent. */
function recalling(box) {
  let place = null;
  let recalled = "";
  return {
    forget() {
      place = null;
      recalled = "";
    },
    key(event) {
      const mine = sent.get(state.me) ?? [];
      if (!["ArrowUp", "ArrowDown"].includes(event.key) || event.shiftKey || !mine.length) return false;
      if (box.value !== recalled || (place === null && event.key === "ArrowDown")) return false;
      place = (place ?? mine.length) + (event.key === "ArrowUp" ? -1 : 1);
      place = Math.max(0, Math.min(place, mine.length));
      recalled = mine[place] ?? "";
      if (place === mine.length) place = null;
      write(box, recalled);
      event.preventDefault();
      return true;
    },
  };
}
