"""How an access token stands, and the window in which a new one is typed. Never a token's text."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.graph.model import TokenInfo
from bot.numbers import NumberRef
from bot.remedy import BEFORE_REFRESH, BUTTONS, Fix
from bot.roles import Role
from bot.secret import Secret
from bot.token_standing import Standing
from handlers.views import kit, oauth
from handlers.views.diagnose_cause import number_of, sentence
from handlers.views.field import Field
from handlers.views.kit import Block, Message, Press, View
from handlers.views.text import Markup, esc, join, mark, moment, span
from handlers.views.who import Reader, who_acts

if TYPE_CHECKING:
    from bot.flows.replacing import Replaced
    from bot.token_state import TokenState

REFRESH = "token.refresh"  # "Refresh token"; value: the number's id, "" for the token of the settings
REPLACE = "token.replace"  # "Replace token"; the same value
NEW = "token.new"  # callback of the window with the field; private_metadata: the account's id, or ""
WINDOW = "token.window"
TITLE = "Access token"
TYPED = Field("token", "token.text", "New access token")
LONGEST = 1000
MOST_ACCOUNTS = 6

STANDINGS = {
    Standing.CONNECTED: ":large_green_circle: Connected",
    Standing.EXPIRING: ":large_yellow_circle: Connected, ends soon",
    Standing.PERMISSIONS_MISSING: ":large_orange_circle: Connected, a permission is missing",
    Standing.ASSET_MISSING: ":large_orange_circle: Connected, the account is missing",
    Standing.REAUTH: ":red_circle: Login needed",
    Standing.MISCONFIGURED: ":red_circle: Wrongly set up",
    Standing.DISCONNECTED: ":red_circle: Disconnected",
    Standing.UNKNOWN: ":grey_question: Could not tell",
}
KINDS = {
    "USER": "a person's token",
    "SYSTEM_USER": "a system user's token",
    "PAGE": "a page's token",
    "APP": "the app's own token",
}


def card(ref: NumberRef, state: "TokenState", *, reader: Reader, note: str = "") -> View:
    """`/whatsapp token` in a window. `note`: what was just done, or why it was not."""
    return kit.modal(callback_id=WINDOW, title=TITLE, blocks=_blocks(ref, state, reader, note), about=ref.id)


def card_message(ref: NumberRef, state: "TokenState", *, reader: Reader, note: str = "") -> Message:
    """The same as a message, for when the window is gone."""
    text = mark("Token of {name}: {state}", name=_name(ref), state=Markup(STANDINGS[state.standing]))
    return kit.message(text, _blocks(ref, state, reader, note))


def _blocks(ref: NumberRef, state: "TokenState", reader: Reader, note: str) -> list[Block]:
    said = sentence(state.finding) if state.finding else esc(state.sentence, 400)
    head = join(
        [
            mark("*{state}*", state=Markup(STANDINGS[state.standing])),
            mark("Token of {name}{whose}", name=_name(ref), whose=_whose(state)),
            said,
        ]
    )
    blocks = [kit.section(esc(note, 600))] if note else []
    blocks += [kit.section(head), *_advice(state, reader)]
    if state.info and state.info.kind:
        blocks.append(kit.section(Markup("*What Meta says of it*"), fields=_facts(state, state.info)))
    if state.last_known:
        blocks.append(kit.context(_last(state)))
    blocks.append(kit.context(_proof(state)))
    presses = _presses(ref, state, reader.role)
    if state.fixes and not presses:
        blocks.append(
            kit.context("Your role may look, and has no button here. Ask an operator or a manager to do it.")
        )
    return [*blocks, kit.actions(*presses)] if presses else blocks


def _whose(state: "TokenState") -> Markup:
    return mark(" ({label})", label=esc(state.label, 100)) if state.label else Markup("")


def _advice(state: "TokenState", reader: Reader) -> list[Block]:
    if state.finding is None:
        return [kit.section(esc(state.next_step, 400))] if state.next_step else []
    cause = state.finding.cause
    lines = [
        mark("*Effect:* {effect}", effect=cause.effect),
        mark("*What to do:* {do}", do=state.next_step),
        mark("*Who:* {who}", who=who_acts(cause.who, reader)),
        mark("*Takes:* {takes}", takes=cause.takes),
    ]
    words, number = state.finding.metas_words, number_of(state.finding)
    if words:
        lines.append(mark("Meta says: “{words}”", words=esc(words, 300)))
    if number:
        lines.append(mark("Meta's code: {number}", number=number))
    return [kit.section(join(lines))]


def _facts(state: "TokenState", info: TokenInfo) -> Sequence[Markup]:
    granted = [scope for scope in state.needed if scope in info.scopes]
    lacking = [scope for scope in state.needed if scope not in info.scopes]
    permissions = mark("{n} of {of} needed ones granted", n=len(granted), of=len(state.needed))
    if lacking:
        permissions = mark("{said}; missing: {these}", said=permissions, these=", ".join(lacking))
    pairs = [
        ("Kind", esc(KINDS.get(info.kind, info.kind), 60)),
        ("Ends", _end(info.expires_at, state.at, never=info.never_expires)),
        ("Access to data ends", _end(info.data_access_expires_at, state.at, never=info.is_valid)),
        ("Permissions", permissions),
        ("Accounts reached", _accounts(info.account_ids) if info.is_valid else Markup("none any more")),
        ("In use since", moment(state.since) if state.since else Markup("this start")),
        ("Last refresh", _refreshed(state)),
    ]
    return [mark("*{what}*\n{value}", what=what, value=value) for what, value in pairs]


def _end(at: datetime | None, now: datetime, *, never: bool) -> Markup:
    if at is None:
        return Markup("never" if never else "Meta did not say")
    if at <= now:
        return mark("ended {at}", at=moment(at))
    return mark("{at}, in {span}", at=moment(at), span=span(at - now))


def _accounts(ids: Sequence[str]) -> Markup:
    if not ids:
        return Markup("not limited to particular ones")
    shown = ", ".join(ids[:MOST_ACCOUNTS])
    more = f" and {len(ids) - MOST_ACCOUNTS} more" if len(ids) > MOST_ACCOUNTS else ""
    return esc(f"{shown}{more}", 300)


def _refreshed(state: "TokenState") -> Markup:
    if state.extension:
        return mark("failed {at}: {why}", at=moment(state.extension.at), why=esc(state.extension.reason, 200))
    return moment(state.extended_at) if state.extended_at else Markup("none yet")


def _last(state: "TokenState") -> Markup:
    known = state.last_known
    if known is None:
        return Markup("")
    age = span(state.at - known.at)
    return mark("Last known, {age} ago: {state}", age=age, state=Markup(STANDINGS[known.standing]))


def _proof(state: "TokenState") -> Markup:
    how = mark("{evidence}, ", evidence=esc(state.evidence, 200)) if state.evidence else Markup("")
    return mark("{how}read {at}. The token itself is never shown.", how=how, at=moment(state.at))


def _presses(ref: NumberRef, state: "TokenState", role: Role) -> list[Press]:
    best = state.fixes[0] if state.fixes else Fix.NONE
    presses = []
    if state.extendable and role >= Role.MANAGER:
        style = "primary" if best is Fix.REFRESH_TOKEN else ""
        label = BUTTONS[Fix.REFRESH_TOKEN]
        presses.append(Press(action_id=REFRESH, label=label, value=ref.id, style=style, ask=BEFORE_REFRESH))
    if role >= Role.OPERATOR:
        presses.append(oauth.press(ref.id, style="primary" if best is Fix.RECONNECT_META else ""))
    if role >= Role.MANAGER:
        presses.append(Press(action_id=REPLACE, label="Replace token", value=ref.id))
    return presses


def replace(ref: NumberRef | None) -> View:
    """The field for a new token. `ref` None: of the token that serves whatever no other one does."""
    of = mark("the token of {name}", name=_name(ref)) if ref else Markup("the bot's token")
    says = mark(
        "This replaces {of}. The new one is tried first: Meta is asked about it, and it has to read the account, a "
        "number and the templates. Only then it is kept, encrypted; until then the old one stays in use.",
        of=of,
    )
    hint = (
        "Meta Business settings → Users → System users → Generate token. Slack shows it while you type: make sure that "
        "nobody looks over your shoulder. I never show, log or record it."
    )
    blocks = [
        kit.section(says),
        TYPED.typed(placeholder="EAA…", hint=hint, focus=True, most=LONGEST),
    ]
    return kit.modal(
        callback_id=NEW,
        title="Replace token",
        submit="Try and replace",
        close="Cancel",
        blocks=blocks,
        about=ref.account_id if ref else "",
    )


def read_typed(view: Mapping[str, Any]) -> Secret:
    return Secret(TYPED.read_text(view))


def replaced(done: "Replaced", *, now: datetime) -> View:
    """It was kept: what is known of it, and whom it serves."""
    info = done.info
    lines = [
        Markup(":white_check_mark: *The token was replaced.* It read account, number and templates."),
        mark("Kind: {kind}", kind=esc(KINDS.get(info.kind, info.kind), 60)),
        mark("Ends: {end}", end=_end(info.expires_at, now, never=info.never_expires)),
        mark("Serves: {accounts}", accounts=_accounts(done.accounts)),
    ]
    if done.left:
        lines.append(mark("The old token goes on serving {left}, which the new one does not reach.",
                          left=_accounts(done.left)))  # fmt: skip
    return kit.modal(callback_id=WINDOW, title=TITLE, blocks=[kit.section(join(lines))])


def _name(ref: NumberRef) -> Markup:
    return esc(f"{ref.name} {ref.masked}" if ref.digits else ref.name, 200)
