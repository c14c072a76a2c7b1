"""What the fake will not take from the bot, in Slack's words, and the record of it."""

from collections.abc import Callable
from typing import Literal

from bot.sandbox.slack.model import JSON, Refusal, Refused
from handlers.views.rules import MARKDOWN_CHARS, Problem, problems

Surface = Literal["modal", "home", "message"]
# Rules that have an error of their own in Slack; every other problem is answered as invalid.
_OWN_ERROR = {
    "view_too_large": "view_too_large",
    "msg_blocks_too_long": "msg_blocks_too_long",
    "only_one_table_allowed": "invalid_attachments",
}
TEXT_CHARACTERS = 40_000
ATTACHMENTS = 100


class Refusals(list[Refusal]):
    """Everything refused so far, oldest first. `on_note` is called with each."""

    on_note: Callable[[Refusal], None] | None = None

    def note(self, method: str, error: str, *found: str) -> None:
        self.append(Refusal(method, error, tuple(found)))
        if self.on_note is not None:
            self.on_note(self[-1])

    def note_refused(self, method: str, refused: Refused) -> None:
        self.note(method, refused.error, *refused.problems)


def check_view(view: object, surface: Surface) -> JSON:
    """A view Slack would accept, or Refused as views.* answers it."""
    if not isinstance(view, dict):
        raise Refused("invalid_arguments", problems=("view: must be an object",))
    found = problems(view, surface)
    if view.get("type") != surface and not any(p.path == "type" for p in found):
        found = [*found, Problem("type", "not_allowed", f"must be {surface}")]
    if found:
        raise _refusal("invalid_arguments", found, root="/view")
    return view


def check_message(args: JSON) -> None:
    """`text` and `blocks` Slack would post, or Refused as chat.* answers it.

    Stricter than Slack: blocks need a `text` beside them, for notifications and screen readers.
    """
    text, blocks = args.get("text"), args.get("blocks")
    attachments, markdown = args.get("attachments"), args.get("markdown_text")
    if not text and not blocks and not attachments and not markdown:
        raise Refused("no_text", problems=("text: missing: a message needs one",))
    for words, most, name in ((text, TEXT_CHARACTERS, "text"), (markdown, MARKDOWN_CHARS, "markdown_text")):
        if isinstance(words, str) and len(words) > most:
            raise Refused("msg_too_long", problems=(f"{name}: too_long: {len(words)}, {most} are allowed",))
    if markdown and (text or blocks):
        raise Refused("markdown_text_conflict", problems=("markdown_text: beside text or blocks",))
    if blocks is not None and not isinstance(blocks, list):
        raise Refused("invalid_blocks_format", problems=("blocks: wrong_type: must be a list",))
    if isinstance(attachments, list) and len(attachments) > ATTACHMENTS:
        raise Refused("too_many_attachments", problems=(f"attachments: too_many: {len(attachments)}",))
    shown = {key: args[key] for key in ("text", "blocks", "attachments") if args.get(key) is not None}
    found = [] if markdown else problems(shown, "message")
    if found:
        raise _refusal("invalid_blocks", found, root="")


def _refusal(error: str, found: list[Problem], *, root: str) -> Refused:
    own = next((_OWN_ERROR[p.rule] for p in found if p.rule in _OWN_ERROR), None)
    lines = tuple(f"{p.path}: {p.rule}: {p.message}" for p in found)
    pointers = [root + "/" + p.path.replace(".", "/").replace("[", "/").replace("]", "") for p in found]
    messages = [f"[ERROR] {p.message} [json-pointer:{at}]" for p, at in zip(found, pointers, strict=True)]
    return Refused(own or error, problems=lines, response_metadata={"messages": messages})
