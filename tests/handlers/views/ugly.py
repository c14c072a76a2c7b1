"""Data at its longest and ugliest, every view made from it, and what must hold for all of them."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

from bot.budget import Allowance, Budget
from bot.flows.report import Change, RefreshReport, Verdict
from bot.flows.state import Reconnect, Step
from bot.numbers import NumberRef
from bot.roles import Role
from bot.status import Answer, Board, Card, Fact, Known, Row, State
from handlers.views import audit, budget, home, menu, reconnect, refresh, status
from handlers.views.audit_words import SAYS
from handlers.views.kit import Press

NOW = datetime(2026, 11, 2, 14, 2, tzinfo=UTC)
TEXTS = [
    "",
    " ",
    "Sales",
    "x" * 5000,
    "&" * 5000,
    "<!channel>" * 500,
    "<@U0EVIL> <http://evil.example|Login> <!here|here> &lt;!channel&gt;",
    "\u202eevil\u2066 שלום مرحبا \u200f",
    "\ud800\udfff\x00\x01\n\r\t\u2028",
    "👩‍👩‍👧‍👦🎉" * 900,
    ":large_green_circle: Connected",
    "*bold* _x_ ~y~ `code` {braces} {0} %s",
    "1" * 100,  # as an ISO date this is in the year 1111
    "line\nline\n#9 12:00 the bot finished: Connected",
]
_ALLOWED = re.compile(r"<@[UW][A-Z0-9]+>|<#C0AUDIT>|<!date\^[0-9]+\^[^|<>]*\|[^<>]*>")


def ref(text: str, id_: str = "106540352242922") -> NumberRef:
    return NumberRef(id_, "77", text, "15550100198", text)


def allowance(left: int, *, closed: bool = False, why: str = "us", manager: bool = False) -> Allowance:
    return Allowance(left, 5, "24 hours", NOW + timedelta(seconds=43) if closed else None, manager, why)


def budgets(text: str) -> Iterator[Budget]:
    full = allowance(4)
    yield Budget(full, full, full, full, full)
    none = allowance(0, closed=True, why=text, manager=True)
    yield Budget(none, none, none, none, none)
    later = Allowance(0, 5, "72 hours", NOW + timedelta(hours=30), False, text)
    yield Budget(later, full, full, full, later)


def flow(step: Step, text: str, **changes: Any) -> Reconnect:
    made: dict[str, Any] = {
        "id": "f" * 32,
        "ref": ref(text),
        "owner": "U0ANA",
        "step": step,
        "version": 3,
        "started_at": NOW - timedelta(minutes=4),
        "updated_at": NOW,
        "code_sent_at": NOW - timedelta(minutes=2),
        "reason": text,
    }
    return Reconnect(**(made | changes))


def flows(text: str) -> Iterator[Reconnect]:
    for step in Step:
        yield flow(step, text)
    yield flow(Step.SENT, text, code_unsure=True)
    yield flow(Step.SENT, text, code_sent_at=None)
    yield flow(Step.SENT, text, code_sent_at=NOW - timedelta(minutes=11))
    yield flow(Step.SENT, text, holder="U0LUIS", holder_since=NOW, method="VOICE")
    yield flow(Step.PIN, text, pin_exists=True)
    yield flow(Step.PIN, text, pin_exists=False)
    for after in (*Step, None):
        yield flow(Step.UNSURE, text, unsure_after=after)


def row(text: str, state: State = State.DISCONNECTED, id_: str = "1") -> Row:
    return Row(ref(text, id_), state, text, text, NOW - timedelta(seconds=12), state is State.DISCONNECTED)


def card(text: str) -> Card:
    facts = tuple(Fact(text or "Token", answer, text, text) for answer in Answer for _ in range(3))
    return Card(row(text), facts, ((text, text),) * 25, (text,) * 9)


def report(text: str, lines: int = 30) -> RefreshReport:
    verdicts = tuple(Verdict)
    changes = tuple(Change(text, text, text, verdicts[n % 4], text) for n in range(lines))
    return RefreshReport(ref(text), changes, None, text)


def record(text: str, **changes: str) -> dict[str, str]:
    body = {
        "seq": "12841", "kind": "outcome", "at": NOW.isoformat(), "actor": "U0ANA", "action": "code.verify",
        "name": text, "tail": "4821", "outcome": "failed", "reason": text, "trace": text, "details.method": text,
    }  # fmt: skip
    return body | changes


def windows(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every modal, by name."""
    for money in budgets(text):
        for one in flows(text):
            for viewer in ("U0ANA", "U0LUIS"):
                for ready in (True, False):
                    yield f"at {one.step}", reconnect.at(
                        one, budget=money, now=NOW, viewer=viewer, advice=text, name_ready=ready,
                        report=report(text), warning=text,
                    )  # fmt: skip
        sent = flow(Step.SENT, text)
        yield "not six", reconnect.enter(sent, budget=money, now=NOW, not_six=True, warning=text)
        yield (
            "choose",
            reconnect.choose(now=NOW, numbers=[ref(text, str(n)) for n in range(250)], budget=money),
        )
        yield "budget", budget.budget_modal(ref(text), money, now=NOW)
    yield "choose nothing", reconnect.choose(now=NOW)
    yield "hand off", reconnect.pick_holder(flow(Step.SENT, text), warning=text)
    yield "new pin", reconnect.new_pin(flow(Step.PIN, text), warning=text)
    for may in (True, False):
        busy = flow(Step.SENT, text, holder="U0LUIS")
        yield "busy", reconnect.busy(busy, now=NOW, until=NOW, may_join=may, may_take_over=may)
    yield "card", status.card_modal(card(text), now=NOW)
    yield "confirm", refresh.confirm(ref(text))
    yield "working", refresh.working("1")
    yield "result", refresh.result(report(text), now=NOW)
    yield "loading", menu.loading()
    press = Press(action_id="x.y", label="View", value="1")
    yield "notice", menu.notice(title=text, text=text, hint=text, press=press, about="1", code=text)


