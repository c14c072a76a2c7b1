"""How a scenario without a knob of its own is reached with the whole bot running, or why it cannot be."""

from collections.abc import Mapping
from datetime import timedelta

from bot.evidence.snapshot import NEEDED_FIELDS
from bot.overrides import note_override
from bot.sandbox.meta.account import AppRecord
from bot.sandbox.meta.faults import Fault
from bot.sandbox.meta.seed import APP_SECRET, SHOP, Seed
from bot.sandbox.meta.token import MESSAGING
from tests.checks.healthy import healthy
from tests.checks.reaching import Way, all_of, attempted, failed, fault, later, told, world
from tests.checks.scenario import Scenario, app, bring_back, main_token, shop, support
from tests.desk import Desk
from tests.web.meta import Post, account_update, inbound

FOREIGN = "https://tenant.example/wa"
MARKETING = "RESTRICTED_BIZ_INITIATED_MESSAGING"
ACCOUNT_NODE = f"/{SHOP}"
# Nothing in the fake Meta, and nothing a running bot does, leads there.
UNREACHABLE: Mapping[str, str] = {
    "no token is stored": "the bot does not start without a token; it has none only while its database is emptied",
    "only a read tells that the token died": "Meta's debug_token lags behind its reads; the fake has one truth",
    "the account is locked, says a read": "the fake lets a locked account be read, as Meta does by its documents",
    "the number was deleted, says its code": "the fake answers a read of what is gone with 100/33, a write with 33",
    "the end point does not answer": "takes the test's whole 5 s; tests/bot/trial has it",
}


async def _not_refreshed(desk: Desk) -> None:
    """The clock's own look at the token, while the exchange fails."""
    desk.meta.add_fault(Fault("garbage_json", "oauth/access_token"))
    await desk.bot.services.token_watch.look()


async def _override_lost(desk: Desk) -> None:
    services = desk.bot.services
    now, url = services.clock.now(), services.config.webhook_url
    await services.db.write(lambda session: note_override(session, support(desk.seed).id, url, now))


async def _limited_before(desk: Desk) -> None:
    """It was seen RATE_LIMITED four hours ago."""
    support(desk.seed).limit_rate()
    diagnoses = desk.bot.services.diagnoses
    await diagnoses.diagnose(await diagnoses.numbers.by_id(support(desk.seed).id))
    desk.skip(hours=4)


async def _silence(desk: Desk) -> None:
    """A customer wrote around this time of every day, and today not for five hours."""
    number, now = support(desk.seed), desk.bot.services.clock.now()
    times = [now - timedelta(days=day, minutes=side) for day in range(1, 10) for side in (-20, 20)]
    heard = [
        inbound(number.id, number.digits, id_=f"wamid.{place}", at=int(at.timestamp()))
        for place, at in enumerate([*times, now - timedelta(hours=5)])
    ]
    assert await Post(desk)(*heard, account=number.account_id) == 200


def _ending(**ends: int) -> Way:
    """The token's times, in days from now."""

    def turn(seed: Seed) -> None:
        for name, days in ends.items():
            setattr(main_token(seed), name, seed.world.clock.now() + timedelta(days=days))

    return world(turn)


def _of_another_app(seed: Seed) -> None:
    seed.world.add_app(AppRecord("999", "Another app", APP_SECRET))
    main_token(seed).app_id = "999"


def _gone(seed: Seed) -> None:
    account_id = support(seed).account_id
    for number in seed.world.numbers_of(account_id):
        seed.world.remove_number(number.id)
    del seed.world.accounts[account_id]


def _coexisting(seed: Seed) -> None:
    support(seed).disconnect(proven=True)
    support(seed).put_on_business_app()


def _unparsable(seed: Seed) -> None:
    main_token(seed).break_token()
    main_token(seed).expire_token()


def callback(url: str) -> Way:
    return world(lambda seed: setattr(app(seed), "callback_url", url))


def _here_but_not_the_rest(seed: Seed) -> None:
    ours = app(seed).callback_url
    shop(seed).subscribe_app(seed.app_id, ours)
    app(seed).callback_url = FOREIGN


def _fields(*lacking: str) -> Way:
    kept = tuple(name for name in NEEDED_FIELDS if name not in lacking)
    return world(lambda seed: setattr(app(seed), "subscribed_fields", kept))


async def _restricted_for_ever(desk: Desk) -> None:
    support(desk.seed).restrict()
    kind = {"restriction_type": "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"}
    update = account_update("ACCOUNT_RESTRICTION", restriction_info=[kind])
    now = int(desk.bot.services.clock.now().timestamp())
    assert await Post(desk)(update, account=support(desk.seed).account_id, time=now) == 200


async def _unlinked_and_gone(desk: Desk) -> None:
    """Removed between the list of numbers and the diagnosis."""
    await told(lambda telling: telling.remove_partner())(desk)
    await desk.bot.services.diagnoses.numbers.all()
    desk.seed.world.remove_number(support(desk.seed).id)


