"""Codes, PINs and tokens stand in the one request they are meant for, and nowhere else.

A sample of what `python -m tests.crash --sweep` does with every fault.
"""

import base64

import pytest

from tests.crash.canary import Sweep
from tests.crash.scenarios import Ground
from tests.crash.sweep import Run, sweep


@pytest.mark.usefixtures("stracing")
async def test_no_byte_written_logged_or_sent_holds_a_secret(ground: Ground) -> None:
    runs = (Run("DEBUG", dies_at="verify_code", new_pin=True), Run("INFO", meta="reset_after", slack="500"))
    swept = await sweep(ground, runs)
    assert swept.hits == []
    assert swept.cut == 0
    assert swept.allowed["code"] >= 2, "the codes were there to be found"
    assert swept.allowed["PIN"] >= 1
    assert swept.allowed["new PIN"] >= 1
    assert swept.searched > 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        "code=483920",
        "4 8 3 9 2 0",
        "483-920",
        "%34%38%33%39%32%30",
        "343833393230",
        "x NDgzOTIw",
        "\\u0034\\u0038\\u0033\\u0039\\u0032\\u0030",
        "٤٨٣٩٢٠",
        "2026-11-22T10:11:12.000483 483920",
    ],
)
def test_a_secret_is_found_in_any_spelling(text: str) -> None:
    sweep = Sweep([("the code", "483920")])
    sweep.look("here", text.encode())
    assert len(sweep.hits) >= 1


def test_a_secret_is_found_within_base64_at_any_place_and_in_utf_16() -> None:
    for ahead in (b"", b"x", b"xy", b"xyz"):
        sweep = Sweep([("the code", "483920")])
        sweep.look("here", base64.b64encode(ahead + b"483920" + b"tail"))
        assert sweep.hits, ahead
    sweep = Sweep([("the code", "483920")])
    sweep.look("here", "code 483920".encode("utf-16-le"))
    assert sweep.hits


def test_chance_digits_are_no_hit() -> None:
    sweep = Sweep([("the code", "483920")])
    sweep.look(
        "here", b"2026-11-22T10:11:12.483920+00:00 1795326535.483920 106483920242922 a483920bcdef01234567"
    )
    assert sweep.hits == []
