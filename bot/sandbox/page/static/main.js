// The page comes to life: every part is mounted, and this tab begins to act as somebody.

import { become, firstPerson, startActing } from "./act_as.js";
import { startBanners } from "./banners.js";
import { startLayout } from "./layout.js";
import { startTelling } from "./live.js";
import { mountMessages } from "./messages.js";
import { mountModals } from "./modal.js";
import { mount as mountInspector } from "./panels/inspector.js";
import { mount as mountMeta } from "./panels/meta.js";
import { mount as mountPhone } from "./panels/phone.js";
import { startRouting } from "./router.js";
import { mountSidebar } from "./sidebar.js";
import { mountThread } from "./thread.js";
import { startTour } from "./tour.js";
import { startCounting } from "./unread.js";

const region = (id) => document.getElementById(id);

startCounting();
startActing();
startRouting();
mountSidebar(region("channels"));
mountMessages(region("messages"));
mountThread(region("thread"));
startLayout();
startBanners();
startTelling();

mountModals();
mountPhone(region("phone"));
mountMeta(region("meta"));
mountInspector(region("inspector"));
startTour();

become(firstPerson());
