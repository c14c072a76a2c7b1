"""The answer of one check: yes, no or could not tell, with what it rests on."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.causes.finding import Finding
from bot.evidence.reading import Reading
from bot.evidence.records import Earlier
from bot.graph.hiding import one_line
from bot.meanings import without_addresses
from bot.status import Answer

Rests = Reading[object] | Earlier | None
"""A reading, what was learnt earlier, or (None) what our own records say of now."""


@dataclass(frozen=True, slots=True)
class LastKnown:
    """What was found before and can neither be confirmed nor refuted now: how it was learnt, and when."""

    finding: Finding
    how: str
    at: datetime | None


def last_known(finding: Finding | None, told: Earlier) -> LastKnown | None:
    return LastKnown(finding, told.how, told.at) if finding else None


@dataclass(frozen=True, slots=True)
class Checked:
    """`how`, `at`: what it rests on; `earlier`: that was learnt before this diagnosis, not read by it.

    `needed`: without its answer nobody may say that all is well. `note` is a sentence of ours, `metas_word` Meta's
    own value (untrusted), both may be "". `last_known` goes with “could not tell” only.
    """

    slug: str
    question: str
    answer: Answer
    note: str = ""
    metas_word: str = ""
    how: str = ""
    at: datetime | None = None
    finding: Finding | None = None
    needed: bool = True
    earlier: bool = False
    last_known: LastKnown | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a check asks. Its three methods are the three answers."""

    slug: str
    text: str
    needed: bool = True

    def yes(self, rests: Rests, note: str = "", *, word: str | None = "") -> Checked:
        return self._checked(Answer.YES, rests, note, word)

    def no(self, rests: Rests, finding: Finding | None, note: str = "", *, word: str | None = "") -> Checked:
        """Without a finding it is a plain no, which another check explains."""
        said = note or (finding.sentence if finding else "")
        word = word or (finding.metas_words if finding else "")
        return replace(self._checked(Answer.NO, rests, said, word), finding=finding)

    def unknown(
        self, rests: Rests, note: str = "", *, word: str | None = "", last: LastKnown | None = None
    ) -> Checked:
        why = rests.why if isinstance(rests, Reading) else ""
        return replace(self._checked(Answer.UNKNOWN, rests, note or why, word), last_known=last)

    def _checked(self, answer: Answer, rests: Rests, note: str, word: str | None) -> Checked:
        how, at = (rests.how, rests.at) if rests else ("our own records", None)
        said = one_line(without_addresses(word or ""), longest=200)
        earlier = isinstance(rests, Earlier)
        return Checked(self.slug, self.text, answer, note, said, how, at, needed=self.needed, earlier=earlier)
