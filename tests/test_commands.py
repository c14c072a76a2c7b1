"""A command that was forked (tests/forks.py) does as one that was started anew."""

from pathlib import Path

import pytest

from tests.commands import command


@pytest.mark.parametrize("asked", [["nope"], ["demo", "--port", "x"], ["run"]], ids=" ".join)
async def test_it_says_the_same_and_ends_the_same(tmp_path: Path, asked: list[str]):
    (tmp_path / ".env").write_text("LOG_LEVEL=loud\nCODES_PER_DAY=many\n")
    forked, new = [
        await command(*asked, folder=tmp_path, settings={"CODES_PER_DAY": "1"}, new=new)
        for new in (False, True)
    ]
    assert forked == new
    assert (forked.code, forked.err != "") == (2, True)
