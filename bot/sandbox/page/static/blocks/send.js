// What a press, a choice and an entry send, and the confirmation that may stand before it.

import { el } from "../dom.js";
import { act } from "../net.js";
import { confirmed } from "./confirm.js";
import { allValues, keep } from "./values.js";

/** Whether a change of this element is told to the bot at once. */
export function dispatches(block) {
  return block.type !== "input" || Boolean(block.dispatch_action);
}

/** Press or choose: ask first if the bot wants that, show that it is under way, once at a time. */
export async function press(form, block, element, value, node) {
  if (node.getAttribute("aria-busy") === "true") return false;
  if (element.confirm && !(await confirmed(element.confirm))) return false;
  node.setAttribute("aria-busy", "true");
  const { block_id, action_id } = { block_id: block.block_id, action_id: element.action_id };
  const answer = await act("press", { on: form.on, block_id, action_id, value, values: allValues(form) });
  node.removeAttribute("aria-busy");
  said(node, answer?.error);
  return true;
}

/** A new value: kept here, told to the server, and to the bot when the element dispatches. */
export async function entered(form, block, element, value, node, before) {
  if (!dispatches(block)) {
    keep(form, block, element, value);
    return told(form);
  }
  keep(form, block, element, value);
  if (!(await press(form, block, element, value, node)) && element.confirm) {
    keep(form, block, element, before);
    return false;
  }
  return true;
}

/** What was entered and the bot need not hear of. */
export async function told(form) {
  await act("fill", { on: form.on, values: allValues(form) });
  return true;
}

/** The options the bot gives for what was typed: [{label?, options}]. */
export async function suggested(form, block, element, typed) {
  const { block_id } = block;
  const answer = await act("suggest", { on: form.on, block_id, action_id: element.action_id, typed });
  if (answer.error) return { error: answer.error, groups: [] };
  const groups = (answer.option_groups ?? []).map((g) => ({ label: g.label, options: g.options }));
  return { groups: answer.options ? [{ options: answer.options }] : groups };
}

/** A refusal of Slack itself, beside what was pressed. */
export function said(node, sentence) {
  const holder = node.closest(".block") ?? node.parentElement;
  holder?.querySelector(":scope > .refused")?.remove();
  if (sentence) holder?.append(el("p", { class: "refused", role: "alert", text: sentence }));
}
