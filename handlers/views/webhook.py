"""The webhook of a number: where its events should go and do, what is listened to, and who else listens."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.evidence.facts import known_number, same_address
from bot.evidence.reading import Reading
from bot.evidence.records import Strange
from bot.evidence.snapshot import Snapshot
from bot.numbers import NumberRef
from bot.roles import Role
from bot.status import Answer
from bot.webhook_plan import shown
from handlers.views import diagnose_ids, kit
from handlers.views.kit import Block, Message, Press, View
from handlers.views.text import Markup, clock_time, esc, join, mark, moment

if TYPE_CHECKING:
    from bot.webhooks import Sight

OPEN = "webhook.open"  # "Show webhook"; value: the number's id
TEST = "webhook.test"  # "Test webhook"; the same value
FIX = "webhook.fix"  # "Fix webhook"; the same value
APP = "webhook.app"  # "Change the app's webhook"; the same value
WINDOW = "webhook.window"
TITLE = "Webhook"

MOST_APPS, MOST_STRANGE = 10, 10
SIGNS = {Answer.YES: ":white_check_mark:", Answer.NO: ":x:", Answer.UNKNOWN: ":grey_question:"}
LEVELS = {"number": "the number itself", "account": "the WhatsApp account", "application": "the app"}


def card(sight: "Sight", *, role: Role) -> View:
    """`/whatsapp webhook` in a window."""
    return kit.modal(
        callback_id=WINDOW, title=TITLE, blocks=_blocks(sight, role), about=sight.snapshot.ref.id
    )


def card_message(sight: "Sight", *, role: Role) -> Message:
    """The same as a message, for when the window is gone."""
    text = mark("Webhook of {name}", name=name_of(sight.snapshot.ref))
    return kit.message(text, _blocks(sight, role))


def _blocks(sight: "Sight", role: Role) -> list[Block]:
    snapshot = sight.snapshot
    blocks = [
        kit.section(name_of(snapshot.ref)),
        *_address(snapshot),
        *_account_events(snapshot),
        *_fields(snapshot),
        *_apps(snapshot),
        *_last(snapshot),
        *([kit.section(join([Markup("*The app's own webhook*"), *(esc(one, 400) for one in sight.plan.app)]))]
          if sight.plan.app else []),
    ]  # fmt: skip
    return [
        *blocks,
        kit.actions(
            *presses(snapshot.ref, role, fix=bool(sight.plan.change), app=bool(sight.plan.app), back=False)
        ),
    ]


def presses(
    ref: NumberRef, role: Role, *, fix: bool = True, app: bool = False, back: bool = True
) -> tuple[Press, ...]:
    """The buttons below; the app's own webhook is for managers."""
    found = [
        Press(action_id=FIX, label="Fix webhook", value=ref.id, style="primary" if fix else ""),
        Press(action_id=TEST, label="Test webhook", value=ref.id),
        Press(action_id=diagnose_ids.OPEN, label="Diagnose", value=ref.id),
    ]
    if back:
        found.append(Press(action_id=OPEN, label="Show webhook", value=ref.id))
    if app and role >= Role.MANAGER:
        found.append(app_press(ref))
    return tuple(found)


def app_press(ref: NumberRef) -> Press:
    return Press(action_id=APP, label="Change the app's webhook", value=ref.id)


def _address(snapshot: Snapshot) -> list[Block]:
    ours, number = snapshot.webhook_url, known_number(snapshot)
    hooks = number.webhooks if number else None
    lines = [
        mark(
            "*Expected*\n{url}",
            url=esc(shown(ours), 300) if ours else Markup("This bot has no public address."),
        )
    ]
    if hooks is None:
        why = "Meta did not say which." if number else snapshot.number.why
        lines.append(
            mark("*In force*\n{sign} Could not tell. {why}", sign=Markup(SIGNS[Answer.UNKNOWN]), why=why)
        )
        return [kit.section(join(lines)), _read(snapshot.number)]
    good = same_address(hooks.effective, ours)
    answer = Answer.UNKNOWN if not ours else Answer.YES if good else Answer.NO
    where = LEVELS.get(hooks.level, "")
    said = mark("{url} – set on {level}", url=esc(shown(hooks.effective or ""), 300), level=where) if where else Markup(
        "No address anywhere: nothing can arrive."
    )  # fmt: skip
    lines.append(mark("*In force*\n{sign} {said}", sign=Markup(SIGNS[answer]), said=said))
    levels = [("Number", hooks.number), ("Account", hooks.account), ("App", hooks.application)]
    told = " · ".join(f"{level}: {shown(url or '')}" for level, url in levels)
    return [
        kit.section(join(lines)),
        kit.context(esc(told, 900), "The first one that is set wins."),
        _read(snapshot.number),
    ]


