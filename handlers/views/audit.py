"""What managers read: the audit channel's first message, thread lines and batches, and direct messages.

Everything is drawn from the flat text mapping that bot/audit.py owes (`seq`, `kind`, `at`, `actor`, `action`,
`name`, `tail`, `outcome`, `reason`, `trace`, `details.…`). Only the last four digits of a number are shown.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from handlers.views import diagnose_ids, kit, oauth
from handlers.views import reconnect_ids as ids
from handlers.views.audit_words import BY_STATE, OF_REFRESH, SAYS, UNKNOWN_ACT
from handlers.views.kit import Message, Press, View
from handlers.views.text import Markup, clock_time, copied, cut_markup, esc, join, mark, mention

Body = Mapping[str, str]
LINE = 400  # characters of one line, so that a batch of 25 stays below Slack's 13,200
BATCH = 25
_SECTION = 3000
_PEOPLE = frozenset({"details.to", "details.former"})  # Slack user ids
_NOT_CONNECTED = "Not connected"
_ENDS = {
    "Connected": ":large_green_circle:",
    "Permissions refreshed": ":white_check_mark:",
    "Stopped": ":black_square_for_stop:",
    "Expired": ":hourglass:",
}
_HIDDEN = frozenset({"details.code_op", "details.kind", "details.state"})


def line(body: Body) -> Markup:
    """One record as one line: when, who, what, with which number, why."""
    parts = [
        mark("{at} {icon} {who} {said}", at=_when(body), icon=_icon(body), who=_who(body), said=_said(body)),
        _number(body),
        _reason(body),
        *_details(body),
    ]
    seq = mark("`#{seq}`", seq=esc(body.get("seq", ""), 12)) if body.get("seq") else Markup("")
    return cut_markup(join([*(part for part in parts if part), seq], " · "), LINE)


def reply(body: Body) -> Message:
    """A line in the thread of its flow."""
    said = line(body)
    return kit.message(said, [kit.section(said)])


def copy(body: Body) -> Message:
    """A text filed below the record it belongs to, to be copied from there, too."""
    said = mark("Copy to `#{seq}`", seq=esc(body.get("seq", ""), 12))
    return kit.message(said, [kit.section(said), kit.section(copied(body.get("text", "")))])


def batch(bodies: Sequence[Body]) -> list[Message]:
    """Many lines in few messages: at most 25 lines in each."""
    groups = [bodies[at : at + BATCH] for at in range(0, len(bodies), BATCH)]
    return [_lines([line(body) for body in group]) for group in groups]


def _lines(lines: Sequence[Markup]) -> Message:
    sections, held, size = [], [lines[0]], len(lines[0])
    for one in lines[1:]:
        if size + 1 + len(one) > _SECTION:
            sections.append(kit.section(join(held)))
            held, size = [], -1
        held.append(one)
        size += 1 + len(one)
    return kit.message(join(lines[:3]), [*sections, kit.section(join(held))])


def parent(body: Body, *, state: str = "") -> Message:
    """The one message of a flow: “@ana is reconnecting Sales …4821”. With `state`: its final edit.

    `body`: the record of the start, or the end's with `took` and `why`. `state`: a word such as “Connected”.
    """
    how = mark(" ({how})", how=esc(body["details.method"], 40)) if body.get("details.method") else Markup("")
    refresh = body.get("details.kind") == "refresh"
    doing = "refreshing permissions of" if refresh else "reconnecting"
    start = mark("{who} is {doing} {number}{how}", who=_who(body), doing=doing, number=_number(body), how=how)
    if not state:
        return kit.message(start, [kit.section(start), kit.context(_tags(body, "running"))])
    was = mark("{who} was {doing} {number}{how}", who=_who(body), doing=doing, number=_number(body), how=how)
    if refresh and state == _NOT_CONNECTED:
        state = "Permissions refreshed"
        was = mark("{was} ({why})", was=was, why=esc(body.get("why", "").rstrip("."), 200))
    took = body.get("took", "")
    length = mark(" after {took}", took=esc(took, 40)) if took else Markup("")
    end = mark(
        "{icon} *{state}*{length} – {was}",
        icon=Markup(_ENDS.get(state, ":octagonal_sign:")),
        state=esc(state, 80),
        length=length,
        was=was,
    )
    return kit.message(end, [kit.section(end), kit.context(_tags(body, state.lower()))])


def _tags(body: Body, state: str) -> Markup:
    """Searchable words: [reconnect] [sales] [connected]. A number without a name goes by its last digits."""
    kind = "refresh" if body.get("details.kind") == "refresh" else "reconnect"
    name = esc(body.get("name", "").lower(), 80) or esc(body.get("tail", "")[-4:], 4) or "number"
    return mark("[{kind}] [{name}] [{state}]", kind=kind, name=name, state=esc(state, 60))


def _when(body: Body) -> Markup:
    try:
        at = datetime.fromisoformat(body.get("at", ""))
    except ValueError:
        return Markup("")
    return clock_time(at if at.tzinfo else at.replace(tzinfo=UTC))


def _who(body: Body) -> Markup:
    actor = body.get("actor", "")
    return Markup("the bot") if actor in ("bot", "") else mention(actor)


def _number(body: Body) -> Markup:
    tail = "".join(c for c in body.get("tail", "")[-4:] if c.isascii() and c.isdigit())
    name = esc(body.get("name", ""), 100)
    return join([name, mark("…{tail}", tail=tail) if tail else Markup("")], " ")


def _said(body: Body) -> Markup:
    acts = SAYS.get(body.get("action", ""))
    if body.get("details.kind") == "refresh" and body.get("action") in OF_REFRESH:
        return Markup(OF_REFRESH[body["action"]])
    if _quiet_end(body):
        return Markup(BY_STATE[body["details.state"]][1])
    key = "intent" if body.get("kind") == "intent" else body.get("outcome", "")
    if acts is None or key not in acts:
        return mark(UNKNOWN_ACT, action=esc(body.get("action", "?"), 60), outcome=esc(key, 40))
    return Markup(acts[key])


def _quiet_end(body: Body) -> bool:
    """Whether a flow ended here without having failed: somebody stopped it, or nobody went on."""
    return body.get("action") == "flow.ended" and body.get("details.state") in BY_STATE


def _icon(body: Body) -> Markup:
    if _quiet_end(body):
        return Markup(BY_STATE[body["details.state"]][0])
    if body.get("action") == "flow.ended" and body.get("details.kind") == "refresh":
        return Markup(":white_check_mark:")
    icons = {"failed": ":x:", "unknown": ":grey_question:", "refused": ":no_entry:", "not_sent": ":zzz:"}
    return Markup(icons.get(body.get("outcome", ""), ":black_small_square:"))


def _reason(body: Body) -> Markup:
    reason = mark("[{why}]", why=esc(body["reason"], 60)) if body.get("reason") else Markup("")
    trace = mark("trace {trace}", trace=esc(body["trace"], 40)) if body.get("trace") else Markup("")
    return join([reason, trace], " ")


def _details(body: Body) -> list[Markup]:
    shown = [(key, value) for key, value in body.items() if key.startswith("details.") and key not in _HIDDEN]
    return [
        mark(
            "{key}: {value}",
            key=esc(key.removeprefix("details.").replace("_", " "), 30),
            value=mention(value) if key in _PEOPLE else esc(value, 240),
        )
        for key, value in sorted(shown)[:6]
        if value
    ]


def dm(body: Body, *, flow_id: str) -> Message:
    """A direct message owed by Journal.owe_dm. `template` names it; unknown ones say the least.

    Values used: `from` (Slack user id), `until` (ISO time), `reason`, `text`.
    """
    template, said = body.get("template", ""), _told(body)
    extra = [kit.section(esc(body["text"], 1400, lines=True))] if body.get("text") else []
    press = _about_number(template, body.get("about", "")) or _press(template, flow_id)
    return kit.message(said, [kit.section(said), *extra, *([kit.actions(press)] if press else [])])


def window(body: Body) -> View:
    """What became of a login, in the window that held its link: owed by Journal.owe_window, with the same values."""
    text = body.get("text", "")
    return oauth.over(_told(body), text, number_id=body.get("about", ""), template=body.get("template", ""))


def _told(body: Body) -> Markup:
    return mark(DMS.get(body.get("template", ""), DMS[""]), who=_from(body), number=_number(body), until=_until(body),
                why=esc(body.get("reason", ""), 400))  # fmt: skip


DMS = {
    "hand_off": "{who} asks you for the code that Meta sends to the phone of *{number}*{until}. Press the button and "
    "type it in: only you can, and only for this number.",
    "not_reached": "{who} cannot be reached from here, so the code of *{number}* will not come from them. The code "
    "box is yours again: type it yourself, or choose somebody else.",
    "hand_off_over": "The code of *{number}* is no longer asked of you. Thank you.",
    "recovered": "I was restarted while reconnecting *{number}*. Nothing is lost. {why}",
    "unsure": "While reconnecting *{number}*: the last step may or may not have been done. Nothing is lost. {why}",
    "taken_over": "{who} has taken over the reconnect of *{number}* from you.",
    "taken_back": "{who} has taken the code box of *{number}* back. Thank you.",
    "joined": "{who} has joined as code holder for *{number}*.",
    "expired": "The reconnect of *{number}* has run out of time. {why}",
    "login_connected": "*{number}* is connected with Meta again. {why}",
    "login_refused": "The login with Meta for *{number}* was not taken, and nothing was changed. {why}",
    "login_declined": "No access for *{number}* came back from Meta, and nothing was changed. {why}",
    "login_unsure": "I could not tell how the login with Meta for *{number}* ended. Nothing was stored. {why}",
    "login_stopped": "I was in the middle of the login with Meta for *{number}*. {why}",
    "login_used": "Somebody has come back from Meta's login for *{number}* with this link, so it works no more. I try "
    "the new access now, and tell you here how it ends.",
    "login_replaced": "This link for *{number}* works no more: you have asked for a newer one.",
    "login_expired": "This link for *{number}* works no more: nobody came back from Meta's login in time. Nothing was "
    "changed.",
    "ask_manager": "{who} asks for your help with *{number}*. {why}",
    "": "There is news about *{number}*. {why}",
}
_CONTINUING = frozenset({"recovered", "not_reached", "unsure", "joined", ""})


def _about_number(template: str, number_id: str) -> Press | None:
    """The button of a message that is about a number, not about a flow."""
    if template in oauth.AGAIN:
        return oauth.press(number_id)
    if template == "ask_manager" and number_id:
        return Press(action_id=diagnose_ids.OPEN, label="Diagnose", value=number_id, style="primary")
    return None


def _press(template: str, flow_id: str) -> Press | None:
    if not flow_id:
        return None
    if template == "hand_off":
        return Press(action_id=ids.ENTER, label="Enter code", value=flow_id, style="primary")
    if template in _CONTINUING or template not in DMS:
        return Press(action_id=ids.CONTINUE, label="Continue", value=flow_id, style="primary")
    return None


def _from(body: Body) -> Markup:
    return mention(body["from"]) if body.get("from") else Markup("Somebody")


def _until(body: Body) -> Markup:
    try:
        return mark(" (until {at})", at=clock_time(datetime.fromisoformat(body["until"])))
    except (KeyError, ValueError):
        return Markup("")
