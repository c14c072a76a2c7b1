"""Every cause with the whole bot running: the world brought into that state, and what the verdict's window says."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.causes.catalogue import CATALOGUE
from bot.causes.cause import Cause
from bot.diagnosis.examine import examine
from bot.evidence.snapshot import NEEDED_FIELDS
from bot.fixes.fixing import BY_FIX
from bot.remedy import BUTTONS, Fix, Who
from bot.roles import Role
from bot.sandbox.slack.person import Person
from handlers.views.diagnose_cause import SEVERITIES
from tests.checks.healthy import healthy
from tests.checks.scenario import Scenario, app, support
from tests.checks.scenarios_webhook import SCENARIOS
from tests.checks.ways import UNREACHABLE, WAYS, way_of
from tests.desk import Desk
from tests.e2e.front import ELSEWHERE, SPOILT, Front
from tests.e2e.steps import buttons, seen, window_says
from tests.e2e.trouble import HASTY
from tests.web.meta import VERIFY_TOKEN

pytestmark = pytest.mark.usefixtures("nothing_refused")
A_Desk = Callable[..., Awaitable[Desk]]
TRIED = (*SPOILT, *ELSEWHERE)  # through /whatsapp webhook test
PLAIN = [scenario for scenario in SCENARIOS if way_of(scenario) or scenario.code == "OK"]
# Where the fake Meta words or numbers it in another way than the table's snapshot does.
OTHER_WORDS = (
    "the account will be disabled",
    "the automatic refresh failed",
    "the token is another app's",
    "throttled without a time",
)
OTHER_NUMBERS = {
    "throttled with a time": "4",
    "throttled without a time": "4",
    "the account is not assigned": "100/33",
    "reads are refused and the token cannot be looked at": "100/33",
}
ASK = "Otherwise ask a manager of this desk: @maya, @ada."
WHO = {
    Who.TEAM: "You can do this.",
    Who.MANAGER: "A manager can: @maya, @ada.",
    Who.META_ADMIN: f"You can do this if you are an admin of the business at Meta. {ASK}",
    Who.PHONE_OWNER: "You can do this if you hold the phone of this number; otherwise whoever holds it.",
    Who.DESK_ADMIN: "Whoever runs this bot can: @ada.",
    Who.META: "Only Meta can.",
    Who.NOBODY: "Nobody has to do anything.",
}
OF_TESTS = [scenario for scenario in SCENARIOS if scenario.name in TRIED]


async def served(a_desk: A_Desk, public_url: str = "https://bot.example", **more: object) -> Desk:
    """A healthy desk: the app's webhook is the bot's, and the bot knows its numbers from before."""
    given = {"PUBLIC_URL": public_url, "HTTP_PORT": "0", "META_VERIFY_TOKEN": VERIFY_TOKEN}
    desk = await a_desk(**given, **more)
    record = app(desk.seed)
    record.callback_url, record.subscribed_fields = desk.bot.services.config.webhook_url, NEEDED_FIELDS
    await desk.bot.services.diagnoses.numbers.all()
    return desk


async def verdict(desk: Desk, person: Person) -> str:
    """What the window says of “Support”; nothing but reads reached Meta."""
    before = len(desk.meta.calls)
    await person.type("/whatsapp diagnose Support")
    await window_says(person, "Reason: ")
    for call in list(desk.meta.calls)[before:]:
        assert call.method == "GET", call
        assert not call.path.endswith("oauth/access_token"), call
    return seen(person)


def assert_told(scenario: Scenario, text: str, pressable: list[str]) -> None:
    """The sentence, the effect, the fix, who, how long, Meta's number and the buttons of the cause."""
    finding = examine(scenario.change(healthy())).verdict
    cause = finding.cause
    plain = _plain(text)
    assert f"Reason: `{scenario.code}`" in text, text
    assert "Also: " not in text, text
    assert _plain(SEVERITIES[cause.severity]).split()[-1] in plain
    alike = scenario.name not in OTHER_WORDS
    ending = (cause.ends if finding.until else cause.open_end) if alike else ""
    for said in (cause.says, ending, f"Effect: {cause.effect}", f"What to do: {cause.do}"):
        for part in re.split(r"{\w+}", said):
            assert _plain(part) in plain, part
    for part in scenario.says if alike else ():
        assert re.search(r"\d\d:\d\d|\d (?:April|November|December)", part) or _plain(part) in plain, part
    assert f"Who: {WHO[cause.who]}" in plain
    assert f"Takes: {cause.takes}" in plain
    if finding.code:
        number = f"{finding.code}/{finding.subcode}" if finding.subcode else str(finding.code)
        assert f"code {OTHER_NUMBERS.get(scenario.name, number)}" in plain, number
    wanted = buttons_for_operators(cause)
    assert pressable[: len(wanted)] == wanted
    assert pressable[len(wanted)] == "Show all checks"


