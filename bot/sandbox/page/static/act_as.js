// "Act as": which person this tab is. Kept in the address, so that a link opens as that person.

import { actAs } from "./net.js";
import { el, fill } from "./dom.js";
import { me, on, state } from "./store.js";
import { actors } from "./people.js";

const KEPT = "act-as";
const FIRST = "U0ANA";

export function startActing() {
  const select = document.getElementById("act-as");
  select.addEventListener("change", () => become(select.value));
  on("hello", () => draw(select));
  on("link", notAStranger);
}

/** An address may name somebody who is not here (any more): then it is the first person again. */
async function notAStranger({ linked }) {
  if (linked || state.people.length || state.me === FIRST) return;
  const answers = await fetch("/").then((page) => page.ok, () => false);
  if (answers) become(FIRST);
}

/** Who this tab was last, or is asked to be by its address. */
export function firstPerson() {
  return new URLSearchParams(location.search).get("as") ?? sessionStorage.getItem(KEPT) ?? FIRST;
}

/** Look at everything as this person from now on. */
export function become(id) {
  sessionStorage.setItem(KEPT, id);
  const address = new URL(location.href);
  address.searchParams.set("as", id);
  history.replaceState(history.state, "", address);
  actAs(id);
}

function draw(select) {
  fill(select, actors().map((person) => el("option", { value: person.id, text: label(person) })));
  select.value = state.me;
  document.getElementById("act-as-about").textContent = me()?.about ?? "";
}

const ROLES = { none: "no role", foreign: "another company", administrator: "administrator" };
const label = (person) => `${person.real_name} – ${ROLES[person.role] ?? person.role}`;
