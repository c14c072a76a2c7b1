// The app's Home tab, as the bot published it for this person.

import { el, fill } from "./dom.js";
import { act } from "./net.js";
import { on, state } from "./store.js";
import { Body } from "./blocks/body.js";

export function homeTab() {
  const holder = el("div");
  const trouble = el("div");
  const node = el("div", { class: "home", hidden: true }, holder, trouble);
  let isShown = false;
  let body = null;
  let whose = "";

  function draw() {
    if (!isShown) return;
    const view = state.home;
    const wanted = view ? `${state.me} ${view.id}` : "";
    if (wanted !== whose || !view) fill(holder, view ? null : nothing());
    if (view && wanted !== whose) body = new Body(holder, "home", { view: view.id });
    whose = wanted;
    if (view) body.draw(view.blocks, view.values, view.errors);
    const said = view?.trouble ? `⚠ ${view.trouble}` : "";
    if (trouble.textContent !== said) fill(trouble, said ? el("p", { class: "trouble", role: "alert" }, said) : null);
  }

  on("home hello", draw);
  return {
    node,
    /** `isNew`: somebody just came here; Slack tells the app then. */
    show(wanted, isNew) {
      isShown = wanted;
      node.hidden = !wanted;
      if (!wanted || !isNew) return;
      draw();
      act("home", { tab: "home" });
    },
  };
}

function nothing() {
  return el(
    "div",
    { class: "empty" },
    el("p", {}, el("strong", { text: "This app has not published a Home tab yet." })),
    el("p", { class: "soft" }, "Go to #general and type ", el("kbd", { text: "/whatsapp" }), " to see what the app can do."),
  );
}
