// The phones of the numbers: what arrives on them, and what gets lost on the way.

import { el, freshId } from "../dom.js";
import { on, state } from "../store.js";
import { button, chooser, clock, day, options, redraw, saying, turn } from "./parts.js";

const LINES = {
  mobile: "Mobile",
  landline: "Landline: takes calls, no SMS",
  toll_free: "Toll-free: takes calls, no SMS",
  voip: "Internet line: takes calls, no SMS",
};
const CODE_LIFE_S = 600;

const seen = new Map(); // number → how many messages its owner has looked at
const known = new Map(); // number → how many there were, and how many were lost, when last told
let chosen = "";

/** Draw the phones into the region. */
export function mount(region) {
  const { node: says, say } = saying();
  const { select, node: choose } = chooser("Phone of", freshId("phone"), (number) => { show(number); draw(); });
  const body = el("div", { class: "handset-place" });
  region.append(el("h2", { class: "panel-head" }, "Phone"), choose, body, says);

  function show(number) {
    look();
    chosen = number;
  }
  function look() {
    const phone = find(chosen);
    if (phone) seen.set(phone.number, phone.messages.length);
  }
  function draw() {
    const phones = state.phones;
    if (!phones.length) return;
    if (!find(chosen)) chosen = sorted(phones)[0].number;
    options(select, sorted(phones).map((phone) => [phone.number, optionText(phone)]), chosen);
    redraw(body, handset(find(chosen), say, () => { look(); draw(); }));
    const screen = body.querySelector(".screen");
    screen.scrollTop = screen.scrollHeight;
  }
  on("hello", () => {
    if (state.phones.some((phone) => phone.messages.length < (known.get(phone.number)?.count ?? 0))) say(""); // another world
    for (const phone of state.phones) {
      if (!known.has(phone.number)) seen.set(phone.number, phone.messages.length);
      note(phone);
    }
    draw();
  });
  on("phones", () => {
    for (const phone of state.phones) {
      const news = whatIsNew(phone);
      if (news) {
        if (phone.number !== chosen) show(phone.number);
        say(news);
      }
      note(phone);
    }
    draw();
  });
}

function find(number) {
  return state.phones.find((phone) => phone.number === number);
}

function note(phone) {
  if (phone.messages.length < (seen.get(phone.number) ?? 0)) seen.set(phone.number, phone.messages.length);
  known.set(phone.number, { count: phone.messages.length, lost: phone.lost });
}

function whatIsNew(phone) {
  const before = known.get(phone.number) ?? { count: 0, lost: 0 };
  if (phone.messages.length > before.count) {
    return phone.messages.at(-1).kind === "CALL"
      ? `The phone of ${phone.name} rang: a code was read out.`
      : `An SMS arrived on the phone of ${phone.name}.`;
  }
  if (phone.lost <= before.lost) return "";
  return phone.missed.at(-1).kind === "CALL"
    ? `Nobody took the call to the phone of ${phone.name}.`
    : `An SMS to the phone of ${phone.name} got lost.`;
}

const unread = (phone) => Math.max(0, phone.messages.length - (seen.get(phone.number) ?? 0));
const latest = (phone) => phone.messages.at(-1)?.at ?? "";

/** Those with something new on top, then those used last. */
function sorted(phones) {
  return [...phones].sort((a, b) => unread(b) - unread(a) || latest(b).localeCompare(latest(a)));
}

function optionText(phone) {
  const news = unread(phone) ? `, ${unread(phone)} new` : "";
  return `${phone.name} (${phone.display})${news}`;
}

function handset(phone, say, looked) {
  const first = phone.messages.length - unread(phone);
  const bubbles = phone.messages.map((message, place) =>
    [message.at, bubble(message, {
      fresh: place >= first, copy: place === phone.messages.length - 1 ? say : null, looked,
      over: place < phone.messages.length - 1 || !phone.code_until,
    })]);
  const missed = phone.missed.map((one) => [one.at, el("li", { class: "missed" },
    `${one.kind === "CALL" ? "Missed call from WhatsApp" : "An SMS got lost"}, ${clock(one.at)}`)]);
  const all = [...bubbles, ...missed].sort(([a], [b]) => a.localeCompare(b)).map(([, item]) => item);
  return [
    el("div", { class: "handset" },
      el("div", { class: "handset-bar" },
        el("strong", {}, phone.name), el("span", { class: "mono" }, phone.display),
        el("span", { class: "soft" }, LINES[phone.line] ?? phone.line)),
      el("div", {
        class: "screen", tabindex: "0", role: "group", "aria-label": `Messages and calls, ${phone.name}`, data: { key: "screen" },
      },
        all.length ? el("ol", {}, all)
          : el("p", { class: "empty soft" }, "Nothing yet. A code that somebody asks for arrives here."))),
    el("div", { class: "arms" }, arms(phone, say)),
  ];
}

/** `over`: its code was used, has expired, or a newer one took its place. */
function bubble(message, { fresh, copy, looked, over }) {
  const call = message.kind === "CALL";
  const code = message.text.replace(/\D/g, "").slice(0, 6);
  const copied = async () => {
    looked();
    try {
      await navigator.clipboard.writeText(code);
      copy("The code is copied.");
    } catch {
      copy("This browser does not let the page copy. Type the code.", true);
    }
  };
  return el("li", { class: call ? "bubble call" : "bubble" },
    el("p", { class: "bubble-head" },
      el("strong", {}, call ? "Call from WhatsApp" : "WhatsApp"),
      el("span", { class: "soft" }, `${call ? "answered " : ""}${day(message.at)}, ${clock(message.at)}`),
      fresh && !over ? el("span", { class: "pill info" }, "New") : null,
      over ? el("span", { class: "pill over" }, "no longer valid") : null),
    el("p", { class: "bubble-text", lang: message.language.slice(0, 2) }, message.text),
    copy && code.length === 6 ? button("Copy code", "Copy code", copied) : null);
}

function arms(phone, say) {
  const at = (knob) => () => turn(say, [`phones/${phone.number}/${knob}`]);
  const expire = async () => {
    if (await turn(say, ["time", { skip_s: CODE_LIFE_S }])) say("10 minutes passed: the code has expired.");
  };
  return [
    armed("Decline the next call", phone.declining, at("decline_next_call"), at("take_calls")),
    armed("Lose the next SMS", phone.losing, at("lose_next_sms"), at("let_sms_through")),
    phone.code_until
      ? button("Let the code expire (10 minutes later)", "Let the code expire (10 minutes later)", expire)
      : null,
  ];
}

function armed(text, times, arm, disarm) {
  const props = {
    type: "button", class: "button small arm", "aria-pressed": String(times > 0), data: { key: text },
    on: { click: times ? disarm : arm },
  };
  return el("button", props, text, times ? el("span", { class: "pill warn" }, "will happen") : null);
}
