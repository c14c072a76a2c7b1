// The app's Home tab, as the bot published it for this person.

import { el, fill } from "./dom.js";
import { act } from "./net.js";
import { on, state } from "./store.js";
import { renderBlocks } from "./blocks/index.js";

export function homeTab() {
  const node = el("div", { class: "home", hidden: true });
  let isShown = false;

  function draw() {
    if (!isShown) return;
    const view = state.home;
    if (!view) return fill(node, nothing());
    const context = { surface: "home", on: { view: view.id }, values: view.values ?? {}, errors: view.errors ?? {}, restore: true };
    const trouble = view.trouble ? el("p", { class: "trouble", role: "alert" }, `⚠ ${view.trouble}`) : null;
    return fill(node, renderBlocks(view.blocks, context), trouble);
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
