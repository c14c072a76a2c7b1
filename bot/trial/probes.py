"""Whether a request of the webhook test arrived at this very process: something in front may answer in its place."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

DIGITS = 24
OBJECT = "whatsapp_desk_test"
SHORT = 512
_MARK = re.compile(rb"desk-test-([0-9]{%d})" % DIGITS)


class Probes:
    """Numbers that were sent out, and those that came in. In memory: a test does not outlive the process."""

    def __init__(self) -> None:
        self._arrived: dict[str, bool] = {}

    @contextmanager
    def out(self) -> Iterator[str]:
        """A number nobody can guess, waited for inside the block."""
        number = "".join(secrets.choice("123456789") for _ in range(DIGITS))
        self._arrived[number] = False
        try:
            yield number
        finally:
            del self._arrived[number]

    def arrived(self, number: str) -> bool:
        return self._arrived.get(number, False)

    def saw(self, number: str) -> bool:
        """The challenge of a handshake: whether it was one of ours."""
        if number not in self._arrived:
            return False
        self._arrived[number] = True
        return True

    def saw_in(self, raw: bytes) -> bool:
        """The body of an event, before its signature is looked at: whether it was one of ours."""
        if not self._arrived or len(raw) > SHORT:
            return False
        marked = _MARK.search(raw)
        return marked is not None and self.saw(marked[1].decode())


def event(number: str) -> bytes:
    """An event of no account, which nobody counts as traffic: `OBJECT` is none of Meta's."""
    return b'{"object":"%s","entry":[],"note":"desk-test-%s"}' % (OBJECT.encode(), number.encode())
