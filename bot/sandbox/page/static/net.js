// The wire to the sandbox: one websocket that tells, and POSTs that do.

import { apply, setLinked, state } from "./store.js";

const LARGEST = 256 * 1024; // as the server; a browser would write its refusal into the console
let socket = null;
let wait_ms = 100;

/** See the workspace as this person from now on; comes back by itself when the link breaks. */
export function actAs(personId) {
  state.me = personId;
  if (socket) {
    socket.onclose = null;
    socket.close();
  }
  socket = new WebSocket(`ws://${location.host}/live?as=${encodeURIComponent(personId)}`);
  socket.onopen = () => { wait_ms = 100; };
  socket.onmessage = (event) => {
    const frame = JSON.parse(event.data);
    apply(frame);
    if (frame.kind === "hello") setLinked(true);
  };
  socket.onclose = () => {
    setLinked(false);
    wait_ms = Math.min(wait_ms * 2, 3000);
    setTimeout(() => actAs(state.me), wait_ms);
  };
}

/**
 * Do something as this person: `act("press", { on, block_id, action_id, value, values })`, or to the world:
 * `post("/world/time", { skip_s: 600 })`. Resolves to the answer; one with `error` when it was refused.
 */
export async function post(path, body = {}) {
  const sent = new Blob([JSON.stringify(body)]);
  if (sent.size > LARGEST) return { error: "That is more than the sandbox takes at once." };
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: sent,
    });
    return await answer.json();
  } catch {
    return { error: "The sandbox does not answer. Is `make demo` still running?" };
  }
}

export function act(verb, body = {}) {
  return post(`/act/${verb}`, { as: state.me, ...body });
}
