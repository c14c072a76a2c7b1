"""That something was written: told to whoever wants to know, without saying what."""

from collections.abc import Callable


class News:
    """Told after each durable change. Who hears it must only take note: the change's own work waits."""

    def __init__(self) -> None:
        self._hearers: list[Callable[[], None]] = []

    def hear(self, hearer: Callable[[], None]) -> None:
        self._hearers.append(hearer)

    def tell(self) -> None:
        for hearer in self._hearers:
            hearer()
