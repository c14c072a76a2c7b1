"""`python -m bot.sandbox.clocked FILE`: the unmodified bot on the sandbox's clock, while the sandbox lives."""

import os
import signal
import sys
import threading
from pathlib import Path

from bot import run
from bot.sandbox.time import SharedClock


def end_with_parent() -> None:
    """Standard input is a pipe nobody writes to: it ends when the sandbox is gone, in whatever way."""
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    sys.exit(run.main([], clock=SharedClock(Path(sys.argv[1]))))
