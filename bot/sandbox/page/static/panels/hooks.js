// What Meta tells by webhook: send an event, disturb the delivery, and see what became of it.

import { el, freshId } from "../dom.js";
import { state } from "../store.js";
import { button, exact, group, redraw, turn } from "./parts.js";

const EVENTS = [
  ["A customer writes", "message"],
  ["A message of ours was sent", "sent"],
  ["… was delivered", "delivered"],
  ["… was read", "read"],
  ["… failed: the 24 hours are over", "failed", { code: 131047 }],
  ["… failed: it cannot be delivered", "failed", { code: 131026 }],
  ["… failed: a payment problem", "failed", { code: 131042 }],
  ["Quality: flagged", "quality", { event: "FLAGGED" }],
  ["Quality: no longer flagged", "quality", { event: "UNFLAGGED" }],
  ["Limit raised", "quality", { event: "UPGRADE", limit: "TIER_10K" }],
  ["Display name approved", "name", { decision: "APPROVED" }],
  ["Display name rejected", "name", { decision: "REJECTED" }],
  ["Two-step PIN changed", "security", { event: "PIN_CHANGED" }],
  ["Account restricted for 24 hours", "restrict", { hours: 24 }],
  ["Account violates a policy", "violate"],
  ["Account will be disabled", "disable", { state: "SCHEDULE_FOR_DISABLE" }],
  ["Account disabled", "disable", { state: "DISABLE" }],
  ["Account reinstated", "disable", { state: "REINSTATE" }],
  ["Business app let go of the number", "offboard"],
  ["Business app is back", "come_back"],
  ["Partner removed", "remove_partner"],
  ["Account deleted", "delete_account"],
  ["Account review: approved", "review", { decision: "APPROVED" }],
  ["Account review: rejected", "review", { decision: "REJECTED" }],
  ["Alert", "alert"],
  ["Template paused", "template", { event: "PAUSED" }],
  ["Template approved", "template", { event: "APPROVED" }],
  ["More conversations a day", "capability", { limit: 10000 }],
];
const WAYS = [
  ["twice", "Deliver twice", "Every event comes again, as Meta’s sometimes do.", "deliver_twice", "deliver_once"],
  ["mixed", "Mix up the order", "Of two events the later one arrives first.", "mix_up", "keep_order"],
  ["held", "Hold back", "Nothing leaves Meta until this is switched off.", "hold", "let_go"],
];
const TONES = { delivered: "good", refused: "good", waiting: "plain" };
const SHOWN = 6;

/** The group "Webhooks"; `number()` is the id of the number chosen in the panel. */
export function hooksGroup(say, number) {
  const id = freshId("event");
  const select = el("select", { id, class: "field" }, EVENTS.map(([text], n) => el("option", { value: String(n) }, text)));
  const about = el("p", { class: "soft" }), ways = el("div", { class: "switches" }), list = el("div");
  const send = async (event) => {
    event.preventDefault();
    const [text, knob, body] = EVENTS[Number(select.value)];
    if (await turn(say, [`meta/events/${number()}/${knob}`, body])) say(`Meta tells: ${text.replace("… ", "")}.`);
  };
  const at = (knob) => [`meta/hooks/delivery/${knob}`];
  const once = (text, full, knob) => button(text, `${text}: ${full}`, () => turn(say, at(knob)));
  const draw = () => {
    const { hooks, numbers } = state.meta;
    about.textContent = `About ${numbers.find((one) => one.id === number())?.name ?? "no number"}, as chosen above.`;
    redraw(ways, WAYS.map((way) => row(way, hooks[way[0]], say, at)));
    redraw(list, hooks.events.length
      ? el("ul", { class: "sent" }, hooks.events.slice(0, SHOWN).map(line))
      : el("p", { class: "soft" }, "Nothing was sent yet."));
  };
  const node = group("Webhooks", about,
    el("form", { class: "line", on: { submit: send } }, el("label", { for: id }, "What happens"), select,
      el("button", { class: "button small", data: { key: "send event" } }, "Tell the bot")),
    ways,
    el("div", { class: "deeds" },
      once("Send again", "the newest event, to the letter", "send_again"),
      once("Forge", "the newest event with a wrong signature", "forge"),
      once("Retry now", "whatever waits for its next try", "retry_now")),
    list);
  return { node, draw };
}

function row([key, name, words, on, off], is, say, at) {
  const id = freshId("way"), more = freshId("about");
  return el("button", {
    type: "button", class: "switch-row", role: "switch", "aria-checked": String(is), "aria-labelledby": id,
    "aria-describedby": more, data: { key }, on: { click: () => turn(say, at(is ? off : on)) },
  },
  el("span", { class: "switch-words" },
    el("span", { id, class: "switch-name" }, name), el("span", { id: more, class: "soft" }, words)),
  el("span", { class: "knob", "aria-hidden": "true" }, is ? "on" : "off"));
}

/** “12:03:04 account: DISABLED_UPDATE: delivered, 200”. */
function line(sent) {
  const tries = sent.tries > 1 ? `, ${sent.tries} tries` : "";
  const end = [sent.state, sent.status || "", sent.note].filter(Boolean).join(", ");
  const tone = sent.forged && sent.state === "delivered" ? "bad" : TONES[sent.state] ?? "bad";
  const next = sent.next_at && sent.tries ? `; next try at ${exact(sent.next_at)}` : "";
  return el("li", {},
    el("span", { class: "at mono" }, exact(sent.at)), ` ${sent.about}: `,
    el("span", { class: `is ${tone}` }, `${end}${tries}${next}`));
}
