"""How long, how much and how often the Graph client may: every bound in one value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one Graph client (reliability.md §6). Seconds end in `_s`, bytes in `_bytes`."""

    connect_s: float = 3.0
    pool_s: float = (
        5.0  # waiting for a free connection (2) *and* opening it (3): aiohttp counts them together
    )
    read_s: float = 8.0  # between two pieces of the answer
    write_s: float = 5.0
    answer_s: float = 10.0  # a whole call, all its tries included: what a drip of single bytes cannot outlast
    tries: int = 3  # of a read; a write has one
    retry_s: float = 8.0  # no new try of a read starts after this
    first_wait_s: float = 0.2  # doubles with each try, plus jitter of the same size
    body_bytes: int = 1024 * 1024
    page_size: int = 100  # Meta's largest
    pages: int = 50
    pause_s: float = 60.0  # our own wait when Meta throttles without saying for how long
    longest_pause_s: float = 3600.0  # a wait Meta names is believed up to here


DEFAULT = Limits()
