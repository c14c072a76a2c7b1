"""A value that must never be printed: codes, PINs and tokens travel in this wrapper."""

from typing import NoReturn


class Secret:
    """Holds one secret string. `reveal()` is the only way to the text, and easy to search for.

    It cannot be formatted, compared to plain text, pickled or turned into JSON by accident.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself. Call it only where the text leaves for Meta or Slack, or is encrypted."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is never pickled or copied out")
