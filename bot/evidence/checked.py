"""The answer of one check: yes, no or could not tell, with what it rests on."""

from dataclasses import dataclass
from datetime import datetime

from bot.causes.finding import Finding
from bot.evidence.reading import Reading
from bot.graph.hiding import one_line
from bot.meanings import without_addresses
from bot.status import Answer


@dataclass(frozen=True, slots=True)
class Checked:
    """`how`, `at`: the reading it rests on. `needed`: without its answer nobody may say that all is well.

    `note` is a sentence of ours, `metas_word` Meta's own value (untrusted), both may be "".
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


@dataclass(frozen=True, slots=True)
class Question:
    """What a check asks. Its three methods are the three answers."""

    slug: str
    text: str
    needed: bool = True

    def yes(self, rests: Reading[object] | None, note: str = "", *, word: str | None = "") -> Checked:
        return self._checked(Answer.YES, rests, note, word)

    def no(
        self, rests: Reading[object] | None, finding: Finding | None, note: str = "", *, word: str | None = ""
    ) -> Checked:
        """Without a finding it is a plain no, which another check explains."""
        said = note or (finding.sentence if finding else "")
        return self._checked(
            Answer.NO, rests, said, word or (finding.metas_words if finding else ""), finding
        )

    def unknown(self, rests: Reading[object] | None, note: str = "", *, word: str | None = "") -> Checked:
        return self._checked(Answer.UNKNOWN, rests, note or (rests.why if rests else ""), word)

    def _checked(
        self,
        answer: Answer,
        rests: Reading[object] | None,
        note: str,
        word: str | None,
        finding: Finding | None = None,
    ) -> Checked:
        how, at = (rests.how, rests.at) if rests else ("our own records", None)
        return Checked(
            self.slug,
            self.text,
            answer,
            note,
            one_line(without_addresses(word or ""), longest=200),
            how,
            at,
            finding,
            self.needed,
        )
