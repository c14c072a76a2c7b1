// Every interactive element by its type, and what names and describes it.

import { el, freshId } from "../dom.js";
import { button, feedback, iconButton, overflow } from "./buttons.js";
import { select, ticks } from "./choices.js";
import { external } from "./combo.js";
import { datePicker, fileInput, momentPicker, richInput, textInput, timePicker } from "./fields.js";
import { image, words } from "./texts.js";

export const ELEMENTS = {
  button, workflow_button: button, icon_button: iconButton, feedback_buttons: feedback, overflow,
  image: (element) => image(element),
  static_select: select, multi_static_select: select,
  users_select: select, multi_users_select: select,
  conversations_select: select, multi_conversations_select: select,
  channels_select: select, multi_channels_select: select,
  external_select: external, multi_external_select: external,
  radio_buttons: ticks, checkboxes: ticks,
  datepicker: datePicker, timepicker: timePicker, datetimepicker: momentPicker,
  plain_text_input: textInput, email_text_input: textInput, url_text_input: textInput, number_input: textInput,
  rich_text_input: richInput, file_input: fileInput,
};

/** One element. `named`: id and aria attributes; without them it is named by its placeholder. */
export function element(shown, form, block, named) {
  const draw = ELEMENTS[shown.type];
  if (!draw) return el("span", { class: "unknown", text: `unknown element ${shown.type}` });
  const key = `${block.block_id} ${shown.action_id}`;
  const own = named ?? { id: freshId("f"), "aria-label": words(shown.placeholder) || spoken(shown) };
  const drawn = draw(shown, form, block, { ...own, "data-key": key, "data-focus": shown.focus_on_load ? "" : null });
  if (drawn instanceof HTMLElement && shown.action_id && !drawn.querySelector("[data-key]")) drawn.dataset.key = key;
  return drawn;
}

function spoken(shown) {
  return shown.action_id?.replace(/[._-]+/g, " ") || shown.type.replace(/_/g, " ");
}
