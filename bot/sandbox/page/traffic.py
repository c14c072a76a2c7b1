"""The Inspector's entries: every envelope, call, refusal and start, as it happens, with its secrets hidden."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.meta.calls import Call
from bot.sandbox.meta.sending import Sending
from bot.sandbox.page.masking import Mask
from bot.sandbox.slack.model import JSON, EnvelopeLog, Happening, Refusal
from bot.sandbox.slack.web_api import METHODS
from bot.sandbox.world import Sandbox

KEPT = 200
_WIDEST = 6_000  # characters of one entry's detail; of more, the blocks are only counted
_WITHOUT_CALL = frozenset({"invalid_json", "json_not_supported"})
_OUTCOMES = {"waiting": None, "delivered": True, "refused": True}  # any other state: it went wrong
_IN_VAIN = {"hang": "left hanging", "reset_before": "cut off", "reset_after": "done, and the answer cut off"}


@dataclass(frozen=True, slots=True)
class _Sent:
    n: int
    at: str


class Traffic:
    """Listens from the moment it is made; `on_entry` is called with each entry, and again when it changes."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.on_entry: Callable[[JSON], None] | None = None
        self._sandbox = sandbox
        self._mask = Mask(sandbox)
        self._kept: deque[JSON] = deque(maxlen=KEPT)
        self._last = 0
        self._sent: dict[int, _Sent] = {}  # id of an envelope's log → its entry
        self._hooks: dict[int, _Sent] = {}  # number of a webhook's sending → its entry
        self._was_running = False
        self._refused: Refusal | None = None
        sandbox.slack.place.delivery.on_change = self._envelope
        sandbox.slack.refusals.on_note = self._refusal
        sandbox.meta.on_answer = self._graph
        sandbox.meta.delivery.on_change = self._webhook
        sandbox.slack.subscribe(self._happening)

    @property
    def entries(self) -> list[JSON]:
        return list(self._kept)

    def process(self) -> None:
        """The bot has started or ended."""
        bot = self._sandbox.bot
        if bot.is_running == self._was_running:
            return
        self._was_running = bot.is_running
        if bot.is_running:
            self._add("bot", "in", "process", "started", note=f"process {bot.pid}")
            return
        ended = bot.exit_code
        note = "killed" if ended == -9 else f"exit code {ended}"
        self._add("bot", "in", "process", "ended", ok=ended == 0, note=note)

    # -- what is heard ------------------------------------------------------------------------------------

    def _envelope(self, log: EnvelopeLog) -> None:
        sent = self._sent.get(id(log))
        if sent is None:
            sent = self._sent[id(log)] = _Sent(self._number(), self._now())
        if log.acked_at is not None and not log.timed_out:
            del self._sent[id(log)]
        waiting = log.acked_at is None and not log.timed_out and not log.undelivered
        answer = str((log.payload or {}).get("response_action") or ("with a reply" if log.payload else ""))
        note = _envelope_note(log, answer)
        detail = {"payload": log.envelope.get("payload"), "answer": log.payload}
        self._put(
            {
                "n": sent.n, "at": sent.at, "who": "slack", "direction": "out", "kind": "envelope",
                "what": _what(log.envelope), "ok": None if waiting else log.ok, "ms": _rounded(log.latency_ms),
                "note": note, "problems": [], "detail": self._shown(detail),
            }
        )  # fmt: skip

    def _happening(self, happening: Happening) -> None:
        if happening.kind != "called":
            return
        call = self._sandbox.slack.calls[-1]
        refusal, self._refused = self._refused, None
        problems = refusal.problems if refusal and not call.ok and refusal.method == call.method else ()
        note = call.error if call.ok or call.status else f"{_IN_VAIN.get(call.error, call.error)}"
        detail = {"request": call.payload, "answer": call.answer, "status": call.status}
        self._add(
            "slack", "in", "call", call.method, ok=call.ok, ms=call.ms, note=note, problems=problems, detail=detail
        )  # fmt: skip

    def _refusal(self, refusal: Refusal) -> None:
        self._refused = refusal
        if refusal.method in METHODS and refusal.error not in _WITHOUT_CALL:
            return  # told with the call itself, which comes next
        self._add(
            "slack", "in", "refusal", refusal.method, ok=False, note=refusal.error, problems=refusal.problems
        )

    def _graph(self, call: Call) -> None:
        ok = 200 <= call.status < 300
        code = f"error {call.code}" if call.code else ""
        note = "not answered" if not call.status else code or ("carried out" if call.effect else "")
        detail = {"params": dict(call.params), "status": call.status, "effect": call.effect}
        what = f"{call.method} {call.path}"
        self._add("meta", "in", "graph", what, ok=ok, ms=call.ms, note=note, detail=detail)

    def _webhook(self, sending: Sending) -> None:
        """One line for each, however often it is tried."""
        if sending.n not in self._hooks:
            self._hooks[sending.n] = _Sent(self._number(), self._now())
        sent = self._hooks[sending.n]
        if sending.state != "waiting":  # its last word
            del self._hooks[sending.n]
        detail = sending.described() | {"body": json.loads(sending.body)}
        tries = f"try {sending.tries}, answered {sending.status or 'nothing'}" if sending.tries else ""
        self._put(
            {
                "n": sent.n, "at": sent.at, "who": "meta", "direction": "out", "kind": "hook",
                "what": sending.about, "ok": _OUTCOMES.get(sending.state, False), "ms": None,
                "note": ", ".join(part for part in (sending.state, tries, sending.note) if part),
                "problems": [], "detail": self._shown(detail),
            }
        )  # fmt: skip

    # -- entries --------------------------------------------------------------------------------------------

    def _add(
        self, who: str, direction: str, kind: str, what: str, *, ok: bool = True, ms: float | None = None,
        note: str = "", problems: tuple[str, ...] = (), detail: JSON | None = None,
    ) -> None:  # fmt: skip
        self._put(
            {
                "n": self._number(), "at": self._now(), "who": who, "direction": direction, "kind": kind,
                "what": what, "ok": ok, "ms": _rounded(ms), "note": note, "problems": list(problems),
                "detail": self._shown(detail or {}),
            }
        )  # fmt: skip

    def _put(self, entry: JSON) -> None:
        old = next((i for i, e in enumerate(self._kept) if e["n"] == entry["n"]), None)
        if old is None:
            self._kept.append(entry)
        else:
            self._kept[old] = entry
        if self.on_entry is not None:
            self.on_entry(entry)

    def _number(self) -> int:
        self._last += 1
        return self._last

    def _now(self) -> str:
        return self._sandbox.clock.now().isoformat()

    def _shown(self, detail: JSON) -> JSON:
        shown = self._mask.apply(detail)
        if len(json.dumps(shown)) > _WIDEST:
            shown = {key: _shorter(inner) for key, inner in shown.items()}
        return shown


