// The page comes to life: every part is mounted, and this tab begins to act as somebody.

import { startActing } from "./act_as.js";
import { startBanners } from "./banners.js";
import { startLayout } from "./layout.js";
import { startTelling } from "./live.js";
import { mountMessages } from "./messages.js";
import { startRouting } from "./router.js";
import { mountSidebar } from "./sidebar.js";
import { mountThread } from "./thread.js";
import { startCounting } from "./unread.js";

const region = (id) => document.getElementById(id);

startCounting();
startRouting();
mountSidebar(region("channels"));
mountMessages(region("messages"));
mountThread(region("thread"));
startLayout();
startBanners();
startTelling();

const part = (path, run) => import(path).then(run).catch((missing) => console.warn(path, missing));
await Promise.all([
  part("./modal.js", (modal) => modal.mountModals()),
  part("./panels/phone.js", (panel) => panel.mount(region("phone"))),
  part("./panels/meta.js", (panel) => panel.mount(region("meta"))),
  part("./panels/inspector.js", (panel) => panel.mount(region("inspector"))),
]);

startActing();