def buttons_for_operators(cause: Cause) -> list[str]:
    """The cause's fix first; whoever may not press one of them may ask a manager."""
    fixes = [fix for fix in (cause.fix, *cause.also) if fix in BUTTONS]
    mine = [fix for fix in fixes if BY_FIX[fix].role <= Role.OPERATOR]
    alone = mine == fixes and cause.who in (Who.TEAM, Who.PHONE_OWNER, Who.META, Who.NOBODY)
    return [BUTTONS[fix] for fix in dict.fromkeys(mine if alone else [*mine, Fix.ASK_MANAGER])]


def _plain(text: str) -> str:
    return " ".join(text.replace("&amp;", "&").split())


@pytest.mark.parametrize("scenario", PLAIN, ids=lambda s: s.name)
async def test_the_window_tells_the_cause(scenario: Scenario, a_desk: A_Desk) -> None:
    desk = await served(a_desk, tempo=HASTY)
    way = way_of(scenario)
    if way:
        await way(desk)
    text = await verdict(desk, desk.ana)
    assert_told(scenario, text, buttons(desk.ana))


@pytest.mark.parametrize("scenario", OF_TESTS, ids=lambda s: s.name)
async def test_what_the_webhook_test_found_is_the_cause(scenario: Scenario, a_desk: A_Desk) -> None:
    """The proxy in front of the bot spoils one part of the test, or the address leads nowhere."""
    async with Front(SPOILT.get(scenario.name, lambda _, status: status)) as front:
        address = {
            ELSEWHERE[0]: "https://no-such-host.invalid",
            ELSEWHERE[1]: f"https://127.0.0.1:{front.port}",
        }.get(scenario.name, f"http://127.0.0.1:{front.port}")
        desk = await served(a_desk, public_url=address)
        front.behind = desk.web_url
        await desk.ana.type("/whatsapp webhook test Support")
        await window_says(desk.ana, "parts passed")
        await desk.ana.close()
        text = await verdict(desk, desk.ana)
    assert_told(scenario, text, buttons(desk.ana))


async def test_a_limit_that_came_back_is_counted_anew(a_desk: A_Desk) -> None:
    desk = await served(a_desk)
    diagnoses, number = desk.bot.services.diagnoses, support(desk.seed)
    ref = await diagnoses.numbers.by_id(number.id)
    number.limit_rate()
    assert (await diagnoses.diagnose(ref)).verdict.until is None
    began = desk.bot.services.clock.now()
    desk.skip(hours=2)
    until = (await diagnoses.diagnose(ref)).verdict.until
    assert until is not None
    assert abs(until - began - timedelta(hours=24)) < timedelta(minutes=1)
    number.connect()
    assert (await diagnoses.diagnose(ref)).code == "OK"
    desk.skip(hours=1)
    number.limit_rate()
    assert (await diagnoses.diagnose(ref)).verdict.until is None


def test_every_scenario_is_reached_or_says_why_not() -> None:
    reached = {scenario.name for scenario in (*PLAIN, *OF_TESTS)}
    names = {scenario.name for scenario in SCENARIOS}
    assert reached | set(UNREACHABLE) == names
    assert reached.isdisjoint(UNREACHABLE)
    assert set(WAYS) <= names
    assert all(len(why) > 30 for why in UNREACHABLE.values())
    assert len(reached) >= 70


def test_every_cause_is_reached_or_its_scenarios_say_why_not() -> None:
    reached = {scenario.code for scenario in (*PLAIN, *OF_TESTS)}
    excused = {scenario.code for scenario in SCENARIOS if scenario.name in UNREACHABLE}
    assert {cause.code for cause in CATALOGUE} - reached <= excused
