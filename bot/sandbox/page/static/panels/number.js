// One number at Meta: how it stands, in words, and every way to change that.

import { el, freshId } from "../dom.js";
import { button, fact, turn } from "./parts.js";

export const ELSEWHERE = "https://elsewhere.example/hook";

const STATUS = {
  CONNECTED: ["good", "Connected: it sends and receives"],
  PENDING: ["warn", "Proven, not connected yet"],
  DISCONNECTED: ["bad", "Disconnected"],
  UNVERIFIED: ["bad", "Never proven, not connected"],
  BANNED: ["bad", "Banned by Meta"],
  RESTRICTED: ["warn", "Restricted: may not start conversations"],
  FLAGGED: ["warn", "Flagged: its quality is low"],
  RATE_LIMITED: ["warn", "Its sending rate is limited"],
  MIGRATED: ["bad", "Moved to another account"],
  DELETED: ["bad", "Deleted"],
};
const PROOF = {
  VERIFIED: ["good", "Proven"],
  NOT_VERIFIED: ["bad", "Not proven: it needs a code"],
  EXPIRED: ["warn", "The proof expired: it needs a code"],
};
const NAME = {
  APPROVED: ["good", "Approved"],
  PENDING_REVIEW: ["warn", "Waits for Meta's review"],
};

/** “Sales, +1 555-010-4821: disconnected”. */
export function optionText(number) {
  return `${number.name}, ${number.display}: ${number.status.toLowerCase().replaceAll("_", " ")}`;
}

/** All its facts. */
export function numberFacts(number, account, ours, say) {
  const at = (knob, body) => [`meta/numbers/${number.id}/${knob}`, body];
  const deed = (text, more, knob, now) =>
    button(text, `${text}: ${number.name} ${more}`, () => turn(say, knob), { pressed: now });
  return [
    status(number, at, deed), proof(number, at, deed), displayName(number, at, deed), pin(number, at, deed, say),
    businessApp(number, at, deed), webhook(number, ours, at, deed),
    fact("Account", "plain", account?.name ?? number.account_id),
  ];
}

function status(number, at, deed) {
  const [tone, words] = STATUS[number.status] ?? ["plain", "Unknown"];
  const proven = number.code_verification_status === "VERIFIED";
  const cut = proven ? ["", "DISCONNECTED"] : ["DISCONNECTED", ""];
  const ways = [
    ["CONNECTED", "Connect", "is registered and in good standing", at("connect")],
    [cut[0], "Disconnect", "is no longer registered and needs a new code", at("disconnect", { proven: false })],
    [cut[1], "Disconnect, still proven", "is no longer registered but needs no code", at("disconnect", { proven: true })],
    ["BANNED", "Ban", "is banned by Meta", at("ban")],
    ["FLAGGED", "Flag", "has low quality", at("flag")],
    ["RESTRICTED", "Restrict", "may not start conversations", at("restrict")],
    ["RATE_LIMITED", "Limit the rate", "sends too fast", at("limit_rate")],
  ];
  return fact("Status", tone, both(words, number.status),
    ways.map(([is, text, more, knob]) => deed(text, more, knob, is === number.status)));
}

function proof(number, at, deed) {
  const [tone, words] = PROOF[number.code_verification_status] ?? ["plain", "Unknown"];
  const proven = number.code_verification_status === "VERIFIED";
  return fact("Ownership", tone, both(words, number.code_verification_status),
    number.code_verification_status === "EXPIRED" ? null
      : deed("Expire the proof", "needs a code again", at("expire_verification")),
    proven ? null : deed("Prove", "counts as proven, without a code", at("prove_ownership")));
}

function displayName(number, at, deed) {
  const [tone, words] = NAME[number.name_status] ?? ["warn", "Not approved"];
  return fact("Display name", tone, both(`${number.name}: ${words.toLowerCase()}`, number.name_status),
    number.name_status === "APPROVED"
      ? deed("Hold for review", "waits for the review of its name", at("hold_name_review"))
      : deed("Approve", "has its name approved", at("approve_name")));
}

function pin(number, at, deed, say) {
  const id = freshId("pin");
  const field = el("input", {
    id, class: "field", inputmode: "numeric", maxlength: "6", autocomplete: "off", placeholder: "123456",
    data: { key: `pin ${number.id}` },
  });
  const set = async (event) => {
    event.preventDefault();
    if (await turn(say, at("set_pin", { pin: field.value }))) say(`${number.name} now has the PIN ${field.value}.`);
  };
  const value = number.pin
    ? ["On. This sandbox's PIN is ", el("strong", { class: "mono" }, number.pin), "."] : "Off: the next one becomes it";
  return fact("Two-step PIN", "plain", value,
    el("form", { class: "line", on: { submit: set } }, el("label", { for: id, class: "for-ears" }, "New PIN"), field,
      el("button", { class: "button small", data: { key: "set pin" } }, "Set PIN")),
    number.pin ? deed("Turn PIN off", "has no two-step PIN", at("remove_pin")) : null);
}

function businessApp(number, at, deed) {
  return number.on_business_app
    ? fact("Business app", "warn", "In use on the WhatsApp Business app",
      deed("Take off the app", "is no longer on the WhatsApp Business app", at("take_off_business_app")))
    : fact("Business app", "plain", "Not in use there",
      deed("Put on the app", "is in use on the WhatsApp Business app", at("put_on_business_app")));
}

function webhook(number, ours, at, deed) {
  const to = (url) => at("take_over_webhook", { url });
  return overrideFact("Webhook", "None of its own", number.override_url, ours, {
    set: deed("Set", "sends what it hears to this bot", to(ours)),
    takeOver: deed("Take over", "sends what it hears to somebody else", to(ELSEWHERE)),
    clear: deed("Clear", "has no webhook of its own", to(null)),
  });
}

/** An address that wins over those of a level below: not set, set to this bot's own, or somebody else's. */
export function overrideFact(name, without, url, ours, { set, takeOver, clear }) {
  if (!url) return fact(name, "plain", without, ours ? set : null, takeOver);
  return url === ours ? fact(name, "good", `Set to ours: ${url}`, takeOver, clear)
    : fact(name, "warn", `Taken over: ${url}`, ours ? set : null, clear);
}

/** Our words and Meta's word for it. */
export function both(words, theirs) {
  return [words, " ", el("span", { class: "theirs mono" }, theirs)];
}
