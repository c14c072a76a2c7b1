"""The exact change of a webhook, asked before it is made; and that of the whole app, with a tick for each account."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.fixes.done import Done
from bot.numbers import NumberRef
from bot.roles import Role
from bot.webhook_plan import SETS, Change, Deed, shown
from handlers.views import kit, webhook
from handlers.views.done import came_of
from handlers.views.field import Field
from handlers.views.kit import Block, Element, Message, View
from handlers.views.text import Markup, esc, join, mark

if TYPE_CHECKING:
    from bot.fixes.app_address import Move, Moved
    from bot.webhooks import Moving, Sight

APPLY = "webhook.apply"  # callback of the question; private_metadata: the number's id
MOVE = "webhook.move"  # callback of the question about the app; the same
TITLE = "Fix webhook"
TITLE_APP = "The app's webhook"

MARK = "change."  # begins the id of the block that shows the change
PER_BLOCK = 10  # boxes in one group: Slack takes no more
MOST_BLOCKS = 20  # a window has its limit, and beyond it nobody reads what they tick
MOST_NAMES = 12
CHANGED = "It is not as it was shown any more: nothing was changed. This is how it is now."
TICK_ALL = "Tick every account: each of them moves."


def fix(sight: "Sight", *, role: Role, done: Done | None = None, changed: bool = False) -> View:
    """The change there is to make, or why there is none; `done`: what the last one came to."""
    ref, change = sight.snapshot.ref, sight.plan.change
    blocks = _fix(sight, role, done, changed)
    if change is None:
        return kit.modal(callback_id=webhook.WINDOW, title=TITLE, blocks=blocks, about=ref.id)
    return kit.modal(
        callback_id=APPLY, title=TITLE, blocks=blocks, about=ref.id, submit="Apply", close="Cancel"
    )


def fix_message(sight: "Sight", *, role: Role, done: Done | None = None) -> Message:
    """The same as a message, for when the window is gone; the next change is one button away."""
    text = mark("Webhook of {name}", name=webhook.name_of(sight.snapshot.ref))
    blocks = _fix(sight, role, done, False)
    if sight.plan.change:
        blocks.append(kit.actions(*webhook.presses(sight.snapshot.ref, role)))
    return kit.message(text, blocks)


def _fix(sight: "Sight", role: Role, done: Done | None, changed: bool) -> list[Block]:
    ref, plan = sight.snapshot.ref, sight.plan
    blocks = [
        kit.section(webhook.name_of(ref)),
        *came_of(done),
        *([kit.section(CHANGED)] if changed else []),
    ]
    if plan.change:
        if done:
            blocks.append(
                kit.section(Markup("*One more change is needed:*" if done.ok else "*Still to be changed:*"))
            )
        blocks += _change(plan.change, sight.also)
    else:
        sign = {True: ":white_check_mark:", False: ":x:", None: ":grey_question:"}[plan.done]
        blocks.append(kit.section(mark("{sign} {says}", sign=Markup(sign), says=esc(plan.says, 900))))
    if plan.app:
        rest = "Only a manager changes the app's own webhook: it counts for all accounts of the app at once."
        blocks += [kit.section(join([esc(one, 400) for one in plan.app])), kit.context(rest)]
        if plan.change and role >= Role.MANAGER:
            blocks.append(kit.actions(webhook.app_press(ref)))
    if plan.change is None:
        blocks.append(kit.actions(*webhook.presses(ref, role, fix=False, app=bool(plan.app))))
    return blocks


def _change(change: Change, also: Sequence[NumberRef] | None) -> list[Block]:
    what = {
        Deed.SUBSCRIBE: "Subscribe our app to the WhatsApp account.",
        Deed.SET_ACCOUNT: "Set this bot's address on the WhatsApp account.",
        Deed.CLEAR_ACCOUNT: "Clear the address set on the WhatsApp account: the app's own is this bot's.",
        Deed.SET_NUMBER: "Set this bot's address on the number itself.",
        Deed.CLEAR_NUMBER: "Clear the address set on the number itself: the one below it is this bot's.",
    }[change.deed]
    if change.deed is Deed.SUBSCRIBE:
        before, after = "our app is not subscribed", "our app is subscribed"
    else:
        before, after = shown(change.before), shown(change.after)
        if not change.was:
            before = f"{before} (the app's: none is set here)"
        if change.deed not in SETS:
            after = f"{after} (nothing is set here any more)"
    fields = (mark("*Before*\n{v}", v=esc(before, 300)), mark("*After*\n{v}", v=esc(after, 300)))
    return [
        kit.section(mark("*{what}*", what=what), fields=fields, block_id=f"{MARK}{change.mark}"),
        kit.section(mark("*What else is touched*\n{touched}", touched=_touched(change, also))),
        kit.context(_asked(change)),
    ]


def _touched(change: Change, also: Sequence[NumberRef] | None) -> Markup:
    rest = "Other apps and other accounts stay as they are."
    if not change.of_account:
        return mark("No other number. {rest}", rest=rest)
    if also is None:
        return mark("Every number of the account, and which those are could not be read. {rest}", rest=rest)
    if not also:
        return mark("The account has no other number. {rest}", rest=rest)
    names = ", ".join(f"{ref.name} {ref.masked}" for ref in also[:MOST_NAMES])
    more = f" and {len(also) - MOST_NAMES} more" if len(also) > MOST_NAMES else ""
    return mark("The account's other numbers, unless one has an address of its own: {names}. {rest}",
                names=esc(f"{names}{more}", 1500), rest=rest)  # fmt: skip


def _asked(change: Change) -> str:
    if change.deed in SETS:
        return (
            "Meta calls the new address at once with its challenge, and takes it only when this bot answers."
        )
    return "No code is sent and nobody is disconnected."


def working(number_id: str) -> View:
    """While it is applied: nothing to press."""
    blocks = [kit.section("Applying the change, then reading it back…")]
    return kit.modal(callback_id=webhook.WINDOW, title=TITLE, blocks=blocks, about=number_id)


def app(moving: "Moving", *, changed: bool = False) -> View:
    """Asked of a manager: each account that would move is ticked, or nothing moves."""
    ref, move = moving.sight.snapshot.ref, moving.move
    blocks = [*([kit.section(CHANGED)] if changed else []), *_move(move)]
    if moving.done or move.unknown or len(move.accounts) > PER_BLOCK * MOST_BLOCKS:
        ways = [kit.actions(*webhook.presses(ref, Role.MANAGER, fix=False))] if moving.done else []
        blocks = [*came_of(moving.done), *blocks, *ways]
        return kit.modal(callback_id=webhook.WINDOW, title=TITLE_APP, blocks=blocks, about=ref.id)
    blocks += [field.ticks(options) for field, options in _boxes(move.accounts)]
    return kit.modal(
        callback_id=MOVE, title=TITLE_APP, blocks=blocks, about=ref.id, submit="Move them all",
        close="Cancel",
    )  # fmt: skip


def app_message(moving: "Moving") -> Message:
    """What came of it, for when the window is gone."""
    text = Markup("The app's webhook")
    return kit.message(text, [*came_of(moving.done), *_move(moving.move)])


def _move(move: "Move") -> list[Block]:
    added = [name for name in move.fields if name not in move.fields_before]
    fields = (
        mark("*Before*\n{v}", v=esc(shown(move.before), 300)),
        mark("*After*\n{v}", v=esc(shown(move.after), 300)),
    )
    listens = f"Fields it will listen to: {', '.join(move.fields)}."
    stays = "The address stays. Setting it anew switches the webhook on and subscribes the fields. "
    listens = f"{stays if move.before == move.after else ''}{listens}"
    new = f" New: {', '.join(added)}." if added else " None is new, none is dropped."
    blocks = [
        kit.section(
            Markup(
                "*This moves EVERY account of the app at once*: the app has one address for WhatsApp. "
                "It also moves accounts of the app that no token of this bot can see."
            ),
            fields=fields,
            block_id=f"{MARK}{move.mark}",
        ),
        kit.section(esc(listens + new, 1500)),
    ]
    if len(move.accounts) > PER_BLOCK * MOST_BLOCKS:
        said = mark(
            ":x: {n} accounts would move, more than can be named here. So it is not offered.",
            n=len(move.accounts),
        )
        blocks.append(kit.section(said))
    if move.unknown:
        ids = ", ".join(move.unknown[:MOST_NAMES])
        said = mark(
            ":x: Of {n} account(s) it could not be told whether they would move: {ids}. So it is not offered.",
            n=len(move.unknown), ids=esc(ids, 600),
        )  # fmt: skip
        blocks.append(kit.section(said))
    return blocks


def _boxes(accounts: Sequence["Moved"]) -> list[tuple[Field, list[Element]]]:
    """Ten boxes a group; without an account one box says so."""
    if not accounts:
        return [(_group(0), [kit.option("No account that can be seen is subscribed: move the app", "none")])]
    pages = [accounts[at : at + PER_BLOCK] for at in range(0, len(accounts), PER_BLOCK)][:MOST_BLOCKS]
    return [
        (_group(n), [kit.option(f"{(one.name or 'No name')[:40]} ({one.id})", one.id) for one in page])
        for n, page in enumerate(pages)
    ]


def _group(n: int) -> Field:
    return Field(f"moves.{n}", "webhook.moves", "Accounts that move: tick each")


def mark_of(view: Mapping[str, Any]) -> str:
    """Which change was shown."""
    ids = (str(block.get("block_id") or "") for block in view.get("blocks") or ())
    return next((one.removeprefix(MARK) for one in ids if one.startswith(MARK)), "")


def ticked(view: Mapping[str, Any]) -> frozenset[str]:
    """The accounts that were named."""
    groups = (_group(n) for n in range(MOST_BLOCKS))
    return frozenset(value for group in groups for value in group.read_ticks(view)) - {"none"}


def unticked(view: Mapping[str, Any]) -> dict[str, str]:
    """What to say beside each group in which a box is empty."""
    found = {}
    for block in view.get("blocks") or ():
        block_id = str(block.get("block_id") or "")
        if block.get("type") == "input" and block_id.startswith("moves."):
            offered = {option["value"] for option in block["element"].get("options", ())}
            if offered - _group(int(block_id.removeprefix("moves."))).read_ticks(view):
                found[block_id] = TICK_ALL
    return found
