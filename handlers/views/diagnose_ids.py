"""The wire ids of a diagnosis: they stand in messages for years and never change."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.remedy import Fix

OPEN = "diagnose.open"  # "Diagnose"; value: the number's id
AGAIN = "diagnose.again"  # value: the number's id
ALL = "diagnose.all"  # "Read again" below the list of all numbers
PREVIOUS = "diagnose.previous"  # value: the page
NEXT = "diagnose.next"  # value: the page
MORE = "diagnose.more"  # "Show all checks"; value: number id and diagnosis
FEWER = "diagnose.fewer"  # the same, folded again
RIGHT = "diagnose.right"  # value: number id, diagnosis, code of the verdict
WRONG = "diagnose.wrong"
WINDOW = "diagnose.window"

EXPLAIN = "explain.open"  # "What is this?"; value: Meta's number, then Meta's words
EXPLAINED = "explain.window"

FIXES: Mapping[Fix, str] = MappingProxyType(
    {
        fix: f"fix.{fix.value}"
        for fix in (Fix.SUBSCRIBE_APP, Fix.REFRESH_TOKEN, Fix.ASK_MANAGER, Fix.PREPARE_TICKET)
    }
)
"""Those that are done from the verdict itself; value: number id and diagnosis."""
