"""Scenarios of the access token, the app and Meta's silence."""

from datetime import timedelta

from bot.evidence.records import Extension, Restriction
from bot.graph.errors import Refused, Throttled, Unreachable
from tests.checks.healthy import (
    ACCOUNT,
    NOW,
    READS,
    Change,
    dead,
    events,
    failed_messages,
    fails,
    forbidden,
    missing,
    of,
    timeout,
    token,
    whole,
)
from tests.checks.scenario import Scenario, main_token, support

MANAGEMENT, MESSAGING = "whatsapp_business_management", "whatsapp_business_messaging"


def throttled(minutes: int = 0) -> Throttled:
    error = Throttled("Meta asks us to wait.", code=80008, words="(#80008) Too many calls", trace="T9")
    error.retry_at = NOW + timedelta(minutes=minutes) if minutes else None
    return error


def every_read(change: Unreachable | Throttled) -> Change:
    return of(*(fails(name, change) for name in READS))


def restricted_lately() -> Change:
    seen, ends = NOW - timedelta(minutes=2), NOW + timedelta(hours=5)
    return events(restrictions=(Restriction("RESTRICTED_BIZ_INITIATED_MESSAGING", ends, seen),))


PROOF = Refused(
    "Meta refused this request.", code=100, words="Invalid appsecret_proof provided in the API argument"
)
HEALTHY = Scenario("all is well", "OK", of(), ("Healthy",))
TOKEN: tuple[Scenario, ...] = (
    Scenario("Meta is silent", "META_UNREACHABLE", every_read(Unreachable("No answer.", sent=True)),
             ("not answering",)),
    Scenario(
        "Meta's service is down",
        "META_UNREACHABLE",
        every_read(Unreachable("Trouble.", sent=True, code=2, words="Service temporarily unavailable", http=503)),
        ("not answering",),
    ),
    Scenario("Meta is silent, and a restriction is on record", "META_UNREACHABLE",
             of(restricted_lately(), every_read(Unreachable("No answer.", sent=True))), ("not answering",)),
    Scenario("Meta is silent, and messages failed before", "META_UNREACHABLE",
             of(failed_messages(131031), every_read(Unreachable("No answer.", sent=True))), ("not answering",)),
    Scenario("its account is not read, and was disabled once", "COULD_NOT_TELL",
             of(events(ban_state="DISABLE", ban_at=NOW - timedelta(days=2)), fails("account", timeout())),
             ("its WhatsApp account",)),
    Scenario("one read is not answered", "COULD_NOT_TELL", fails("apps", timeout()), ("the subscribed apps",)),
    Scenario("throttled with a time", "RATE_LIMITED_API", every_read(throttled(20)), ("too often", "14:20 UTC")),
    Scenario("throttled without a time", "RATE_LIMITED_API", fails("number", throttled()), ("does not say",)),
    Scenario(
        "the app secret is wrong",
        "APP_SECRET_WRONG",
        of(*(fails(name, PROOF) for name in READS[1:4])),
        ("app secret",),
    ),
    Scenario("no token is stored", "TOKEN_NONE", of(whole(has_token=False), *(fails(n, None) for n in READS[:4])),
             ("No access token",)),
    Scenario(
        "the token is another app's",
        "TOKEN_WRONG_APP",
        token(app_id="999", application="Another app"),
        ("Another app",),
    ),
    Scenario("the token has expired", "TOKEN_EXPIRED", dead(463), ("has expired", "60 days"),
             lambda seed: main_token(seed).expire_token()),
    Scenario(
        "the token has expired after its refresh had failed",
        "TOKEN_EXPIRED",
        of(dead(463), whole(extension=Extension(NOW - timedelta(days=3), "Meta was busy"))),
        ("automatic refresh had failed",),
    ),
    Scenario(
        "the token's time is over and Meta gives no reason",
        "TOKEN_EXPIRED",
        dead(0, expires_at=NOW - timedelta(days=1)),
        ("has expired",),
    ),
    Scenario("the password was changed", "TOKEN_PASSWORD", dead(460), ("password",),
             lambda seed: main_token(seed).revoke_token(460)),
    Scenario("the app was removed", "TOKEN_APP_REMOVED", dead(458), ("took this bot's app off",),
             lambda seed: main_token(seed).revoke_token(458)),
    Scenario("the app was installed again", "TOKEN_APP_REMOVED", dead(461), ("gone",),
             lambda seed: main_token(seed).revoke_token(461)),
    Scenario("access was revoked", "TOKEN_REVOKED", dead(466), ("revoked",),
             lambda seed: main_token(seed).revoke_token(466)),
    Scenario("the account has a checkpoint", "TOKEN_USER_BLOCKED", dead(459), ("log in",),
             lambda seed: main_token(seed).revoke_token(459)),
    Scenario("the account is not confirmed", "TOKEN_USER_BLOCKED", dead(464), ("confirm",),
             lambda seed: main_token(seed).revoke_token(464)),
    Scenario("the Facebook account is disabled", "TOKEN_USER_DISABLED", dead(465), ("disabled",),
             lambda seed: main_token(seed).revoke_token(465)),
    Scenario("the role was lost", "TOKEN_ROLE_LOST", dead(492), ("role",),
             lambda seed: main_token(seed).revoke_token(492)),
    Scenario("the token is dead for a reason nobody knows", "TOKEN_INVALID", dead(499), ("no longer accepts",),
             lambda seed: main_token(seed).revoke_token(499)),
    Scenario("the token cannot be parsed", "TOKEN_INVALID", dead(0), ("no longer accepts",),
             lambda seed: main_token(seed).break_token()),
    Scenario("only a read tells that the token died", "TOKEN_PASSWORD", of(dead(460), token(is_valid=True)),
             ("password",)),
    Scenario("data access has lapsed", "TOKEN_DATA_ACCESS",
             token(data_access_expires_at=NOW - timedelta(days=1)), ("90 days",),
             lambda seed: main_token(seed).lapse_data_access()),
    Scenario("messaging was not granted", "TOKEN_SCOPE_MISSING",
             token(scopes=frozenset({MANAGEMENT}), granular={MANAGEMENT: (ACCOUNT,)}), (MESSAGING,),
             lambda seed: main_token(seed).remove_scope(MESSAGING)),
    Scenario("management was not granted, and reads are refused", "TOKEN_SCOPE_MISSING",
             of(token(scopes=frozenset({MESSAGING}), granular={}), forbidden(*READS[1:4], code=10)), (MANAGEMENT,),
             lambda seed: main_token(seed).remove_scope(MANAGEMENT)),
    Scenario("the account is not assigned", "TOKEN_ASSET_MISSING", forbidden(*READS[1:4]), ("WhatsApp account",),
             lambda seed: main_token(seed).unassign(support(seed).account_id, seed.account_ids)),
    Scenario("neither number nor account can be found", "TOKEN_ASSET_MISSING", missing(*READS[1:4])),
    Scenario("the token may manage the account, not write for it", "TOKEN_ASSET_MISSING",
             token(granular={MANAGEMENT: (ACCOUNT,), MESSAGING: ("1",)})),
    Scenario("reads are refused and the token cannot be looked at", "TOKEN_ACCESS_MISSING",
             of(forbidden(*READS[1:4]), fails("token", timeout())), ("permission is missing",)),
    Scenario("the automatic refresh failed", "TOKEN_REFRESH_FAILED",
             of(token(expires_at=NOW + timedelta(days=10)),
                whole(extension=Extension(NOW - timedelta(hours=2), "Meta asked to wait."))),
             ("Meta asked to wait.", "2 December")),
    Scenario("the token ends soon", "TOKEN_EXPIRING", token(expires_at=NOW + timedelta(days=6)),
             ("little time", "28 November")),
    Scenario("data access ends soon", "TOKEN_EXPIRING", token(data_access_expires_at=NOW + timedelta(days=2)),
             ("24 November",)),
)  # fmt: skip
