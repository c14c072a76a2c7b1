"""The Home tab of one person: the numbers, the reconnects under way, and what this person may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.flows.state import Reconnect, Step
from bot.roles import Role
from bot.status import Known
from handlers.views import kit, menu, status
from handlers.views import reconnect_ids as ids
from handlers.views.kit import Block, Press, View
from handlers.views.text import Markup, channel_link, clock_time, count, esc, join, mark, mention, moment

CHECK = "home.check"  # "Check now"
AGE = "home.age"  # the block that changes with the minutes alone

MOST_NUMBERS = 30  # two blocks each, and far from 250 kB with the longest names there are
MOST_FLOWS = 8  # one block each
WHAT = (
    "This app keeps our WhatsApp Business numbers connected: it shows how they stand, and brings one back "
    "that has dropped out."
)
_WHERE = {
    Step.CHOOSE: "no code is out yet",
    Step.SENDING: "Meta is being asked for a code",
    Step.SENT: "a code is out",
    Step.CHECKING: "Meta is checking the code",
    Step.PIN: "waits for the PIN",
    Step.SETTING_PIN: "a new PIN is being set",
    Step.REGISTERING: "the number is being registered",
    Step.REFRESH: "waits for the permission refresh",
    Step.REFRESHING: "permissions are being refreshed",
    Step.UNSURE: "not sure whether the last step happened",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What one person's tab shows. `verbs`: (verb, summary, button label) of what they may run.

    `flows`: the ones they may know of; `reading`: Meta is being asked just now; `trouble`: what could not be
    looked up, as a sentence; `records`: id of the channel with every step, for those who may read it.
    """

    viewer: str
    role: Role
    now: datetime
    known: Known = field(default_factory=Known)
    flows: tuple[Reconnect, ...] = ()
    verbs: tuple[tuple[str, str, str], ...] = ()
    reading: bool = False
    trouble: str = ""
    records: str = ""


def home(tab: Home) -> View:
    """The whole tab, in at most a hundred blocks."""
    if tab.role < Role.VIEWER:
        return kit.home([kit.section(WHAT), *_no_role(tab)])
    known = tab.known
    blocks = [kit.header("WhatsApp numbers")]
    if known.at:
        blocks.append(kit.section(status.summary_of(known.board)))
    blocks += [_age(tab), *_trouble(tab), *_under_way(tab), *_numbers(tab)]
    blocks += [kit.divider(), kit.header("What you may do"), *menu.may_run(tab.verbs)]
    if tab.records:
        where = channel_link(tab.records)
        blocks.append(kit.context(mark("Every step of everybody is on record in {where}.", where=where)))
    return kit.home(blocks)


def only(sentence: str) -> View:
    """Nothing but one sentence."""
    return kit.home([kit.section(sentence)])


def steady(view: Mapping[str, Any]) -> list[Block]:
    """What does not change by the passing of time alone."""
    return [block for block in view["blocks"] if block.get("block_id") != AGE]


def _no_role(tab: Home) -> list[Block]:
    flows = _under_way(tab)
    if flows:
        return [*_trouble(tab), *flows, *menu.may_run(tab.verbs)]
    return [kit.section(menu.NO_ROLE), kit.context(menu.ASK)]


def _age(tab: Home) -> Block:
    press = Press(action_id=CHECK, label="Check now")
    at = tab.known.at
    if at is None:
        said = ":hourglass_flowing_sand: Reading Meta…" if tab.reading else "Meta could not be read yet."
        return kit.section(Markup(said), block_id=AGE, press=None if tab.reading else press)
    age = status.age_of(at, tab.now)
    again = ":hourglass_flowing_sand: Reading Meta again…" if tab.reading else ""
    text = mark("{age}, {at}.", age=age.capitalize(), at=moment(at))
    return kit.section(join([text, Markup(again)], " "), block_id=AGE, press=press)


def _trouble(tab: Home) -> list[Block]:
    own = [kit.context(mark(":warning: {said}", said=esc(tab.trouble, 600)))] if tab.trouble else []
    return [*own, *status.troubles(tab.known.board)] if tab.role >= Role.VIEWER else own


def _under_way(tab: Home) -> list[Block]:
    if not tab.flows:
        return []
    mine_first = sorted(tab.flows, key=lambda flow: tab.viewer not in (flow.owner, flow.holder))
    shown = [_flow(tab, flow) for flow in mine_first[:MOST_FLOWS]]
    rest = len(tab.flows) - len(shown)
    more = [kit.context(f"… and {count(rest, 'more', 'more')} under way.")] if rest else []
    return [kit.header("Under way"), *shown, *more]


def _flow(tab: Home, flow: Reconnect) -> Block:
    deed = "refreshes the permissions of" if flow.kind == "refresh" else "reconnects"
    text = mark(
        ":arrows_counterclockwise: {who} {deed} *{name}* {tail} since {since}: {where}.",
        who=mention(flow.owner), deed=deed, name=esc(flow.ref.name, 200), tail=flow.ref.masked,
        since=clock_time(flow.owned_since), where=_WHERE.get(flow.step, "has ended"),
    )  # fmt: skip
    if flow.holder:
        text = join([text, mark("{who} has the code box.", who=mention(flow.holder))], " ")
    return kit.section(text, press=_go_on(tab, flow))


def _go_on(tab: Home, flow: Reconnect) -> Press | None:
    if tab.viewer == flow.holder:
        return Press(action_id=ids.ENTER, label="Enter code", value=flow.id, style="primary")
    if tab.viewer == flow.owner:
        return Press(action_id=ids.CONTINUE, label="Continue", value=flow.id, style="primary")
    return None


def _numbers(tab: Home) -> list[Block]:
    rows, may = tab.known.board.rows, tab.role >= Role.OPERATOR
    blocks: list[Block] = []
    for row in rows[:MOST_NUMBERS]:
        old = mark("read {at}", at=moment(row.read_at)) if row.read_at != tab.known.at else ""
        blocks += status.numbered(row, old, may_reconnect=may)
    rest = len(rows) - MOST_NUMBERS
    if rest > 0:
        more = mark("… and {n} more, none of them worse. `/whatsapp status` shows all, page by page.", n=rest)
        blocks.append(kit.context(more))
    return blocks
