"""A number with which all is well, and small ways to change one thing about it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.audit import Act
from bot.evidence.reading import Reading, answered
from bot.evidence.records import Attempt, Attempts, Events, Failures
from bot.evidence.snapshot import NEEDED_FIELDS, Snapshot
from bot.graph.errors import GraphError, NotFound, PermissionMissing, TokenRejected, Unreachable
from bot.graph.model import (
    Account,
    AppSubscription,
    Health,
    HealthEntity,
    Number,
    SubscribedApp,
    TokenInfo,
    Webhooks,
)
from bot.numbers import NumberRef
from bot.status import NEEDED_SCOPES

Change = Callable[[Snapshot], Snapshot]

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
APP, ACCOUNT, NUMBER = "670843887433847", "102290129340398", "106540352242923"
URL = "https://bot.example/webhooks/whatsapp"
REF = NumberRef(NUMBER, ACCOUNT, "Support", "12025550121", "+1 202-555-0121")
READS = ("token", "number", "account", "apps", "subscription")
HEALTH = Health(
    "AVAILABLE",
    "AVAILABLE",
    tuple(
        HealthEntity(kind, id_, "AVAILABLE")
        for kind, id_ in (("PHONE_NUMBER", NUMBER), ("WABA", ACCOUNT), ("BUSINESS", "506"), ("APP", APP))
    ),
)
GOOD_NUMBER = Number(
    NUMBER,
    ACCOUNT,
    "+1 202-555-0121",
    verified_name="Support",
    status="CONNECTED",
    code_verification_status="VERIFIED",
    quality_rating="GREEN",
    name_status="APPROVED",
    platform_type="CLOUD_API",
    account_mode="LIVE",
    is_pin_enabled=True,
    messaging_limit="TIER_2K",
    is_on_biz_app=False,
    webhooks=Webhooks(application=URL),
    health=HEALTH,
)
GOOD_TOKEN = TokenInfo(
    APP,
    "SYSTEM_USER",
    True,
    user_id="122",
    application="Acme Ops",
    expires_at=NOW + timedelta(days=40),
    issued_at=NOW - timedelta(days=20),
    scopes=frozenset(NEEDED_SCOPES),
    granular=dict.fromkeys(NEEDED_SCOPES, (ACCOUNT,)),
)


def healthy() -> Snapshot:
    return Snapshot(
        ref=REF,
        now=NOW,
        app_id=APP,
        webhook_url=URL,
        token=answered("GET /debug_token", NOW, GOOD_TOKEN),
        number=answered(f"GET /{NUMBER}", NOW, GOOD_NUMBER),
        account=answered(
            f"GET /{ACCOUNT}", NOW, Account(ACCOUNT, "Acme Shop", "ACTIVE", "APPROVED", "verified", "TIER_2K")
        ),
        apps=answered(f"GET /{ACCOUNT}/subscribed_apps", NOW, (SubscribedApp(APP, "Acme Ops"),)),
        subscription=answered(
            f"GET /{APP}/subscriptions", NOW, AppSubscription(URL, True, frozenset(NEEDED_FIELDS))
        ),
        events=Events(last_any=NOW, last_inbound=NOW - timedelta(minutes=5), usual_gap=timedelta(minutes=30)),
    )


def of(*changes: Change) -> Change:
    def all_of_them(snapshot: Snapshot) -> Snapshot:
        for change in changes:
            snapshot = change(snapshot)
        return snapshot

    return all_of_them


def number(**changes: object) -> Change:
    return _value("number", changes)


def token(**changes: object) -> Change:
    return _value("token", changes)


def account(**changes: object) -> Change:
    return _value("account", changes)


def subscription(**changes: object) -> Change:
    return _value("subscription", changes)


def _value(name: str, changes: dict[str, object]) -> Change:
    def change(snapshot: Snapshot) -> Snapshot:
        reading: Reading[object] = getattr(snapshot, name)
        if not reading.known:
            return snapshot
        return replace(snapshot, **{name: replace(reading, value=replace(reading.value, **changes))})

    return change


def whole(**changes: object) -> Change:
    return lambda snapshot: replace(snapshot, **changes)


def events(**changes: object) -> Change:
    return lambda snapshot: replace(snapshot, events=replace(snapshot.events or Events(), **changes))


def failed_messages(code: int) -> Change:
    return events(failures={code: Failures(3, NOW - timedelta(hours=1))})


def tried(
    act: Act, code: int = 0, subcode: int = 0, *, ago: timedelta = timedelta(minutes=10), **more: object
) -> Change:
    attempt = Attempt(not (code or subcode), NOW - ago, code, subcode, words="Meta's words", **more)

    def change(snapshot: Snapshot) -> Snapshot:
        last = {**snapshot.attempts.last, act: attempt}
        return replace(snapshot, attempts=Attempts(last, snapshot.attempts.pin_misses))

    return change


def wrong_pins(count: int) -> Change:
    return lambda snapshot: replace(snapshot, attempts=replace(snapshot.attempts, pin_misses=count))


def health(kind: str, said: str, *problems: str, codes: tuple[int, ...] = ()) -> Change:
    """One entity of the number's health is not as it should be."""
    sick = HealthEntity(kind, "1", said, problems, codes)
    rest = tuple(e for e in HEALTH.entities if e.kind != kind)
    return number(health=Health(said, said, (sick, *rest)))


def fails(name: str, error: GraphError | None) -> Change:
    """The reading called `name` fails with `error`; None: it was not asked."""

    def change(snapshot: Snapshot) -> Snapshot:
        old: Reading[object] = getattr(snapshot, name)
        new = Reading[object](old.how, NOW if error else None, 0.1, None, error)
        return replace(snapshot, **{name: new})

    return change


def dead(subcode: int, **token_changes: object) -> Change:
    """The token is dead for this reason, as every read made with it says."""
    rejected = TokenRejected(
        "Meta no longer accepts our access token.", code=190, subcode=subcode, trace="T1"
    )
    told = {"is_valid": False, "error_code": 190, "error_subcode": subcode, "error_words": "Error validating"}
    return of(token(**{**told, **token_changes}), *(fails(name, rejected) for name in READS[1:4]))


def forbidden(*names: str, code: int = 200) -> Change:
    return of(
        *(fails(name, PermissionMissing("Not allowed.", code=code, words="(#200) No")) for name in names)
    )


def missing(*names: str) -> Change:
    words = "Unsupported get request. See https://evil.example/"
    return of(*(fails(name, NotFound("Nothing.", code=100, subcode=33, words=words)) for name in names))


def away(status: str = "DISCONNECTED", **changes: object) -> Change:
    """Not registered, ownership proven; what an unregistered number's health says."""
    return of(
        health("PHONE_NUMBER", "BLOCKED", "133010: not registered", codes=(133010,)),
        number(status=status, platform_type="NOT_APPLICABLE", **changes),
    )


def timeout() -> GraphError:
    return Unreachable("Meta did not answer.", sent=True)
