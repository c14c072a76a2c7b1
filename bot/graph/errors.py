"""Meta's refusals and silences, by kind.

GraphError(code, subcode, trace)   Meta's own words when it sends error_user_msg; trace id for support
├ Unreachable(sent)                no readable answer; sent=True means Meta may have acted
├ Throttled(retry_at)              when to come back, when Meta says
├ TokenRejected                    the token is dead or unusable
├ PermissionMissing                a scope or an asset assignment is missing
├ NotFound                         100/33: gone, wrong id, or no access: Meta does not say which
├ UnknownField(name)               one field made the whole read fail
└ Refused                          the request itself was refused (wrong code, wrong PIN, not eligible …)

Branch on `code` first, `subcode` second; never on HTTP status or `type` (meta-graph.md §0.4).
"""

from datetime import datetime

from bot.errors import BotError


class GraphError(BotError):
    """An answer (or a silence) of Meta's that is not the one asked for.

    `code`, `subcode`: Meta's numbers, 0 when absent. `title`, `words`: `error_user_title` and
    `error_user_msg`, else Meta's message: untrusted text. `details`: `error_data.details`.
    `trace`: `fbtrace_id`. `http`: the HTTP status, 0 without an answer.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        code: int = 0,
        subcode: int = 0,
        title: str = "",
        words: str = "",
        details: str = "",
        trace: str = "",
        http: int = 0,
    ) -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.subcode = subcode
        self.title = title
        self.words = words
        self.details = details
        self.trace = trace
        self.http = http


class Unreachable(GraphError):
    """No answer that settles the matter. `sent`: whether bytes of the request may have reached Meta.

    `code` and Meta's words are there when a failing server (HTTP 5xx) gave them: they explain, but
    they do not prove that a write had no effect.
    """

    def __init__(
        self,
        message: str,
        *,
        sent: bool,
        hint: str = "",
        code: int = 0,
        subcode: int = 0,
        title: str = "",
        words: str = "",
        details: str = "",
        trace: str = "",
        http: int = 0,
    ) -> None:
        super().__init__(
            message,
            hint=hint,
            code=code,
            subcode=subcode,
            title=title,
            words=words,
            details=details,
            trace=trace,
            http=http,
        )
        self.sent = sent


class Throttled(GraphError):
    """Meta asks to wait. `retry_at` (UTC) when it said until when, else None.

    `sent`: False when we kept to an earlier wait, so that no byte of this request left.
    """

    retry_at: datetime | None = None
    sent: bool = True


class TokenRejected(GraphError):
    """Meta does not accept our access token (190, 102, 104, 0)."""


class PermissionMissing(GraphError):
    """A permission is not granted or the account is not assigned to the token's user (3, 10, 200-299)."""


class NotFound(GraphError):
    """100/33 or 33: deleted, wrong id, or no access; Meta does not tell which."""


class UnknownField(GraphError):
    """A read named a field this version or number does not have. `field` is its name."""

    field: str = ""


class Refused(GraphError):
    """Meta understood and said no. `code`/`subcode` say why."""


def app_refused(refusal: TokenRejected) -> Refused:
    """What is refused with the app's own credentials is about them: never to be taken for a dead token."""
    return Refused(
        "Meta did not accept our app id and secret.",
        hint="Check META_APP_ID and META_APP_SECRET.",
        code=refusal.code,
        subcode=refusal.subcode,
        title=refusal.title,
        words=refusal.words,
        details=refusal.details,
        trace=refusal.trace,
        http=refusal.http,
    )
