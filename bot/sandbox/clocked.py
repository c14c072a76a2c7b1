"""`python -m bot.sandbox.clocked FILE`: the unmodified bot, run on the sandbox's clock instead of the machine's."""

import sys
from pathlib import Path

from bot import run
from bot.sandbox.time import SharedClock

if __name__ == "__main__":
    sys.exit(run.main([], clock=SharedClock(Path(sys.argv[1]))))