def messages(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every message, by name."""
    refs = [ref(text, str(n)) for n in range(230)]
    yield "menu", menu.menu(verbs=[("status", text or "x", text or "x")] * 30)
    yield "menu of nobody", menu.menu(verbs=[])
    yield "help", menu.help_text(lines=[("/whatsapp status [number]", text)] * 12)
    yield "did you mean", menu.did_you_mean(typed=text, verb="status", summary=text)
    for page in (-1, 0, 1, 9):
        yield "picker", menu.picker(verb="reconnect", title="Which number?", numbers=refs, page=page)
    yield "picker of none", menu.picker(verb="reconnect", title="Which number?", numbers=[])
    yield "ambiguous", menu.ambiguous(verb="reconnect", typed=text, numbers=refs)
    yield "notice", menu.notice_message(text=text, hint=text, code=text)
    rows = tuple(row(text, state, str(n)) for n in range(12) for state in State)
    for page in range(-1, 12):
        yield "board", status.board(Board(rows, (text,) * 9), now=NOW, page=page)
    yield "worst board", status.board(Board((row(text),) * 12, (text,) * 9), now=NOW)
    yield "empty board", status.board(Board(()), now=NOW)
    yield "card", status.card(card(text), now=NOW)
    for money in budgets(text):
        yield "budget", budget.budget_message(ref(text), money, now=NOW)
    yield "result", refresh.result_message(report(text), now=NOW)
    yield from _audit(text)


def homes(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every Home tab, by name."""
    rows = tuple(row(text, state, str(n)) for n in range(112) for state in State)
    known = Known(Board(rows, (text,) * 9), NOW)
    under_way = tuple(flow(step, text, holder="U0LUIS") for step in Step)
    verbs = tuple((f"verb{n}", text or "x", text or "x") for n in range(4))
    viewers, states = ("U0ANA", "U0LUIS", text), (known, Known(), Known(Board((), (text,) * 9), NOW))
    hands = ((), under_way, (flow(Step.SENT, text, kind="refresh"),))
    for n, (role, knows, flows_) in enumerate(product(Role, states, hands)):
        viewer = viewers[(n + n // 3) % 3]  # each with each state and each hand, not all with all
        yield f"home of {role.name} {viewer}", home.home(home.Home(
            viewer=viewer, role=role, now=NOW, known=knows, flows=flows_, verbs=verbs,
            reading=n % 2 == 0, trouble=text, records="C0AUDIT",
        ))  # fmt: skip
    yield "home with a sentence", home.only(text)


def _audit(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for action in (*SAYS, text):
        for outcome in ("", "ok", "failed", "unknown", "not_sent", "refused", text):
            for kind in ("intent", "outcome", "fact"):
                yield "reply", audit.reply(record(text, action=action, outcome=outcome, kind=kind))
    odd = {key: text for key in record(text)} | {f"details.{n}{text[:40]}": text for n in range(9)}
    yield "odd reply", audit.reply(odd)
    yield "empty reply", audit.reply({})
    for one in audit.batch([odd] * 60):
        yield "batch", one
    yield "parent", audit.parent(record(text))
    yield "final", audit.parent(record(text, took=text, why=text), state=text or "Connected")
    for template in (*audit.DMS, text):
        values = {"template": template, "name": text, "tail": text, "from": text, "until": text}
        yield "dm", audit.dm({**values, "reason": text, "text": text}, flow_id="f")
        yield "dm", audit.dm({"template": template, "until": NOW.isoformat(), "from": "U0ANA"}, flow_id="")


def texts_of(value: Any, *, key: str = "") -> Iterator[tuple[str, str]]:
    """(kind, text) of every text in a payload: "mrkdwn", "plain_text" or "fallback"."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            kind = value.get("type", "fallback")
            assert kind != "mrkdwn" or value["verbatim"] is True, "Slack would make links of outside text"
            assert kind != "plain_text" or value["emoji"] is False
            yield kind, value["text"]
        for name, inner in value.items():
            yield from texts_of(inner, key=name)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner, key=key)


def invisible(text: str) -> set[str]:
    """The categories of what nobody sees in it; line ends are meant."""
    shown = text.replace("\n", "")
    if shown.isprintable():
        return set()
    return {unicodedata.category(char) for char in {*shown}} & {"Cc", "Cf", "Cs", "Co"}


def faults(payload: Mapping[str, Any]) -> list[str]:
    """What outside text could do in this payload that it must not."""
    found = []
    for kind, text in texts_of(payload):
        hidden = invisible(text)
        if hidden:
            found.append(f"invisible {hidden} in {text[:80]!r}")
        if kind == "plain_text":
            continue
        rest = _ALLOWED.sub("", text)
        if "U0EVIL>" in text or "<" in rest or ">" in rest:
            found.append(f"unescaped: {text[:200]!r}")
        if re.search(r"&(?!amp;|lt;|gt;)", rest):
            found.append(f"half an entity: {text[-80:]!r}")
    json.dumps(payload).encode()
    return found
