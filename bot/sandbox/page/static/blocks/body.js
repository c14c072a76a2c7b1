// The blocks of a view that stays: what did not change is left alone, with its focus, caret and open menus.

import { drawBlock } from "./index.js";
import { allValues, keyOf, prune } from "./values.js";

const FOCUSABLE = "input:not([type=hidden]), select, textarea, button, a[href], [tabindex='0']";
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
    const kept = this.remembered();
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
    if (kept) this.restore(kept);
  }

  reused(before, block) {
    const signature = JSON.stringify([block, this.form.errors[block.block_id] ?? ""]);
    const at = before.findIndex((one) => one.signature === signature);
    if (at >= 0) return before.splice(at, 1)[0];
    const node = drawBlock(block, this.form);
    node.dataset.on = keyOf(this.form.on);
    return { signature, node };
  }

  remembered() {
    const node = document.activeElement;
    const holder = this.holder.contains(node) ? node.closest("[data-key]") : null;
    return holder ? { node, key: holder.dataset.key, from: caret(node, "selectionStart"), to: caret(node, "selectionEnd") } : null;
  }

  restore({ node, key, from, to }) {
    if (node.isConnected) return;
    const again = this.field(key);
    again?.focus({ preventScroll: true });
    if (again && from !== null) again.setSelectionRange?.(from, to);
  }

  field(key) {
    const holder = [...this.holder.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
    return holder?.matches(FOCUSABLE) ? holder : holder?.querySelector(FOCUSABLE);
  }

  /** Everything entered, as Slack's `state.values`. */
  values() {
    return allValues(this.form);
  }

  /** Where the focus goes when the view opens: focus_on_load, else the first field if it is in sight. */
  first() {
    const loaded = this.holder.querySelector("[data-focus]");
    if (loaded) return loaded.matches(FOCUSABLE) ? loaded : loaded.querySelector(FOCUSABLE);
    const first = this.holder.querySelector(FIELDS);
    const field = first?.type === "radio" ? this.holder.querySelector(`[name="${first.name}"]:checked`) ?? first : first;
    return field && field.getBoundingClientRect().bottom <= this.holder.getBoundingClientRect().bottom ? field : null;
  }

  focusWrong() {
    const wrong = this.holder.querySelector("[aria-invalid]");
    (wrong?.matches(FOCUSABLE) ? wrong : wrong?.querySelector(FOCUSABLE))?.focus();
  }
}

// Number, email and date inputs have no caret one may ask for.
function caret(node, which) {
  try {
    return node[which] ?? null;
  } catch {
    return null;
  }
}
