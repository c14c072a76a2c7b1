// The plain blocks: sections, actions, context, headers, inputs, alerts.

import { el, freshId } from "../dom.js";
import { element } from "./elements.js";
import { image, text, words } from "./texts.js";

export function section(block, form) {
  const id = freshId("s");
  const said = block.text ? el("div", { class: "text", id }, text(block.text)) : null;
  const fields = block.fields
    ? el("div", { class: "fields" }, block.fields.map((field) => el("div", { class: "text" }, text(field))))
    : null;
  const { accessory } = block;
  if (!accessory) return [said, fields];
  const named = said && accessory.type !== "button" ? { id: freshId("f"), "aria-labelledby": id } : undefined;
  const beside = el("div", { class: "accessory" }, element(accessory, form, block, named));
  return el("div", { class: "section" }, el("div", { class: "section-main" }, said, fields), beside);
}

export function actions(block, form) {
  return el("div", { class: "row" }, block.elements.map((shown) => element(shown, form, block)));
}

export function context(block) {
  const shown = block.elements.map((part) =>
    part.type === "image" ? image(part, true) : el("span", { class: "text" }, text(part)));
  return el("div", { class: "context" }, shown);
}

export function header(block, form) {
  const level = form.surface === "message" ? "4" : "3";
  return el("div", { class: "header", role: "heading", "aria-level": level }, text(block.text));
}

export function picture(block) {
  const title = block.title ? el("figcaption", {}, text(block.title)) : null;
  return el("figure", {}, title, image(block));
}

const GROUPS = new Set(["radio_buttons", "checkboxes", "feedback_buttons"]);

/** A label, its field, the hint, and what is wrong with it. */
export function input(block, form) {
  const [id, label, hint, error] = [freshId("f"), freshId("n"), freshId("h"), freshId("e")];
  const wrong = form.errors?.[block.block_id];
  const described = [wrong && error, block.hint && hint].filter(Boolean).join(" ") || null;
  const group = GROUPS.has(block.element.type);
  const named = {
    id, "aria-describedby": described, "aria-invalid": wrong ? "true" : null,
    ...(group ? { "aria-labelledby": label } : {}),
    "aria-required": block.optional || block.element.type === "checkboxes" ? null : "true",
  };
  const optional = block.optional ? el("span", { class: "soft", text: " (optional)" }) : null;
  return [
    el(group ? "div" : "label", { id: label, for: group ? null : id, class: "label" }, text(block.label), optional),
    element(block.element, form, block, named),
    wrong ? el("p", { id: error, class: "error" }, el("span", { "aria-hidden": "true", text: "⚠ " }), words(wrong)) : null,
    block.hint ? el("p", { id: hint, class: "hint" }, text(block.hint)) : null,
  ];
}

const LEVELS = { default: "Note", info: "Info", warning: "Warning", error: "Error", success: "Success" };

export function alert(block) {
  const level = LEVELS[block.level] ? block.level : "default";
  return el("div", { class: `alert ${level}`, role: "note", "aria-label": LEVELS[level] },
    el("strong", { class: "alert-level", text: LEVELS[level] }), el("div", { class: "text" }, text(block.text)));
}
