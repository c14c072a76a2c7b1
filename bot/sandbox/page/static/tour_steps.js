// The five steps of the tour: what to do, where to look, and how it is known that it was done.

import { state, ui } from "./store.js";
import { typeIntoMessage } from "./messages.js";
import { become } from "./act_as.js";
import { open } from "./router.js";
import { show } from "./layout.js";

const ANA = "U0ANA";
const SALES = "Sales";
const number = (name) => state.meta?.numbers?.find((one) => one.name === name);
const isAppSpeaking = (frame) => frame.kind === "message" && frame.message.author === state.app.user;
const button = (within, label) => [...document.querySelectorAll(`${within} button`)].find((one) => one.textContent.trim() === label);

/** The button that stands in, or right under, the block that speaks of `name`; in the newest message. */
function beside(label, name) {
  const buttons = [...document.querySelectorAll("#messages button")].filter((one) => one.textContent.trim() === label);
  const speaks = (block) => block?.textContent.includes(name);
  return buttons.findLast((one) => {
    const block = one.closest(".content > *");
    return speaks(block) || speaks(block?.previousElementSibling);
  });
}

const pin = () => (number(SALES)?.pin ? `${number(SALES).pin}` : "the one in the panel “Meta”, at Sales");
const auditChannel = () => [...state.channels.values()].find((channel) => channel.name === "whatsapp-audit");
const standing = () => JSON.stringify([
  (state.meta?.numbers ?? []).map((one) => [one.status, one.code_verification_status]),
  (state.meta?.tokens ?? []).map((one) => [one.dead, one.scopes]),
]);

/** `begin` may return something that `done(frame, begun)` and `look(begun)` get back. */
export const STEPS = [
  {
    title: "Ask how the numbers are",
    says: () => `${state.me === ANA ? "You are" : "Act as"} Ana, an operator. In #general, type /whatsapp status and press Enter.`,
    help: {
      label: "Type it for me",
      press() {
        if (state.me !== ANA) become(ANA);
        open("C0GENERAL");
        show("messages");
        typeIntoMessage("/whatsapp status");
      },
    },
    look: () => document.querySelector("#messages .composer"),
    done: isAppSpeaking,
  },
  {
    title: "Bring Sales back",
    says: () => "Sales is disconnected. Press “Reconnect” beside it, then “Send code” in the window that opens.",
    look: () => button("#windows", "Send code") ?? beside("Reconnect", SALES),
    begin: () => state.phones.reduce((sum, phone) => sum + phone.messages.length, 0),
    done: (frame, before) => state.phones.reduce((sum, phone) => sum + phone.messages.length, 0) > before,
  },
  {
    title: "Enter the code, then the PIN",
    says: () => `The code arrived in the panel “Phone”. Type it into the window and press “Verify”. Then comes the two-step PIN of Sales: ${pin()}.`,
    help: { label: "Show the phone", press: () => show("phone") },
    look: () => document.getElementById("phone"),
    done: () => number(SALES)?.status === "CONNECTED",
  },
  {
    title: "Read what the manager reads",
    says: () => "Close the window. Then choose Maya, the manager, in “Act as”, and open #whatsapp-audit.",
    look: () => (state.stack.length ? document.querySelector("#windows .modal:not(.under) .modal-foot button") : state.me === "U0MAYA" ? document.querySelector(`[data-place="${auditChannel()?.id}"]`) : document.getElementById("act-as")),
    done: () => Boolean(auditChannel()) && ui.place === auditChannel().id,
  },
  {
    title: "Break something",
    says: () => "In the panel “Meta”, expire the token or disconnect Support. Then type /whatsapp status again and see what the bot makes of it.",
    help: { label: "Show Meta", press: () => show("meta") },
    look: (was) => (standing() === was ? document.getElementById("meta") : document.querySelector("#messages .composer")),
    begin: standing,
    done: (frame, was) => isAppSpeaking(frame) && standing() !== was,
  },
];
