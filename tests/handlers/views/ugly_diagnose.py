"""A diagnosis with the ugliest data: every cause, every fix, every answer of a check, as long as it gets."""

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

from bot.acts import Outcome
from bot.causes.catalogue import CATALOGUE
from bot.causes.cause import Cause
from bot.causes.finding import Finding
from bot.diagnosis.examine import Kind, Report, Unread
from bot.error_numbers.explaining import explain
from bot.evidence.checked import Checked, LastKnown
from bot.fixes import ALL
from bot.fixes.done import Done
from bot.flows.result import Result
from bot.roles import Role
from bot.status import Answer
from handlers.fixing import press
from handlers.views import diagnose, diagnose_all
from handlers.views import explain as explaining
from handlers.views.diagnose import Verdict
from handlers.views.who import Reader
from tests.handlers.views.ugly import NOW, ref

CHECKS = 31
BRACES = str.maketrans({"{": "{{", "}": "}}"})  # the sentence is ours: Meta's words come as values
READER = Reader(Role.OPERATOR, *(tuple(f"U{n:010}" for n in range(99)) for _ in range(3)))


def finding(cause: Cause, text: str) -> Finding:
    """With `text` wherever Meta's words can stand."""
    templates = (cause.says, cause.do, cause.ends, cause.open_end)
    names = {name for each in templates for _, name, _, _ in Formatter().parse(each) if name}
    values = dict.fromkeys(names - {"until"}, text)
    ends, more = NOW if "{until}" in cause.ends else None, text.translate(BRACES)
    return Finding(cause, values, text, 133005, 2388001, text, ends, more)


def report(cause: Cause, text: str, number: str = "1") -> Report:
    verdict = finding(cause, text)
    answers = tuple(Answer)
    checks = tuple(
        Checked("slug", text or "?", answers[n % 3], text, text, text, NOW if n % 2 else None,
                verdict if n == 1 else None)
        for n in range(CHECKS)
    )  # fmt: skip
    kind = Kind.FOUND if verdict.definite else Kind.COULD_NOT_TELL
    unread = tuple(Unread(text, text, text, True) for _ in range(5))
    return Report(
        ref(text, number),
        kind,
        verdict,
        (verdict,) * 9,
        checks,
        unread,
        NOW,
        (LastKnown(verdict, text, NOW),) * 9,
    )


def done(text: str) -> Iterator[Done | None]:
    failed = Result(Outcome.FAILED, "133005", text, text, text, text, 133005)
    yield None
    yield Done(text or "Done.", True)
    yield Done(text or "No.", False, failed)
    yield Done(text or "?", None, failed, text=text * 9)


def windows(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    one = report(CATALOGUE[9], text)
    buttons = tuple(p for repair in ALL if (p := press(repair, one, "made")))
    once = tuple({each.action_id: each for each in buttons}.values())
    yield "filling", diagnose.filling(ref(text), one.checks, answered=2, asked=5)
    yield "working", diagnose.working(ref(text), text)
    for cause in CATALOGUE:
        shown = report(cause, text)
        yield (
            f"verdict {cause.code}",
            diagnose.window(
                Verdict(report=shown, made="made", reader=READER, presses=once, beside={cause.code: once[0]})
            ),
        )
    for came in done(text):
        for opened in (True, False):
            for judged in (True, False):
                yield (
                    "verdict",
                    diagnose.window(
                        Verdict(
                            report=one,
                            made="made",
                            reader=READER,
                            presses=once,
                            done=came,
                            opened=opened,
                            judged=judged,
                        )
                    ),
                )
    reports = [report(cause, text, str(n)) for n, cause in enumerate(CATALOGUE * 4)]
    for page in (-1, 0, 3, 99):
        yield "list", diagnose_all.window(reports, [text] * 9, page=page)
    yield "list of none", diagnose_all.window([], [])
    for asked in ("133005", "190/463", "190", "999999999", "", text):
        yield "explained", explaining.window(explain(asked), READER, text)


def messages(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    one = report(CATALOGUE[9], text)
    for came in done(text):
        yield (
            "verdict",
            diagnose.message(Verdict(report=one, made="made", reader=READER, done=came, opened=True)),
        )
    for asked in ("133005", "190/463", "190", "999999999", "", text):
        yield "explained", explaining.message(explain(asked), READER, text)
