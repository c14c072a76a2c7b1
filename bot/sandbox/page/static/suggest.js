// What a text box suggests while it is typed in: commands, numbers after them, people after an @.

import { el, fill, freshId } from "./dom.js";
import { state } from "./store.js";
import { actors } from "./people.js";

const MOST = 9;

/** `key(event)` is asked first at every key; true: it was for the suggestions. */
export function suggesting(box) {
  const id = freshId("suggestions");
  const list = el("ul", { id, class: "suggestions", role: "listbox", "aria-label": "Suggestions", hidden: true });
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", id);
  let offers = [];
  let at = -1;

  function show(wanted) {
    offers = wanted;
    fill(list, offers.map((offer, place) => option(offer, `${id}-${place}`, () => accept(place))));
    list.hidden = offers.length === 0;
    mark(-1);
  }

  function mark(place) {
    at = place;
    [...list.children].forEach((node, i) => node.setAttribute("aria-selected", String(i === at)));
    if (at < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", `${id}-${at}`);
    return list.children[at].scrollIntoView({ block: "nearest" });
  }

  function accept(place) {
    const { from, text } = offers[place];
    box.setRangeText(text, from, box.selectionStart, "end");
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function key(event) {
    if (!offers.length || event.shiftKey) return false;
    if (event.key === "ArrowDown") mark((at + 1) % offers.length);
    else if (event.key === "ArrowUp" && at >= 0) mark(at - 1);
    else if (event.key === "Escape") show([]);
    else if (event.key === "Tab") accept(Math.max(at, 0));
    else if (event.key === "Enter" && at >= 0) accept(at);
    else return false;
    event.preventDefault();
    return true;
  }

  box.addEventListener("input", () => show(suggestions(box.value.slice(0, box.selectionStart))));
  box.addEventListener("blur", () => show([]));
  return { node: list, key };
}

function option({ label, hint, about }, id, choose) {
  return el(
    "li",
    // Not `click`: the text box would have lost the focus by then, and the list with it.
    { id, role: "option", class: "suggestion", "aria-selected": "false", on: { mousedown: (event) => { event.preventDefault(); choose(); } } },
    el("span", { class: "suggestion-name" }, el("strong", { text: label }), hint ? ` ${hint}` : null),
    el("span", { class: "soft", text: about }),
  );
}

/** Offers for what stands before the cursor: {from, text, label, hint, about}; `text` replaces it from `from`. */
function suggestions(typed) {
  if (typed.startsWith("/")) return [...numbers(typed), ...commands(typed)].slice(0, MOST);
  const mention = /(?:^|\s)@([\w.-]*)$/.exec(typed);
  if (!mention) return [];
  const part = mention[1].toLowerCase();
  return actors()
    .filter((person) => `${person.name} ${person.real_name}`.toLowerCase().split(" ").some((word) => word.startsWith(part)))
    .slice(0, MOST)
    .map((person) => offer(typed.length - part.length, `${person.name} `, `@${person.name}`, "", person.real_name));
}

const offer = (from, text, label, hint, about) => ({ from, text, label, hint, about });

function commands(typed) {
  const sofar = typed.trimStart().toLowerCase();
  return state.commands
    .filter((command) => command.text.toLowerCase().startsWith(sofar) && command.text.toLowerCase() !== sofar)
    .map((command) => offer(0, command.hint ? `${command.text} ` : command.text, command.text, command.hint, command.about));
}

function numbers(typed) {
  const command = state.commands.find((one) => one.hint && one.text.includes(" ") && typed.startsWith(`${one.text} `));
  if (!command) return [];
  const from = command.text.length + 1;
  const part = typed.slice(from).toLowerCase();
  return (state.meta?.numbers ?? [])
    .filter(({ name, display }) => name.toLowerCase() !== part && (name.toLowerCase().startsWith(part) || digits(display).includes(digits(part) || "-")))
    .map(({ name, display, status }) => offer(from, name, name, display, status.toLowerCase().replaceAll("_", " ")));
}

const digits = (text) => text.replace(/\D/g, "");
