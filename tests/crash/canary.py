"""Finds a secret in bytes, in whatever spelling it may hide."""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

# What holds chance digits and can hold no secret: times (ISO, Slack's ts, hash and SDK ids) and hex ids.
CHANCE = re.compile(
    rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?|\d{10}\.\d{6}|\d{10}\.[0-9a-f]{8}|[0-9a-f]{16,}"
)
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def spellings(secret: str) -> Iterator[tuple[str, bytes]]:
    """(encoding, bytes) of one secret."""
    raw = secret.encode()
    yield "raw", raw
    yield "url", "".join(f"%{b:02X}" for b in raw).encode()
    if quote(secret, safe="") != secret:
        yield "url", quote(secret, safe="").encode()
    yield "hex", raw.hex().encode()
    yield "hex", raw.hex().upper().encode()
    for codec in ("utf-16-le", "utf-16-be"):
        yield codec, secret.encode(codec)
    yield "json", "".join(f"\\u{ord(c):04x}" for c in secret).encode()
    for shift in range(3):
        yield "base64", _core(raw, shift)
    if secret.isdecimal():
        yield from _digits(secret)


def _digits(code: str) -> Iterator[tuple[str, bytes]]:
    for gap in (" ", "-", "\u00a0", "\u2013", ", "):
        yield "spaced", gap.join(code).encode()
        yield "spaced", f"{code[:3]}{gap}{code[3:]}".encode()
        yield "spaced", gap.join((code[:2], code[2:4], code[4:])).encode()
    eastern = code.translate(ARABIC)
    yield "arabic", eastern.encode()
    yield "arabic", json.dumps(eastern)[1:-1].encode()
    yield "reversed", code[::-1].encode()


def _core(raw: bytes, shift: int) -> bytes:
    """The base64 characters that depend on `raw` alone, when it begins `shift` bytes into a group of three."""
    text = base64.b64encode(b"\0" * shift + raw)
    begin = (0, 2, 3)[shift]
    end = len(text) - ((0, 3, 2)[(shift + len(raw)) % 3] if (shift + len(raw)) % 3 else 0)
    return text[begin:end]


class Sweep:
    """Looks for `secrets` (name → text) in everything shown to it."""

    def __init__(self, secrets: Iterable[tuple[str, str]]) -> None:
        self._spelt = [
            (name, how, text.isdecimal(), spelt) for name, text in secrets for how, spelt in spellings(text)
        ]
        self.bytes = 0
        self.hits: list[str] = []

    def look(self, where: str, data: bytes) -> None:
        self.bytes += len(data)
        cleaned = CHANCE.sub(b"~", data)
        for name, how, is_code, spelt in self._spelt:
            # Ids hold chance digits, but a spelling in hex letters would be cleaned away with them.
            seen = cleaned if is_code and how != "hex" else data
            if spelt not in seen:
                continue
            match = (
                _standing_alone(spelt).search(seen) if spelt.isdigit() else re.search(re.escape(spelt), seen)
            )
            if match:
                about = CHANCE.sub(b"~", seen[max(0, match.start() - 60) : match.end() + 30])
                self.hits.append(f"{name} ({how}) in {where}: {about!r}")


def _standing_alone(digits: bytes) -> re.Pattern[bytes]:
    """Six digits inside a longer number (an id, a time) are not the code."""
    return re.compile(rb"(?<![0-9])" + digits + rb"(?![0-9])")
