// What stands in the inputs of a message, modal or Home tab: what was entered here, else what the server says.

import { state } from "../store.js";

/** Element type → the key of its value in `state.values`. */
export const VALUE_KEY = {
  plain_text_input: "value", email_text_input: "value", url_text_input: "value", number_input: "value",
  rich_text_input: "rich_text_value",
  static_select: "selected_option", external_select: "selected_option", radio_buttons: "selected_option",
  users_select: "selected_user", conversations_select: "selected_conversation", channels_select: "selected_channel",
  multi_static_select: "selected_options", multi_external_select: "selected_options", checkboxes: "selected_options",
  multi_users_select: "selected_users", multi_conversations_select: "selected_conversations",
  multi_channels_select: "selected_channels",
  datepicker: "selected_date", timepicker: "selected_time", datetimepicker: "selected_date_time",
  file_input: "files",
};

const drafts = new Map(); // of a surface → "block_id action_id" → {type, [key]: value}

/** The name of a message, modal or Home tab, for this person. */
export function keyOf(on) {
  return `${state.me} ${on.view ?? `${on.channel} ${on.ts}`}`;
}

function draftsOf(form) {
  const key = keyOf(form.on);
  if (!drafts.has(key)) drafts.set(key, new Map());
  return drafts.get(key);
}

/** The bare value that stands in an element. */
export function valueOf(form, block, element) {
  const key = VALUE_KEY[element.type];
  const draft = draftsOf(form).get(`${block.block_id} ${element.action_id}`);
  if (draft?.type === element.type && possible(element, draft[key])) return draft[key];
  const kept = form.values?.[block.block_id]?.[element.action_id];
  if (kept) return kept[key] ?? null;
  return element[`initial_${key.replace("selected_", "").replace("rich_text_", "")}`] ?? (key.endsWith("s") ? [] : null);
}

function possible(element, value) {
  const options = optionsOf(element);
  const picked = Array.isArray(value) ? value : [value];
  return !options.length || picked.every((one) => one === null || options.some((o) => o.value === one.value));
}

/** All options, those in groups included. */
export function optionsOf(element) {
  return [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];
}

/** Keep what was just entered. */
export function keep(form, block, element, value) {
  const key = `${block.block_id} ${element.action_id}`;
  draftsOf(form).set(key, { type: element.type, [VALUE_KEY[element.type]]: value });
}

/** Every element of these blocks with the block it stands in. */
export function* slots(blocks) {
  for (const block of blocks) {
    const own = block.type === "card" ? block.actions : block.elements;
    for (const element of [block.element, block.accessory, ...(own ?? [])]) {
      if (element?.action_id) yield [block, element];
    }
    if (["container", "carousel"].includes(block.type)) yield* slots(block.child_blocks ?? block.elements ?? []);
  }
}

/** Everything that stands in the inputs of `form`, as Slack's `state.values`. */
export function allValues(form) {
  const values = {};
  for (const [block, element] of slots(form.blocks)) {
    const key = VALUE_KEY[element.type];
    if (!key) continue;
    values[block.block_id] ??= {};
    values[block.block_id][element.action_id] = { type: element.type, [key]: valueOf(form, block, element) };
  }
  return values;
}

/** Fields that the new view no longer has lose what was entered. */
export function prune(form) {
  const kept = new Set([...slots(form.blocks)].map(([block, element]) => `${block.block_id} ${element.action_id}`));
  for (const key of draftsOf(form).keys()) if (!kept.has(key)) draftsOf(form).delete(key);
}

/** A closed view takes what was entered with it. */
export function forget(on) {
  drafts.delete(keyOf(on));
}
