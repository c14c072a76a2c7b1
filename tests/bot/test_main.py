"""The command line: how a command is started."""

import subprocess
import sys

LOOK = """
import gc, sys
from bot.__main__ import main
sys.argv = ["whatsapp-bot", "secret-key"]
code = main()
print(code, gc.isenabled(), gc.get_freeze_count() > 1000, file=sys.stderr)
"""


def test_a_command_starts_without_looking_for_garbage_and_looks_for_it_from_then_on() -> None:
    ended = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    assert ended.stderr.split() == ["0", "True", "True"]
    assert len(ended.stdout.strip()) == 43