def _account_events(snapshot: Snapshot) -> list[Block]:
    """They never follow an override (meta-graph.md §4.3)."""
    rule = "Bans, restrictions, PIN changes and template news only ever go to the app's own address."
    known = snapshot.subscription.value if snapshot.subscription.known else None
    if known is None:
        return _fact(
            "Account events", Answer.UNKNOWN, f"{rule} {snapshot.subscription.why}", snapshot.subscription
        )
    if not snapshot.webhook_url:
        return _fact("Account events", Answer.UNKNOWN, f"{rule} It is {shown(known.callback_url or '')}.",
                      snapshot.subscription)  # fmt: skip
    good = same_address(known.callback_url, snapshot.webhook_url)
    said = "It is this bot's." if good else f"It is not this bot's: {shown(known.callback_url or '')}."
    off = " It is switched off." if known.active is False else ""
    return _fact("Account events", Answer.YES if good and not off else Answer.NO, f"{rule} {said}{off}",
                  snapshot.subscription)  # fmt: skip


def _fields(snapshot: Snapshot) -> list[Block]:
    known = snapshot.subscription.value if snapshot.subscription.known else None
    if known is None:
        return _fact("Fields", Answer.UNKNOWN, snapshot.subscription.why, snapshot.subscription)
    lacking = [name for name in snapshot.needed_fields if name not in known.fields]
    of = len(snapshot.needed_fields)
    said = f"{of - len(lacking)} of {of} needed ones are subscribed."
    if lacking:
        said = f"{said} Missing: {', '.join(lacking)}."
    return _fact("Fields", Answer.NO if lacking else Answer.YES, said, snapshot.subscription)


def _apps(snapshot: Snapshot) -> list[Block]:
    known = snapshot.apps.value if snapshot.apps.known else None
    if known is None:
        return _fact("Apps subscribed to the account", Answer.UNKNOWN, snapshot.apps.why, snapshot.apps)
    ours = any(app.id == snapshot.app_id for app in known)
    others = [app.name.strip() or f"app {app.id}" for app in known if app.id != snapshot.app_id]
    said = "Ours is subscribed." if ours else "Ours is not subscribed: nothing can arrive."
    if others:
        more = f" and {len(others) - MOST_APPS} more" if len(others) > MOST_APPS else ""
        said = f"{said} Others: {', '.join(others[:MOST_APPS])}{more}."
    return _fact("Apps subscribed to the account", Answer.YES if ours else Answer.NO, said, snapshot.apps)


def _last(snapshot: Snapshot) -> list[Block]:
    if not snapshot.webhook_url:
        return [_line("Last event received", Answer.UNKNOWN,
                      Markup("Could not tell: this bot has no public address."))]  # fmt: skip
    if snapshot.events is None:
        return [
            _line(
                "Last event received",
                Answer.UNKNOWN,
                Markup("Could not tell: our records could not be read."),
            )
        ]
    at = snapshot.events.last_any
    if at is None:
        return [_line("Last event received", Answer.UNKNOWN, Markup("Never, as far as our records go back."))]
    return [_line("Last event received", Answer.YES, moment(at)), *_strange(snapshot.events.strange)]


def _strange(events: Sequence[Strange]) -> list[Block]:
    """What Meta told and this bot cannot read: by name, so that somebody can look it up."""
    if not events:
        return []
    newest = sorted(events, key=lambda event: event.at, reverse=True)[:MOST_STRANGE]
    told = [
        mark("`{field}` × {n}, last {at}", field=esc(event.field, 60), n=event.count, at=moment(event.at))
        for event in newest
    ]
    return [
        kit.context(
            join([Markup("Also received, and not understood (only the name is kept):"), *told], " · ")
        )
    ]


def _fact(what: str, answer: Answer, said: str, rests: Reading[object]) -> list[Block]:
    return [_line(what, answer, esc(said, 900)), _read(rests)]


def _line(what: str, answer: Answer, said: Markup) -> Block:
    return kit.section(mark("*{what}*\n{sign} {said}", what=what, sign=Markup(SIGNS[answer]), said=said))


def _read(reading: Reading[object]) -> Block:
    return kit.context(_when(reading))


def _when(reading: Reading[object]) -> Markup:
    if reading.at is None:
        return Markup("Not asked.")
    return mark("{how}, read at {at}", how=esc(reading.how, 80), at=clock_time(reading.at))


def name_of(ref: NumberRef) -> Markup:
    return mark("*{name}* {display}", name=esc(ref.name, 200) or "No name", display=esc(ref.display, 40))
