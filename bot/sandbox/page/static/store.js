// What this tab knows: the workspace as one person sees it, the world around it, and where the tab is looking.

/** Frames of the server, by kind; see bot/sandbox/page/__init__.py for their shapes. */
export const state = {
  me: "", people: [], commands: [], names: {}, app: {}, team: {},
  channels: new Map(), // id → channel, its `messages` a Map ts → message in the order of ts
  stack: [], home: null,
  phones: [], meta: null, bot: null, faults: [], clock: { now: "", skipped_s: 0 },
  traffic: [],
  linked: false,
};

/** Where the tab is looking: never sent to the server, kept over a change of person. */
export const ui = { place: "C0GENERAL", tab: "home", thread: null, panel: "phone" };

const MOST_TRAFFIC = 500;
const listeners = new Map();

/** Hear of changes: hello, channel, message, gone, stack, home, phones, meta, bot, faults, clock, traffic, link, ui. */
export function on(kinds, heard) {
  for (const kind of kinds.split(" ")) {
    if (!listeners.has(kind)) listeners.set(kind, []);
    listeners.get(kind).push(heard);
  }
}

/** Tell everybody who listens for `kind`; one who fails does not keep it from the others. */
export function tell(kind, detail) {
  for (const heard of listeners.get(kind) ?? []) {
    try {
      heard(detail);
    } catch (error) {
      console.error(error);
    }
  }
}

/** Look somewhere else: `look({ place: "C0AUDIT", thread: null })`. */
export function look(change) {
  Object.assign(ui, change);
  tell("ui", change);
}

/** The person this tab acts as. */
export function me() {
  return state.people.find((person) => person.id === state.me);
}

/** Root messages of a channel, oldest first. */
export function roots(channel) {
  return [...channel.messages.values()].filter((message) => !message.thread_ts);
}

/** Replies under `ts`, oldest first. */
export function replies(channel, ts) {
  return [...channel.messages.values()].filter((message) => message.thread_ts === ts);
}

function keep(channel) {
  state.channels.set(channel.id, { ...channel, messages: new Map(channel.messages.map((m) => [m.ts, m])) });
}

const APPLY = {
  hello(frame) {
    const { kind, channels, ...rest } = frame;
    Object.assign(state, rest);
    state.channels = new Map();
    channels.forEach(keep);
  },
  channel: (frame) => keep(frame.channel),
  message(frame) {
    state.channels.get(frame.channel)?.messages.set(frame.message.ts, frame.message);
  },
  gone(frame) {
    state.channels.get(frame.channel)?.messages.delete(frame.ts);
  },
  stack: (frame) => { state.stack = frame.stack; },
  home: (frame) => { state.home = frame.view; },
  phones: (frame) => { state.phones = frame.phones; },
  meta: (frame) => { state.meta = frame.meta; },
  bot: (frame) => { state.bot = frame.bot; },
  faults: (frame) => { state.faults = frame.faults; },
  clock: (frame) => { state.clock = frame.clock; },
  traffic(frame) {
    state.traffic.push(...frame.entries);
    if (state.traffic.length > MOST_TRAFFIC) state.traffic.splice(0, state.traffic.length - MOST_TRAFFIC);
  },
};

/** Take a frame of the server in and tell of it. */
export function apply(frame) {
  APPLY[frame.kind]?.(frame);
  tell(frame.kind, frame);
}

/** The link to the sandbox came up or went down. */
export function setLinked(linked) {
  state.linked = linked;
  tell("link", { linked });
}
