"""How much the fake Meta puts up with: figures Meta documents, and figures it keeps to itself."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(slots=True)
class Rules:
    """One number's limits. Documented: `code_life`, `proof_life`, `registers`, `register_window`.

    Meta publishes no figure for the others (meta-graph.md §12): they are settings of the sandbox.
    """

    code_life: timedelta = timedelta(minutes=10)
    min_gap: timedelta = timedelta(seconds=30)  # between two requests for a code
    max_codes: int = 10  # per number in 24 h
    max_wrong: int = 6  # wrong codes per number in 24 h before Meta stops listening
    too_soon_subcode: int = 2446079
    too_many_subcode: int = 2388093
    proof_life: timedelta = timedelta(days=14)  # VERIFIED and not registered falls to EXPIRED
    registers: int = 10
    register_window: timedelta = timedelta(hours=72)
    pin_guesses: int = 3
    pin_lock: timedelta = timedelta(hours=1)
    pin_gap: timedelta = timedelta(seconds=3)  # a guess sooner after a wrong one is "too fast"
    wait_words: str = "Please wait {minutes} minutes before trying again."
