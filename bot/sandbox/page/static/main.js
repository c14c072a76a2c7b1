// The page comes to life: every part is mounted, and this tab begins to act as somebody.

import { actAs } from "./net.js";

const part = (path, run) => import(path).then(run).catch((missing) => console.warn(path, missing));

await Promise.all([
  part("./modal.js", (modal) => modal.mountModals()),
  part("./panels/phone.js", (panel) => panel.mount(document.getElementById("phone"))),
  part("./panels/meta.js", (panel) => panel.mount(document.getElementById("meta"))),
  part("./panels/inspector.js", (panel) => panel.mount(document.getElementById("inspector"))),
]);
actAs(new URLSearchParams(location.search).get("as") ?? "U0ANA");
