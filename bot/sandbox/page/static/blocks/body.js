// The blocks of a view that stays: what did not change is left alone, with its focus, caret and open menus.

import { FOCUSABLE, focusable, remember, restore } from "./focus.js";
import { drawBlock } from "./index.js";
import { allValues, keyOf, prune } from "./values.js";

const FIELDS = ".field, .ticks input";

export class Body {
  constructor(holder, surface, on) {
    this.holder = holder;
    this.form = { surface, on, values: {}, errors: {}, blocks: [] };
    this.drawn = []; // {signature, node}
    this.last = null; // the field that had the focus last
    holder.addEventListener("focusin", (event) => { this.last = event.target; });
  }

  /** Show these blocks. A block that is as it was keeps its nodes. */
  draw(blocks, values, errors) {
    Object.assign(this.form, { blocks, values: values ?? {}, errors: errors ?? {} });
    prune(this.form);
    const kept = remember((node) => this.holder.contains(node), [this.holder]);
    const before = [...this.drawn];
    this.drawn = blocks.map((block) => this.reused(before, block));
    for (const { node } of before) node.remove();
    let next = this.holder.firstChild;
    for (const { node } of this.drawn) {
      if (node === next) next = next.nextSibling;
      else this.holder.insertBefore(node, next);
    }
    if (this.holder.querySelector(FOCUSABLE)) this.holder.removeAttribute("tabindex");
    else this.holder.setAttribute("tabindex", "0");
    if (kept) restore(kept, [this.holder]);
  }

  reused(before, block) {
    const signature = JSON.stringify([block, this.form.errors[block.block_id] ?? ""]);
    const at = before.findIndex((one) => one.signature === signature);
    if (at >= 0) return before.splice(at, 1)[0];
    const node = drawBlock(block, this.form);
    node.dataset.on = keyOf(this.form.on);
    return { signature, node };
  }

  /** Everything entered, as Slack's `state.values`. */
  values() {
    return allValues(this.form);
  }

  /** Where the focus goes when the view opens: focus_on_load, else the first field if it is in sight. */
  first() {
    const loaded = this.holder.querySelector("[data-focus]");
    if (loaded) return focusable(loaded);
    const first = this.holder.querySelector(FIELDS);
    const field = first?.type === "radio" ? this.holder.querySelector(`[name="${first.name}"]:checked`) ?? first : first;
    return field && field.getBoundingClientRect().bottom <= this.holder.getBoundingClientRect().bottom ? field : null;
  }

  focusWrong() {
    focusable(this.holder.querySelector("[aria-invalid]"))?.focus();
  }
}