def _what(envelope: JSON) -> str:
    """What a reader would call it: the command, the button's action_id, the window's callback_id, the event."""
    payload = envelope.get("payload") or {}
    match envelope.get("type"):
        case "slash_commands":
            return f"{payload.get('command')}"
        case "events_api":
            return str(payload.get("event", {}).get("type"))
    kind = str(payload.get("type"))
    action = (payload.get("actions") or [payload])[0].get("action_id")
    return f"{kind} {action or payload.get('view', {}).get('callback_id') or ''}".strip()


def _envelope_note(log: EnvelopeLog, answer: str) -> str:
    if log.undelivered:
        return "no connection to deliver it on"
    if log.acked_at is None:
        return "not acknowledged within 3 seconds" if log.timed_out else "waits for its acknowledgement"
    late = " too late" if log.timed_out else ""
    again = f", copy {log.copy}" if log.copy else ""
    return f"acknowledged{late}{f', {answer}' if answer else ''}{again}"


def _shorter(value: object) -> object:
    """Without the blocks, which are what makes it long."""
    if isinstance(value, dict):
        return {
            key: f"… {len(inner)} of them" if isinstance(inner, list) and len(inner) > 2 else _shorter(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_shorter(inner) for inner in value]
    return value[:500] + "…" if isinstance(value, str) and len(value) > 500 else value


def _rounded(ms: float | None) -> float | None:
    return None if ms is None else round(ms, 1)
