"""What the fake will not take from the bot, in Slack's words, and the record of it."""

from collections.abc import Callable
from typing import Literal

from bot.sandbox.slack.model import JSON, Refusal, Refused
from handlers.views.rules import Problem, problems

Surface = Literal["modal", "home", "message"]
# Rules that have an error of their own in Slack; every other problem is answered as invalid.
_OWN_ERROR = frozenset({"view_too_large", "msg_blocks_too_long"})
TEXT_CHARACTERS = 40_000


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
    if not text and not blocks and not args.get("attachments") and not args.get("markdown_text"):
        raise Refused("no_text")
    if isinstance(text, str) and len(text) > TEXT_CHARACTERS:
        raise Refused("msg_too_long")
    if blocks is not None and not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    shown = {key: args[key] for key in ("text", "blocks", "attachments") if args.get(key) is not None}
    found = [] if args.get("markdown_text") else problems(shown, "message")
    if found:
        raise _refusal("invalid_blocks", found, root="")


def _refusal(error: str, found: list[Problem], *, root: str) -> Refused:
    own = next((p.rule for p in found if p.rule in _OWN_ERROR), None)
    lines = tuple(f"{p.path}: {p.rule}: {p.message}" for p in found)
    pointers = [root + "/" + p.path.replace(".", "/").replace("[", "/").replace("]", "") for p in found]
    messages = [f"[ERROR] {p.message} [json-pointer:{at}]" for p, at in zip(found, pointers, strict=True)]
    return Refused(own or error, problems=lines, response_metadata={"messages": messages})