def _restricted(kind: str) -> Way:
    return told(lambda telling: telling.restrict(5, kind))


WAYS: Mapping[str, Way] = {
    "Meta is silent": fault("reset"),
    "Meta's service is down": fault("http_503"),
    "Meta is silent, and a restriction is on record": all_of(_restricted(MARKETING), fault("reset")),
    "Meta is silent, and messages failed before": all_of(failed(131031), fault("reset")),
    "its account is not read, and was disabled once": all_of(
        told(lambda telling: telling.disable()), later(minutes=10), fault("reset", ACCOUNT_NODE)
    ),
    "one read is not answered": fault("reset", "subscribed_apps"),
    "throttled with a time": fault("status_429", retry_after="1200"),
    "throttled without a time": fault("status_429", "GET /v25.0/{number}"),
    "the app secret is wrong": world(lambda seed: setattr(app(seed), "secret", "another secret")),
    "the token is another app's": world(_of_another_app),
    "the token has expired after its refresh had failed": all_of(
        _ending(expires_at=3), _not_refreshed, world(lambda seed: main_token(seed).expire_token())
    ),
    "the token's time is over and Meta gives no reason": world(_unparsable),
    "neither number nor account can be found": world(_gone),
    "the token may manage the account, not write for it": world(
        lambda seed: main_token(seed).targets.update({MESSAGING: ("1",)})
    ),
    "reads are refused and the token cannot be looked at": all_of(
        world(lambda seed: main_token(seed).unassign(support(seed).account_id, seed.account_ids)),
        fault("reset", "debug_token"),
    ),
    "the automatic refresh failed": all_of(_ending(expires_at=10), _not_refreshed),
    "the token ends soon": _ending(expires_at=6),
    "data access ends soon": _ending(data_access_expires_at=2),
    "the account is disabled": world(lambda seed: setattr(shop(seed), "status", "DISABLED")),
    "Meta announced that it disabled the account": told(lambda telling: telling.disable()),
    "Meta announced that it deleted the account": all_of(
        told(lambda telling: telling.delete_account()), world(_gone)
    ),
    "reinstated, and Meta's event of it was missed": all_of(
        told(lambda telling: telling.disable()), later(minutes=10)
    ),
    "the day of its disabling came, and nothing happened": all_of(
        told(lambda telling: telling.disable("SCHEDULE_FOR_DISABLE")), later(hours=49)
    ),
    "restricted, and lifted before its end": all_of(_restricted(MARKETING), later(minutes=10)),
    "the account will be disabled": told(lambda telling: telling.disable("SCHEDULE_FOR_DISABLE")),
    "messages fail because the account is locked": failed(131031),
    "messages fail for a policy reason": failed(368),
    "restricted until a known time": _restricted(MARKETING),
    "restricted in a way nobody knows": _restricted("RESTRICTED_DANCING"),
    "restricted without an end": _restricted_for_ever,
    "messages fail for payment": failed(131042),
    "the number alone is restricted until a known time": told(
        lambda telling: telling.restrict_number(5), world(lambda seed: support(seed).restrict())
    ),
    "the sending limit is reached": _limited_before,
    "the sending limit is reached, nobody knows since when": world(
        lambda seed: setattr(support(seed), "status", "rate_limited")
    ),
    "messages fail for the spam limit": failed(131048),
    "the Business app was not used": told(lambda telling: telling.offboard(), world(_coexisting)),
    "the phone changed its number": told(
        lambda telling: telling.offboard("CHANGE_NUMBER"), world(_coexisting)
    ),
    "unlinked and no longer readable": _unlinked_and_gone,
    "the proof expired and it is not connected": world(
        lambda seed: (support(seed).disconnect(), support(seed).expire_verification())
    ),
    "a field is not subscribed": _fields("account_update", "security"),
    "the app's address was changed": callback(FOREIGN),
    "the address cannot be read": world(
        lambda seed: setattr(support(seed), "override_url", "http://[nonsense")
    ),
    "the path is wrong": callback("https://bot.example/webhook"),
    "the address has no TLS": callback("http://bot.example/webhooks/whatsapp"),
    "the override is lost": _override_lost,
    "account events go elsewhere": world(_here_but_not_the_rest),
    "the 24-hour rule refused messages": failed(131047),
    "no customer has written for long": _silence,
    "there was no certificate for the name": world(lambda seed: bring_back(seed, name_status="NONE")),
}


def way_of(scenario: Scenario) -> Way | None:
    """How the running bot gets there; None: it cannot, or only through a webhook test."""
    if scenario.name in WAYS:
        own = WAYS[scenario.name]
        return all_of(own, attempted(scenario)) if scenario.change(healthy()).attempts.last else own
    if scenario.change(healthy()).attempts.last:
        return attempted(scenario)
    return world(scenario.world) if scenario.world else None
