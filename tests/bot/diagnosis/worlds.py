"""Anything that Meta may send, in any mixture, and every way a read can fail: for properties."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from bot.evidence.reading import Reading, answered
from bot.evidence.records import Events, Restriction
from bot.evidence.snapshot import Snapshot
from bot.graph.errors import GraphError, Refused, Throttled, UnknownField, Unreachable
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
from tests.checks.healthy import ACCOUNT, APP, NOW, events, fails, healthy, timeout


def throttled(minutes: int) -> Throttled:
    error = Throttled("Meta asks us to wait.", code=4, words="(#4) Limit reached")
    error.retry_at = NOW + timedelta(minutes=minutes) if minutes else None
    return error


def unknown_field() -> GraphError:
    error = UnknownField("Meta does not know a field.", code=100, words="nonexisting field")
    error.field = "status"
    return error


FAILURES = st.sampled_from(
    [
        None,  # it was not asked at all
        timeout(),
        Unreachable("Meta could not be reached.", sent=False),
        Unreachable("Trouble.", sent=True, code=1, words="An unknown error", http=500),
        Unreachable("Trouble.", sent=True, code=2, http=503),
        Unreachable("Trouble.", sent=True, code=131016, http=500),
        throttled(0),
        throttled(30),
        Refused("Meta refused this request.", code=987654, words="{odd} https://x.example None"),
        Refused("Meta refused this request.", code=100, words="Invalid parameter"),
        Refused("Meta refused this request.", http=418),
        unknown_field(),
    ]
)

WORDS = st.one_of(
    st.none(),
    st.sampled_from(["CONNECTED", "PENDING", "VERIFIED", "BANNED", "RESTRICTED", "EXPIRED", "SANDBOX", "RED", ""]),
    st.text(max_size=12),
    st.sampled_from(["{x}", "{0}", "%s", "<!channel>", "https://evil.example/a", "http://["]),
    st.sampled_from(["a\x00b\n\u202e", "É" * 9000]),
)  # fmt: skip
MAYBE = st.one_of(st.none(), st.booleans())
TEXT = WORDS.map(lambda word: word or "")
TIMES = st.one_of(st.none(), st.timedeltas(timedelta(-9999), timedelta(9999)).map(lambda d: NOW + d))
ENTITIES = st.builds(
    HealthEntity,
    TEXT,
    st.just("1"),
    st.one_of(TEXT, st.sampled_from(["AVAILABLE", "LIMITED", "BLOCKED"])),
    st.lists(TEXT, max_size=2).map(tuple),
    st.lists(st.sampled_from([131031, 133010, 138024, 138025, 141006, 1]), max_size=2).map(tuple),
)
HEALTHS = st.one_of(st.none(), st.builds(Health, TEXT, TEXT, st.lists(ENTITIES, max_size=3).map(tuple)))
NUMBERS = st.builds(
    Number, st.just("1"), st.just("2"), TEXT, verified_name=TEXT, status=WORDS, code_verification_status=WORDS,
    quality_rating=WORDS, name_status=WORDS, platform_type=WORDS, account_mode=WORDS, is_pin_enabled=MAYBE,
    messaging_limit=WORDS, is_on_biz_app=MAYBE, health=HEALTHS,
    webhooks=st.one_of(st.none(), st.builds(Webhooks, WORDS, WORDS, WORDS)),
)  # fmt: skip
TOKENS = st.builds(
    TokenInfo, st.sampled_from([APP, "", "9"]), TEXT, st.booleans(), application=TEXT, never_expires=st.booleans(),
    expires_at=TIMES, data_access_expires_at=TIMES, issued_at=TIMES, scopes=st.frozensets(TEXT, max_size=3),
    granular=st.dictionaries(TEXT, st.one_of(st.none(), st.lists(TEXT, max_size=2).map(tuple)), max_size=3),
    error_code=st.integers(0, 10**6), error_subcode=st.sampled_from([0, 458, 463, 999]), error_words=TEXT,
)  # fmt: skip
ACCOUNTS = st.builds(Account, st.just(ACCOUNT), TEXT, WORDS, WORDS, WORDS, WORDS, HEALTHS)
APPS = st.lists(st.builds(SubscribedApp, st.sampled_from([APP, "9"]), TEXT, WORDS), max_size=3).map(tuple)
SUBSCRIPTIONS = st.builds(AppSubscription, WORDS, MAYBE, st.frozensets(TEXT, max_size=3))
EVENTS = st.builds(
    Events, last_inbound=TIMES, usual_gap=st.one_of(st.none(), st.timedeltas(timedelta(), timedelta(99))),
    restrictions=st.lists(st.builds(Restriction, TEXT, TIMES), max_size=2).map(tuple), offboarded_at=TIMES,
    offboarded=TEXT, ban_state=TEXT, ban_date=TEXT, limited_since=TIMES,
)  # fmt: skip
AGO = st.one_of(st.none(), st.sampled_from([1, 4, 6, 60, 4000]).map(lambda m: NOW - timedelta(minutes=m)))
EARLIER = st.builds(
    lambda state, at, restrictions: events(ban_state=state, ban_at=at, restrictions=restrictions),
    st.sampled_from(["", "DISABLE", "DELETED", "SCHEDULE_FOR_DISABLE", "REINSTATE"]), AGO,
    st.lists(
        st.builds(
            Restriction, st.sampled_from(["RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_DANCING"]),
            st.sampled_from([None, NOW - timedelta(hours=1), NOW + timedelta(hours=1)]), AGO,
        ), max_size=2,
    ).map(tuple),
)  # fmt: skip
"""What Meta's events may have told before."""


@st.composite
def worlds(draw: st.DrawFn) -> Snapshot:
    """Anything Meta may send, in any mixture, with any read failing."""

    def read(name: str, values: st.SearchStrategy[object]) -> Reading[object]:
        if draw(st.integers(0, 5)) == 0:
            return getattr(fails(name, draw(FAILURES))(healthy()), name)
        return answered(f"GET {name}", NOW, draw(values))

    parts = {
        "token": TOKENS,
        "number": NUMBERS,
        "account": ACCOUNTS,
        "apps": APPS,
        "subscription": SUBSCRIPTIONS,
    }
    readings = {name: read(name, values) for name, values in parts.items()}
    url = draw(st.sampled_from(["", healthy().webhook_url]))
    return replace(healthy(), webhook_url=url, events=draw(EVENTS), **readings)
