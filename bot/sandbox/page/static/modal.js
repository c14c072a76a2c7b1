// The modals of this person: a stack of up to three dialogs, only the top one in sight.

import { Body } from "./blocks/body.js";
import { nothingOwed } from "./blocks/send.js";
import { words } from "./blocks/texts.js";
import { forget } from "./blocks/values.js";
import { el, fill, freshId } from "./dom.js";
import { act } from "./net.js";
import { on, state } from "./store.js";

const open = new Map(); // view id → Modal, the top one last
let cameFrom = null; // where the focus was before the first one opened

/** Draw `state.stack` from now on. */
export function mountModals() {
  on("stack hello", draw);
  draw();
}

function draw() {
  const wanted = new Set(state.stack.map((view) => view.id));
  if (!open.size && wanted.size) cameFrom = document.activeElement;
  for (const [id, modal] of [...open].reverse()) if (!wanted.has(id)) modal.leave();
  for (const view of state.stack) {
    if (open.has(view.id)) open.get(view.id).show(view);
    else open.set(view.id, new Modal(view));
  }
  const top = state.stack.at(-1)?.id;
  for (const [id, modal] of open) modal.setTop(id === top);
}

/** Put the focus into the window on top. False: none is open, or it is not in sight. */
export function focusWindow() {
  const top = open.get(state.stack.at(-1)?.id);
  if (!top?.node.checkVisibility()) return false;
  top.focusFirst();
  return true;
}

function goBack() {
  const back = cameFrom?.isConnected ? cameFrom : document.querySelector("[aria-label='Message']");
  cameFrom = null;
  back?.focus();
}

// The field that had the focus went away with an update; whoever is at the phone meanwhile stays there.
function isLost() {
  const active = document.activeElement;
  return !active || active === document.body || active.matches("dialog");
}

class Modal {
  constructor(view) {
    this.view = view;
    this.title = el("h2", { id: freshId("t"), class: "modal-title", tabindex: "-1" });
    this.trouble = el("div", { class: "modal-trouble" });
    this.holder = el("div", { class: "modal-body", "aria-live": "polite" });
    this.foot = el("div", { class: "modal-foot" });
    this.body = new Body(this.holder, "modal", { view: view.id });
    this.node = el("dialog", { class: "modal", "aria-labelledby": this.title.id }, this.form());
    this.node.addEventListener("cancel", (event) => { event.preventDefault(); this.close(); });
    this.node.addEventListener("keydown", (event) => this.key(event));
    // Modal over Slack only: the shell makes the channels inert, while phone, Meta and time stay at hand.
    document.getElementById("windows").append(this.node);
    this.node.show();
    this.draw(view);
    this.focusFirst();
  }

  form() {
    const dismiss = el("button", { type: "button", class: "button icon", "aria-label": "Dismiss", on: { click: () => this.close() } }, "✕");
    this.back = el("button", { type: "button", class: "button icon", "aria-label": "Back", on: { click: () => this.close() } }, "‹");
    const head = el("div", { class: "modal-head" }, this.back, this.title, dismiss);
    const submitted = (event) => { event.preventDefault(); this.submit(); };
    return el("form", { novalidate: true, on: { submit: submitted } }, head, this.trouble, this.holder, this.foot);
  }

  key(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.close();
  }

  show(view) {
    const isNew = view.hash !== this.view.hash;
    const was = this.errors();
    if (isNew) this.problems = {};
    this.draw(view);
    const wrong = JSON.stringify(this.errors());
    if (wrong !== "{}" && wrong !== JSON.stringify(was)) this.body.focusWrong();
    else if (isLost() || (isNew && this.isAtFrame())) this.focusFirst();
  }

  /** The focus is on the title or a button of the window itself, not in what it shows. */
  isAtFrame() {
    return this.node.contains(document.activeElement) && !this.holder.contains(document.activeElement);
  }

  errors() {
    return { ...this.view.errors, ...this.problems };
  }

  draw(view) {
    this.view = view;
    this.back.hidden = state.stack.findIndex((one) => one.id === view.id) < 1;
    this.title.textContent = words(view.title);
    this.say(view.trouble);
    this.body.draw(view.blocks, view.values, this.errors());
    this.drawFoot(view);
  }

  drawFoot(view) {
    const signature = JSON.stringify([view.submit, view.close]);
    if (signature === this.footed) return;
    this.footed = signature;
    const close = words(view.close) || (view.submit ? "Cancel" : "Close");
    this.send = view.submit ? el("button", { type: "submit", class: "button primary" }, words(view.submit)) : null;
    fill(this.foot, el("button", { type: "button", class: "button", on: { click: () => this.close() } }, close), this.send);
    this.setBusy(this.busy);
  }

  say(sentence) {
    if (this.trouble.textContent === (sentence ?? "")) return;
    fill(this.trouble, sentence ? el("p", { role: "alert", class: "alert error", text: sentence }) : null);
  }

  setBusy(busy) {
    this.busy = busy;
    this.node.setAttribute("aria-busy", String(Boolean(busy)));
    // Not `disabled`: that would throw the focus out of the dialog while a keyboard waits on it.
    if (this.send) this.send.setAttribute("aria-disabled", String(Boolean(busy)));
  }

  async submit() {
    if (this.busy || !this.view.submit) return;
    this.setBusy(true);
    this.problems = {};
    await nothingOwed({ view: this.view.id });
    const answer = await act("submit", { view: this.view.id, values: this.body.values() });
    this.setBusy(false);
    this.problems = answer.problems ?? {};
    if (answer.error) this.say(answer.error);
    if (!open.has(this.view.id)) return;
    this.draw(answer.error ? { ...this.view, trouble: answer.error } : this.view);
    if (Object.keys(this.problems).length) this.body.focusWrong();
  }

  async close() {
    if (this.closing) return;
    this.closing = true;
    nothingOwed({ view: this.view.id });
    const answer = await act("close", { view: this.view.id });
    this.closing = false;
    if (answer.error) this.say(answer.error);
  }

  setTop(top) {
    const hidden = this.node.classList.contains("under");
    this.node.classList.toggle("under", !top);
    if (top && hidden) (this.left?.isConnected ? this.left : this.title).focus();
    if (!top && !hidden) this.left = this.body.last;
  }

  focusFirst() {
    (this.body.first() ?? this.send ?? this.title).focus();
  }

  leave() {
    open.delete(this.view.id);
    forget({ view: this.view.id });
    this.node.close();
    this.node.remove();
    if (!open.size) goBack();
  }
}

