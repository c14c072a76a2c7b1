"""The webhook of a number, its test and its changes, made from the ugliest data."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from bot.evidence.reading import Reading, answered
from bot.evidence.records import Events, Fault, Handshake, Trial, TrialResult
from bot.evidence.snapshot import NEEDED_FIELDS, Snapshot
from bot.fixes.app_address import Move, Moved
from bot.fixes.done import Done
from bot.graph.errors import Unreachable
from bot.graph.model import AppSubscription, Number, SubscribedApp, Webhooks
from bot.roles import Role
from bot.webhook_plan import Change, Deed, Plan, plan
from bot.webhooks import Moving, Sight, Tested
from handlers.views import webhook, webhook_fix, webhook_trial
from tests.handlers.views.ugly import NOW, ref
from tests.handlers.views.ugly_diagnose import done

LONGEST = "https://" + "h" * 60 + ".example/" + "p" * 120
UNREAD: Reading[Any] = Reading("GET /x", NOW, error=Unreachable("", sent=True))


def snapshot(text: str, *, known: bool = True, ours: str = LONGEST) -> Snapshot:
    apps = tuple(SubscribedApp(str(n), text) for n in range(40))
    hooks = Webhooks(text or None, LONGEST, LONGEST)
    return Snapshot(
        ref=ref(text), now=NOW, app_id="0", webhook_url=ours,
        token=UNREAD,
        number=answered("GET /1", NOW, Number("1", "2", text, webhooks=hooks)) if known else UNREAD,
        account=UNREAD,
        apps=answered("GET /2", NOW, apps) if known else UNREAD,
        subscription=answered("GET /3", NOW, AppSubscription(LONGEST, False, frozenset({"messages"})))
        if known else UNREAD,
        events=Events(last_any=NOW) if known else None,
    )  # fmt: skip


def sights(text: str) -> Iterator[Sight]:
    others = tuple(ref(text, str(n)) for n in range(60))
    for known, ours in product((True, False), (LONGEST, "")):
        snap = snapshot(text, known=known, ours=ours)
        yield Sight(snap, plan(snap), others if known else None)
    for deed, also in product(Deed, (None, (), others)):
        yield Sight(
            snapshot(text), Plan(Change(deed, "1", "2", LONGEST, LONGEST, text), app=(text,) * 3), also
        )


def tests(text: str) -> Iterator[Tested]:
    for fault, http in ((Fault.NONE, 200), (Fault.TLS, 0), (Fault.GUARD, 0)):
        parts = tuple(TrialResult(trial, not fault, http, fault, 1.234, text) for trial in Trial)
        shake = Handshake(NOW, LONGEST, parts)
        yield Tested(shake)
        yield Tested(shake, parts[1], LONGEST)


def moves(text: str) -> Iterator[Moving]:
    sight = next(sights(text))
    for count, unknown in ((0, ()), (1, ()), (35, ()), (600, ()), (3, ("1022901293403",) * 40)):
        accounts = tuple(Moved(f"10229012934{n:04d}", text) for n in range(count))
        move = Move(LONGEST, LONGEST, ("messages",), NEEDED_FIELDS, accounts, unknown)
        yield Moving(sight, move)
        yield Moving(sight, move, Done(text or "Done."))


def windows(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for role in (Role.OPERATOR, Role.MANAGER):
        for sight in sights(text):
            yield "webhook", webhook.card(sight, role=role)
            for came in done(text):
                yield "webhook fix", webhook_fix.fix(sight, role=role, done=came, changed=came is None)
        for test in tests(text):
            yield "webhook test", webhook_trial.tested(ref(text), test, role=role)
    yield "webhook testing", webhook_trial.testing(ref(text))
    yield "webhook working", webhook_fix.working("1")
    for moving in moves(text):
        for changed in (True, False):
            yield "webhook of the app", webhook_fix.app(moving, changed=changed)


def messages(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for sight in sights(text):
        yield "webhook", webhook.card_message(sight, role=Role.MANAGER)
        for came in done(text):
            yield "webhook fix", webhook_fix.fix_message(sight, role=Role.MANAGER, done=came)
    for test in tests(text):
        yield "webhook test", webhook_trial.tested_message(ref(text), test, role=Role.OPERATOR)
    for moving in moves(text):
        yield "webhook of the app", webhook_fix.app_message(moving)
