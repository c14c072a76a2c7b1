"""Windows of the reconnect wizard without an input: unsure, busy, permissions next, and the ends."""

from datetime import datetime, timedelta

from bot.flows.report import RefreshReport
from bot.flows.state import Reconnect, Step
from handlers.views import kit, refresh
from handlers.views import reconnect_ids as ids
from handlers.views.kit import Block, Press, View
from handlers.views.reconnect_parts import cancel, title_line, warned
from handlers.views.text import Markup, clock_time, esc, mark, mention, moment, span

_UNSURE = {
    Step.SENDING: "The code *may or may not have been sent*. Look at the phone before you ask for another one.",
    Step.CHECKING: "The code *may or may not have been checked*. It may be used up, or accepted already: "
    "look at the status before you ask for another one.",
    Step.SETTING_PIN: "The new PIN *may or may not have been set*. Try it when you connect the number.",
    Step.REGISTERING: "The number *may or may not have been registered*. It counts as one registration.",
    Step.REFRESHING: "The permission refresh *may or may not have been finished*. It can be repeated safely.",
}
_ANY = "The last step *may or may not have been done*."
_LEFT = (
    "Meta accepts the number. What is left: the permissions are looked at, and the status is read back until it "
    "says so."
)
_AGAIN = "The permission refresh was not finished. It can be repeated safely."
_ENDED = {
    Step.STOPPED: (":octagonal_sign:", "Not connected"),
    Step.CANCELLED: (":black_square_for_stop:", "Stopped"),
    Step.EXPIRED: (":hourglass:", "Expired"),
}
_WHY = {
    "stopped by its owner": "You stopped this reconnect.",
    "nobody went on": "Nobody went on for ten minutes, so the number is free for others.",
}
_CAN_GO_ON = frozenset({Step.CANCELLED, Step.EXPIRED})  # what stopped by itself no code helps with


def unsure(flow: Reconnect, *, now: datetime, warning: str = "") -> View:
    """The outcome of the last call is unknown. Nothing is repeated by itself."""
    said = _UNSURE.get(flow.unsure_after, _ANY) if flow.unsure_after else _ANY
    why = [kit.context(esc(flow.reason, 400))] if flow.reason else []
    blocks = [
        title_line(flow.ref),
        *warned(warning),
        kit.section(mark(":grey_question: {said}", said=Markup(said))),
        *why,
        kit.section(
            "Nothing is lost, and nothing was repeated. “Check status” asks Meta how the number stands now."
        ),
        kit.actions(
            Press(action_id=ids.CHECK, label="Check status", value=flow.id, style="primary"),
            cancel(flow.id),
        ),
    ]
    return _window(flow, "Not sure", blocks)


def busy(
    flow: Reconnect,
    *,
    now: datetime,
    until: datetime | None,
    may_join: bool = True,
    may_take_over: bool = False,
) -> View:
    """Somebody else holds the number: who, since when, until when, and what this person may do."""
    text = held_by(flow, until)
    holder = mark("{who} has the code box.", who=mention(flow.holder)) if flow.holder else Markup("")
    presses = []
    if may_join:
        presses.append(join_in(flow.id))
    if may_take_over:
        presses.append(take_over(flow.id))
    blocks = [title_line(flow.ref), kit.section(text), *([kit.context(holder)] if holder else [])]
    return _window(flow, "In use", [*blocks, *([kit.actions(*presses)] if presses else [])])


def held_by(flow: Reconnect, until: datetime | None = None) -> Markup:
    """Who has the number, since when, and until when at least."""
    end = mark(", at least until {at}", at=clock_time(until)) if until else Markup("")
    doing = "refreshing the permissions of" if flow.kind == "refresh" else "reconnecting"
    return mark(
        ":lock: {who} is {doing} this number since {since}{end}.",
        who=mention(flow.owner), doing=doing, since=clock_time(flow.owned_since), end=end,
    )  # fmt: skip


def join_in(flow_id: str) -> Press:
    return Press(action_id=ids.JOIN, label="Join as code holder", value=flow_id)


def take_over(flow_id: str) -> Press:
    """For managers, beside whatever says that the flow is another person's."""
    ask = "The flow becomes yours and the other person's window stops working. They are told."
    return Press(action_id=ids.TAKE_OVER, label="Take over", value=flow_id, style="danger", ask=ask)


def refresh_due(flow: Reconnect, *, warning: str = "") -> View:
    """The number is registered; the permission refresh and the read-back are still to come, or that alone."""
    alone = flow.kind == "refresh"
    blocks = [
        title_line(flow.ref),
        *warned(warning or flow.reason),
        kit.section(Markup(_AGAIN if alone else _LEFT)),
        kit.actions(
            Press(action_id=ids.REFRESH, label="Try refreshing permissions", value=flow.id, style="primary"),
            Press(action_id=ids.CHECK, label="Check status", value=flow.id),
            cancel(flow.id),
        ),
    ]
    return _window(flow, "Refresh permissions" if alone else "Almost there", blocks)


def connected(
    flow: Reconnect, *, now: datetime, report: RefreshReport | None = None, warning: str = ""
) -> View:
    """Only when Meta's status said so on being read back. How long it took, and the before/after table."""
    took = flow.updated_at - flow.started_at
    length = mark(
        " It took {took}.", took=span(took) if took >= timedelta(seconds=1) else "less than a second"
    )
    text = mark(":large_green_circle: *Connected* – read back from Meta, {at}.{length}",
                at=moment(flow.updated_at), length=length)  # fmt: skip
    blocks = [
        title_line(flow.ref),
        kit.section(text),
        *([kit.context(esc(warning, 1400))] if warning else []),
    ]
    if flow.reason:
        blocks.append(kit.section(esc(flow.reason, 400)))
    if report:
        blocks += [kit.section(refresh.headline(report)), *refresh.table(report)]
    else:
        press = Press(action_id=refresh.OPEN, label="Try refreshing permissions", value=flow.ref.id)
        blocks.append(kit.actions(press))
    return _window(flow, "Connected", blocks)


def ended(flow: Reconnect, *, now: datetime, report: RefreshReport | None = None) -> View:
    """The honest other answer: it stopped, was stopped, or ran out of time; and how to go on."""
    icon, word = _ENDED.get(flow.step, (":octagonal_sign:", "Not connected"))
    took = flow.updated_at - flow.started_at
    length = mark(" after {took}", took=span(took)) if took >= timedelta(seconds=1) else Markup("")
    blocks: list[Block] = [
        title_line(flow.ref),
        kit.section(mark("{icon} *{word}*{length}.", icon=Markup(icon), word=word, length=length)),
    ]
    if flow.reason:
        blocks.append(kit.section(esc(_WHY.get(flow.reason, flow.reason), 1400, lines=True)))
    if report:
        blocks += [kit.section(refresh.headline(report)), *refresh.table(report)]
    if flow.step in _CAN_GO_ON:
        again = Press(action_id=ids.OPEN, label="Reconnect", value=flow.ref.id)
        hint = Markup("`/whatsapp reconnect` starts again from where the number stands.")
        blocks += [kit.context(hint), kit.actions(again)]
    return _window(flow, word, blocks)


def _window(flow: Reconnect, title: str, blocks: list[Block]) -> View:
    return kit.modal(callback_id=ids.WINDOW, title=title, blocks=blocks, about=flow.id)
