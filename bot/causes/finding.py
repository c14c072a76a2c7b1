"""A cause found in one reading: what fills its sentence, Meta's words and numbers, and when it ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.causes.cause import DEFINITE, Cause
from bot.graph.errors import GraphError
from bot.graph.hiding import one_line
from bot.meanings import metas_words, without_addresses

Value = str | datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """`values` fill the sentence and, as `metas_words`, are untrusted text. `until` (UTC): when it ends by itself.

    `code`, `subcode`, `trace`: Meta's numbers and fbtrace_id, 0 and "" when a plain field told it. `more`: one
    further sentence of ours, which `values` fill, too, or "".
    """

    cause: Cause
    values: Mapping[str, Value] = field(default_factory=dict)
    metas_words: str = ""
    code: int = 0
    subcode: int = 0
    trace: str = ""
    until: datetime | None = None
    more: str = ""

    @property
    def definite(self) -> bool:
        return self.cause.severity in DEFINITE

    @property
    def sentence(self) -> str:
        return self.said(in_utc)

    def said(self, when: Callable[[datetime], str]) -> str:
        """The whole sentence, with the end when it is known. `when` writes a moment as the reader likes it."""
        ending = self.cause.ends if self.until else self.cause.open_end
        values: dict[str, Value] = {**self.values, **({"until": self.until} if self.until else {})}
        words = {name: when(v) if isinstance(v, datetime) else v for name, v in values.items()}
        return " ".join(part.format_map(words) for part in (self.cause.says, ending, self.more) if part)

    def done(self, when: Callable[[datetime], str]) -> str:
        """What to do, in words."""
        words = {name: when(v) if isinstance(v, datetime) else v for name, v in self.values.items()}
        return self.cause.do.format_map(words)


def in_utc(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    return f"{utc:%H:%M} UTC on {utc.day} {utc:%B}"


def found(
    cause: Cause, *, until: datetime | None = None, more: str = "", word: str = "", **values: Value
) -> Finding:
    """A cause read off a field. `word` is Meta's own value, which a sentence may name, too."""
    told = _clean({**values, "word": word} if word else values)
    return Finding(cause, told, metas_words=_short(word), until=until, more=more)


def refused(
    cause: Cause, error: GraphError, *, until: datetime | None = None, more: str = "", **values: Value
) -> Finding:
    """A cause that an answer of Meta's told."""
    return Finding(
        cause,
        _clean(values),
        metas_words=_short(metas_words(error)),
        code=error.code,
        subcode=error.subcode,
        trace=one_line(error.trace),
        until=until,
        more=more,
    )


def numbered(
    cause: Cause,
    code: int,
    subcode: int = 0,
    *,
    words: str = "",
    until: datetime | None = None,
    **values: Value,
) -> Finding:
    """A cause that a kept number of Meta's told: of an earlier attempt, a failed message, debug_token."""
    return Finding(cause, _clean(values), metas_words=_short(words), code=code, subcode=subcode, until=until)


def _clean(values: Mapping[str, Value]) -> dict[str, Value]:
    """Fit to stand inside a sentence: one printable line without an address somebody could follow."""
    return {name: v if isinstance(v, datetime) else _cut(v, 120) for name, v in values.items()}


def _cut(text: str, longest: int) -> str:
    return one_line(without_addresses(text), longest=longest).strip()


def _short(words: str) -> str:
    return _cut(words, 500)
