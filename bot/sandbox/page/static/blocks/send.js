// What a press, a choice and an entry send, and the confirmation that may stand before it.

import { el } from "../dom.js";
import { act } from "../net.js";
import { confirmed } from "./confirm.js";
import { allValues, keep, keyOf } from "./values.js";

/** Whether a change of this element is told to the bot at once. */
export function dispatches(block) {
  return block.type !== "input" || Boolean(block.dispatch_action);
}

/** Press or choose: ask first if the bot wants that, show that it is under way, once at a time. */
export async function press(form, block, element, value, node) {
  if (node.getAttribute("aria-busy") === "true") return false;
  if (element.confirm && !(await confirmed(element.confirm))) return false;
  node.setAttribute("aria-busy", "true");
  await nothingOwed(form.on);
  const ids = { block_id: block.block_id, action_id: element.action_id };
  const answer = await act("press", { on: form.on, ...ids, value, values: allValues(form) });
  node.removeAttribute("aria-busy");
  said(node, answer?.error);
  return true;
}

/** A new value: kept here, told to the server, and to the bot when the element dispatches. False: it was declined. */
export async function entered(form, block, element, value, node, before) {
  keep(form, block, element, value);
  if (!dispatches(block)) {
    tellSoon(form);
    return true;
  }
  if ((await press(form, block, element, value, node)) || !element.confirm) return true;
  keep(form, block, element, before);
  return false;
}

const TELL_MS = 100;
const owed = new Map(); // surface → {timer, sent}: what was entered and is about to be told

/** What was entered and the bot need not hear of: told a moment later, unless a press tells it before. */
export function tellSoon(form) {
  const key = keyOf(form.on);
  clearTimeout(owed.get(key)?.timer);
  const timer = setTimeout(() => {
    const sent = act("fill", { on: form.on, values: allValues(form) });
    owed.set(key, { sent });
  }, TELL_MS);
  owed.set(key, { timer, sent: owed.get(key)?.sent });
}

/** Before a press, which carries all values itself: nothing older may arrive after it. */
export async function nothingOwed(on) {
  const key = keyOf(on);
  const { timer, sent } = owed.get(key) ?? {};
  clearTimeout(timer);
  owed.delete(key);
  await sent;
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
