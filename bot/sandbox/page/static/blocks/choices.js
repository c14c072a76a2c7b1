// What is chosen from what is there: native selects, radio buttons, checkboxes.

import { el, freshId } from "../dom.js";
import { state } from "../store.js";
import { combo } from "./combo.js";
import { entered } from "./send.js";
import { text, words } from "./texts.js";
import { optionsOf, valueOf } from "./values.js";

const MOST_NATIVE = 100;

/** What a select offers: [{label?, options: [{text, value, said: what is sent}]}]. */
function offered(element) {
  const shown = (option) => ({ said: option, value: option.value, text: words(option.text) });
  if (element.type.endsWith("static_select")) {
    const groups = element.option_groups ?? [{ options: element.options ?? [] }];
    return groups.map((group) => ({ label: words(group.label), options: group.options.map(shown) }));
  }
  return [{ options: people(element) ?? channels(element) }];
}

function people(element) {
  if (!element.type.includes("users_select")) return null;
  return state.people.map((one) => ({ said: one.id, value: one.id, text: one.real_name || one.name }));
}

function channels(element) {
  const filter = element.filter ?? {};
  const kind = { channel: "public", private: "private", im: "im" };
  const only = element.type.includes("channels_select") ? ["public"] : filter.include;
  return [...state.channels.values()]
    .filter((one) => !one.archived && (!only || only.includes(kind[one.kind])))
    .map((one) => ({ said: one.id, value: one.id, text: one.kind === "im" ? state.app.name ?? one.name : `#${one.name}` }));
}

const idOf = (value) => value?.value ?? value;

/** A select whose options are known: native up to a hundred, else with a filter. */
export function select(element, form, block, named) {
  const groups = offered(element);
  const all = groups.flatMap((group) => group.options);
  const several = element.type.startsWith("multi_");
  if (all.length > MOST_NATIVE) {
    return combo(element, form, block, named, { several, find: async (typed) => ({ groups: matching(groups, typed) }) });
  }
  return native(element, form, block, named, { groups, all, several });
}

function matching(groups, typed) {
  const wanted = typed.toLowerCase();
  return groups
    .map((group) => ({ ...group, options: group.options.filter((o) => o.text.toLowerCase().includes(wanted)) }))
    .filter((group) => group.options.length);
}

function native(element, form, block, named, { groups, all, several }) {
  const option = (one) => el("option", { value: one.value, text: one.text });
  const nodes = groups.map((g) => (g.label ? el("optgroup", { label: g.label }, g.options.map(option)) : g.options.map(option)));
  const nothing = several ? null : el("option", { value: "", text: words(element.placeholder) || "Select an option" });
  const size = several ? String(Math.min(Math.max(all.length + groups.length - 1, 2), 6)) : null;
  const node = el("select", { ...named, class: several ? "field several" : "field", multiple: several, size }, nothing, nodes);
  let before = valueOf(form, block, element);
  const write = (value) => {
    const wanted = new Set([value].flat().map(idOf).filter(Boolean));
    for (const one of node.options) one.selected = wanted.size ? wanted.has(one.value) : one === nothing;
  };
  const read = () => {
    const ids = new Set([...node.selectedOptions].map((one) => one.value));
    const picked = all.filter((one) => ids.has(one.value)).map((one) => one.said);
    return several ? picked : picked[0] ?? null;
  };
  write(before);
  node.addEventListener("change", async () => {
    const value = read();
    if (await entered(form, block, element, value, node, before)) before = value;
    else write(before);
  });
  if (several) node.addEventListener("mousedown", toggled);
  return node;
}

// A plain click adds or takes away, as people expect of Slack's chips; keyboards have the select's own keys.
function toggled(event) {
  const option = event.target.closest("option");
  if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.currentTarget.focus();
  option.selected = !option.selected;
  event.currentTarget.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Radio buttons or checkboxes with their descriptions. */
export function ticks(element, form, block, named) {
  const several = element.type === "checkboxes";
  const group = freshId("g");
  const picked = () => optionsOf(element).filter((_, at) => boxes[at].checked);
  let before = valueOf(form, block, element);
  const write = (value) => {
    const wanted = new Set([value].flat().map(idOf));
    boxes.forEach((box, at) => { box.checked = wanted.has(element.options[at].value); });
  };
  const changed = async () => {
    const value = several ? picked() : picked()[0] ?? null;
    if (await entered(form, block, element, value, fieldset, before)) before = value;
    else write(before);
  };
  const boxes = element.options.map(() => el("input", { type: several ? "checkbox" : "radio", name: group, id: freshId("o"), on: { change: changed } }));
  const rows = element.options.map((option, at) => tick(option, boxes[at]));
  const { id, "aria-required": _required, ...rest } = named;
  const fieldset = el("div", { ...rest, id, role: several ? "group" : "radiogroup", class: "ticks" }, rows);
  write(before);
  return fieldset;
}

function tick(option, box) {
  const about = option.description ? freshId("d") : null;
  if (about) box.setAttribute("aria-describedby", about);
  return el("div", { class: "tick" }, box,
    el("label", { for: box.id, class: "text" }, text(option.text)),
    about ? el("span", { id: about, class: "soft text" }, text(option.description)) : null);
}
