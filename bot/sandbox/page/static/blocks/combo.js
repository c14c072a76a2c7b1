// A select with type-ahead: the bot's own options, or too many to list; chips when several may be chosen.

import { el, freshId } from "../dom.js";
import { entered, said, suggested } from "./send.js";
import { words } from "./texts.js";
import { valueOf } from "./values.js";

const TYPING_MS = 150;
const MOST_SHOWN = 100;

/** An external select: what it offers is asked from the bot. */
export function external(element, form, block, named) {
  const find = async (typed) => {
    const { groups, error } = await suggested(form, block, element, typed);
    const shown = (option) => ({ said: option, value: option.value, text: words(option.text) });
    return { error, groups: groups.map((g) => ({ label: words(g.label), options: g.options.map(shown) })) };
  };
  const least = element.min_query_length ?? 3;
  return combo(element, form, block, named, { find, least, several: element.type.startsWith("multi_") });
}

/** The combobox itself. `find(typed)` → {groups, error}; asked from `least` characters on. */
export function combo(element, form, block, named, { find, least = 0, several }) {
  const list = el("div", { id: freshId("l"), class: "menu list", role: "listbox", "aria-label": "Options", hidden: true });
  const input = el("input", {
    ...named, type: "text", class: "field", role: "combobox", autocomplete: "off", "aria-expanded": "false",
    "aria-autocomplete": "list", "aria-controls": list.id, placeholder: words(element.placeholder) || "Type to search",
  });
  const chips = el("span", { class: "chips" });
  const box = new Combo({ element, form, block, find, least, several, list, input, chips });
  box.show();
  return el("span", { class: "combo" }, several ? chips : null, input, list);
}

class Combo {
  constructor(parts) {
    Object.assign(this, parts, { at: -1, asked: 0, timer: 0 });
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("focus", () => this.typed(0));
    this.input.addEventListener("blur", () => this.left());
    this.input.addEventListener("keydown", (event) => this.key(event));
  }

  get value() { return valueOf(this.form, this.block, this.element); }

  show() {
    const called = (one) => (one?.text ? words(one.text) : String(one));
    if (!this.several) this.input.value = this.value ? called(this.value) : "";
    else this.chips.replaceChildren(...(this.value ?? []).map((one) => el("button", {
      type: "button", class: "chip", "aria-label": `Remove ${called(one)}`,
      on: { click: () => this.choose(this.value.filter((other) => other !== one)) },
    }, `${called(one)} ✕`)));
  }

  typed(after = TYPING_MS) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), after);
  }

  async ask() {
    const chosen = !this.several && this.value && this.input.value === words(this.value.text);
    const text = chosen ? "" : this.input.value.trim();
    if (text.length < this.least) return this.list.childElementCount || text ? this.note(`Type at least ${this.least} characters`) : this.close();
    this.asked += 1;
    const mine = this.asked;
    if (this.least) this.note("Loading…");
    const { groups, error } = await this.find(text);
    if (mine !== this.asked || document.activeElement !== this.input) return null;
    return error ? this.note(error) : this.offer(groups);
  }

  note(sentence) {
    this.list.replaceChildren(el("div", { class: "soft note", role: "option", "aria-disabled": "true", "aria-selected": "false", text: sentence }));
    this.open();
  }

  offer(groups) {
    this.at = -1;
    this.options = [];
    const one = (option) => {
      const at = this.options.push(option) - 1;
      return el("div", {
        class: "menu-item", role: "option", id: freshId("o"), "aria-selected": "false", text: option.text,
        on: { mousedown: (event) => { event.preventDefault(); this.pick(at); } },
      });
    };
    const room = groups.map((g) => ({ ...g, options: g.options.slice(0, MOST_SHOWN) }));
    const shown = room.map((g) => (g.label ? el("div", { role: "group", "aria-label": g.label }, el("div", { class: "soft note", "aria-hidden": "true", text: g.label }), g.options.map(one)) : g.options.map(one)));
    if (!shown.flat().length) return this.note("No matches");
    this.list.replaceChildren(...shown.flat());
    return this.open();
  }

  open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    this.asked += 1;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  left() {
    clearTimeout(this.timer);
    this.close();
    if (!this.several && !this.input.value && this.value) this.choose(null);
    else this.show();
    if (this.several) this.input.value = "";
  }

  pick(at) {
    const { said: picked, value } = this.options[at];
    this.close();
    if (!this.several) return this.choose(picked);
    this.input.value = "";
    const others = this.value.filter((one) => (one.value ?? one) !== value);
    if (others.length >= (this.element.max_selected_items ?? Infinity)) return said(this.input, `At most ${others.length} can be chosen.`);
    return this.choose([...others, picked]);
  }

  async choose(value) {
    const before = this.value;
    const sent = entered(this.form, this.block, this.element, value, this.input, before);
    this.show();
    await sent;
    this.show();
  }

  key(event) {
    if (this.list.hidden && event.key === "ArrowDown") return this.ask();
    if (this.list.hidden) return null;
    const nodes = [...this.list.querySelectorAll(".menu-item")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.at >= 0) this.pick(this.at);
    else if (step && nodes.length) this.walk(nodes, step);
    else return null;
    event.preventDefault();
    return event.stopPropagation();
  }

  walk(nodes, step) {
    this.at = (this.at + step + nodes.length) % nodes.length;
    nodes.forEach((node, at) => node.setAttribute("aria-selected", String(at === this.at)));
    nodes[this.at].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", nodes[this.at].id);
  }
}
