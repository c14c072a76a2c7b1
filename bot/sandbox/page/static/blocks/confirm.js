// The question that stands before a press: focus on “no”, Escape denies.

import { el, freshId } from "../dom.js";
import { text, words } from "./texts.js";

/** Show Slack's confirmation object; resolves to whether the person agreed. */
export function confirmed(asked) {
  const back = document.activeElement;
  const [title, body] = [freshId("c"), freshId("c")];
  return new Promise((resolve) => {
    const done = (answer) => {
      dialog.close();
      dialog.remove();
      if (back?.isConnected) back.focus();
      resolve(answer);
    };
    const yes = asked.style === "danger" ? "button danger" : "button primary";
    const deny = el("button", { type: "button", class: "button", on: { click: () => done(false) } }, words(asked.deny));
    const agree = el("button", { type: "button", class: yes, on: { click: () => done(true) } }, words(asked.confirm));
    const dialog = el(
      "dialog",
      { class: "modal confirm", role: "alertdialog", "aria-labelledby": title, "aria-describedby": body },
      el("h2", { id: title, class: "modal-title" }, words(asked.title)),
      el("div", { id: body, class: "modal-body text" }, text(asked.text)),
      el("div", { class: "modal-foot" }, deny, agree),
    );
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); done(false); });
    dialog.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") { event.preventDefault(); done(false); }
    });
    document.body.append(dialog);
    dialog.showModal();
    deny.focus();
  });
}
