// What is typed: text fields of all kinds, dates and times.

import { el } from "../dom.js";
import { epochOf, localOf } from "./dates.js";
import { dispatches, entered, said, tellSoon } from "./send.js";
import { words } from "./texts.js";
import { upload } from "./upload.js";
import { keep, valueOf } from "./values.js";

const KINDS = {
  plain_text_input: { type: "text" },
  email_text_input: { type: "email", autocomplete: "off" },
  url_text_input: { type: "url" },
  number_input: { type: "text", inputmode: "decimal" },
};
const TYPING_MS = 200;

function sentOn(element, block) {
  if (!dispatches(block)) return [];
  return element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
}

/** A line or box of text; told to the server when it is left, to the bot when the element asks for that. */
function typed(node, element, form, block, read) {
  const on = sentOn(element, block);
  let timer = 0;
  let dirty = false;
  const send = () => {
    clearTimeout(timer);
    return entered(form, block, element, read(node.value), node);
  };
  node.addEventListener("input", () => {
    keep(form, block, element, read(node.value));
    dirty = true;
    clearTimeout(timer);
    if (on.includes("on_character_entered")) timer = setTimeout(send, TYPING_MS);
  });
  node.addEventListener("change", () => { if (dirty) tellSoon(form); dirty = false; });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !on.includes("on_enter_pressed")) return;
    event.preventDefault();
    send();
  });
  return on.includes("on_enter_pressed") ? "Press Enter to send" : "";
}

export function textInput(element, form, block, named) {
  const props = {
    ...named, placeholder: element.placeholder ? words(element.placeholder) : null, autocomplete: "off",
    class: "field", "aria-required": block.type === "input" && !block.optional ? "true" : null,
  };
  const node = element.multiline
    ? el("textarea", { ...props, rows: "4" })
    : el("input", { ...props, ...KINDS[element.type] });
  node.value = valueOf(form, block, element) ?? "";
  const note = typed(node, element, form, block, (text) => text || null);
  return note ? [node, el("p", { class: "hint", text: note })] : node;
}

function richOf(text) {
  if (!text) return null;
  const elements = [{ type: "rich_text_section", elements: [{ type: "text", text }] }];
  return { type: "rich_text", elements };
}

function textOf(rich) {
  if (rich?.text !== undefined) return rich.text;
  return (rich?.elements ?? []).map(textOf).join(rich?.type === "rich_text" ? "\n" : "");
}

export function richInput(element, form, block, named) {
  const placeholder = element.placeholder ? words(element.placeholder) : null;
  const node = el("textarea", { ...named, class: "field", rows: String(Math.min(element.min_lines ?? 4, 12)), placeholder });
  node.value = textOf(valueOf(form, block, element));
  typed(node, element, form, block, richOf);
  return node;
}

function picker(type, read, write) {
  return (element, form, block, named) => {
    const node = el("input", { ...named, type, class: "field short" });
    let before = valueOf(form, block, element);
    node.value = write(before);
    node.addEventListener("change", async () => {
      const value = read(node.value);
      if (await entered(form, block, element, value, node, before)) before = value;
      else node.value = write(before);
    });
    return node;
  };
}

const same = (value) => value || null;
export const datePicker = picker("date", same, (value) => value ?? "");
export const timePicker = picker("time", same, (value) => value ?? "");
export const momentPicker = picker("datetime-local", (text) => (text ? epochOf(text) : null), (value) => (value ? localOf(value) : ""));

export function fileInput(element, form, block, named) {
  const accept = element.filetypes?.map((kind) => `.${kind}`).join(",") ?? null;
  const most = element.max_files ?? 10;
  const list = el("ul", { class: "files" });
  const node = el("input", { ...named, type: "file", class: "field", multiple: most > 1, accept });
  const show = () => list.replaceChildren(...(valueOf(form, block, element) ?? []).map((file) =>
    el("li", {}, `📎 ${file.name} `, el("span", { class: "soft", text: `${file.size} bytes` }))));
  node.addEventListener("change", async () => {
    const files = [...node.files];
    if (files.length > most) return said(node, `At most ${most} file${most > 1 ? "s" : ""} here.`);
    const kept = await upload(files);
    if (kept.error) return said(node, kept.error);
    said(node, "");
    await entered(form, block, element, kept.files, node);
    return show();
  });
  show();
  return [node, list];
}
