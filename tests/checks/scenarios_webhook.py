"""Scenarios of the webhook and of what goes over it; and the whole table."""

from datetime import timedelta

from bot.evidence.reading import answered
from bot.evidence.records import Fault, Handshake, Trial, TrialResult
from bot.evidence.snapshot import NEEDED_FIELDS
from bot.graph.model import SubscribedApp, Webhooks
from tests.checks.healthy import (
    ACCOUNT,
    NOW,
    URL,
    Change,
    events,
    failed_messages,
    number,
    of,
    subscription,
    whole,
)
from tests.checks.scenario import Scenario, app, shop, support
from tests.checks.scenarios_number import ACCOUNTS, NUMBERS, WAY_BACK
from tests.checks.scenarios_token import HEALTHY, TOKEN

FOREIGN = "https://tenant.example/wa"


def trial_failed(trial: Trial, http: int = 0, fault: Fault = Fault.NONE) -> Change:
    return whole(handshake=Handshake(NOW, URL, (TrialResult(trial, False, http, fault),)))


def fields(*lacking: str) -> Change:
    return subscription(fields=frozenset(NEEDED_FIELDS) - set(lacking))


OTHER_APP = answered(f"GET /{ACCOUNT}/subscribed_apps", NOW, (SubscribedApp("9", "Other CRM"),))
WEBHOOK: tuple[Scenario, ...] = (
    Scenario("the app is not subscribed", "WEBHOOK_APP_NOT_SUBSCRIBED", whole(apps=OTHER_APP), ("not subscribed",),
             lambda seed: shop(seed).unsubscribe_app(seed.app_id)),
    Scenario("the app has no webhook", "WEBHOOK_NOT_SET",
             of(subscription(callback_url=None, active=None, fields=frozenset()), number(webhooks=Webhooks())),
             ("no webhook",), lambda seed: setattr(app(seed), "callback_url", None)),
    Scenario("the webhook is switched off", "WEBHOOK_DISABLED", subscription(active=False), ("switched off",),
             lambda seed: setattr(app(seed), "active", False)),
    Scenario("“messages” is not subscribed", "WEBHOOK_MESSAGES_MISSING", fields("messages", "security"),
             ("“messages”",), lambda seed: setattr(app(seed), "subscribed_fields", ("account_update",))),
    Scenario("a field is not subscribed", "WEBHOOK_FIELD_MISSING", fields("account_update", "security"),
             ("account_update, security",)),
    Scenario("the number's override was taken over", "WEBHOOK_TAKEN_OVER",
             number(webhooks=Webhooks(FOREIGN, None, URL)), ("tenant.example", "number itself"),
             lambda seed: support(seed).take_over_webhook(FOREIGN)),
    Scenario("the account's override was taken over", "WEBHOOK_TAKEN_OVER",
             number(webhooks=Webhooks(None, FOREIGN, URL)), ("tenant.example", "WhatsApp account"),
             lambda seed: shop(seed).take_over_webhook(FOREIGN)),
    Scenario("the app's address was changed", "WEBHOOK_TAKEN_OVER",
             of(number(webhooks=Webhooks(application=FOREIGN)), subscription(callback_url=FOREIGN)), ("the app.",)),
    Scenario("the address cannot be read", "WEBHOOK_TAKEN_OVER",
             number(webhooks=Webhooks(application="http://[nonsense")), ("cannot be read",)),
    Scenario("the path is wrong", "WEBHOOK_URL_WRONG",
             number(webhooks=Webhooks(application="https://bot.example/webhook")),
             ("/webhook and must end in /webhooks/whatsapp",)),
    Scenario("the address has no TLS", "WEBHOOK_URL_WRONG",
             number(webhooks=Webhooks(application="http://bot.example/webhooks/whatsapp")), ("starts with http,",)),
    Scenario("the override is lost", "WEBHOOK_FALLBACK_ONLY", whole(override_url=URL), ("override",)),
    Scenario("account events go elsewhere", "WEBHOOK_EVENTS_ELSEWHERE",
             of(number(webhooks=Webhooks(None, URL, FOREIGN)), subscription(callback_url=FOREIGN)),
             ("tenant.example only",)),
    Scenario("the name is not in the DNS", "WEBHOOK_UNREACHABLE",
             trial_failed(Trial.HANDSHAKE, fault=Fault.DNS), ("DNS",)),
    Scenario("the end point does not answer", "WEBHOOK_UNREACHABLE",
             trial_failed(Trial.HANDSHAKE, fault=Fault.TIMEOUT), ("in time",)),
    Scenario("the certificate is bad", "WEBHOOK_TLS", trial_failed(Trial.HANDSHAKE, fault=Fault.TLS), ("certificate",)),
    Scenario("the handshake is refused", "WEBHOOK_VERIFY_TOKEN", trial_failed(Trial.HANDSHAKE, 403), ("firewall",)),
    Scenario("a signature is demanded on GET", "WEBHOOK_VERIFY_TOKEN", trial_failed(Trial.HANDSHAKE, 401), ("GET",)),
    Scenario("a wrong verify token is taken", "WEBHOOK_VERIFY_TOKEN",
             trial_failed(Trial.WRONG_TOKEN, 200), ("accepted",)),
    Scenario("a good signature is refused", "WEBHOOK_SIGNATURE",
             trial_failed(Trial.SIGNED, 401), ("refused with 401",)),
    Scenario("a bad signature is taken", "WEBHOOK_SIGNATURE", trial_failed(Trial.BADLY_SIGNED, 200), ("taken in",)),
    Scenario("the 24-hour rule refused messages", "WINDOW_CLOSED", failed_messages(131047), ("24 hours",)),
    Scenario("no customer has written for long", "SILENT_INBOUND",
             events(last_inbound=NOW - timedelta(hours=5)), ("since 09:00 UTC", "not proven")),
)  # fmt: skip

SCENARIOS: tuple[Scenario, ...] = (HEALTHY, *TOKEN, *ACCOUNTS, *NUMBERS, *WAY_BACK, *WEBHOOK)
