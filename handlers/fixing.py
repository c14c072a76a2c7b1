"""The fix buttons of a verdict."""

from bot.diagnosis.examine import Report
from handlers.call import Call
from handlers.views.kit import Press


def presses(call: Call, report: Report, made: str) -> tuple[Press, ...]:
    return ()
