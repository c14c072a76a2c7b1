"""Every byte the bot wrote, as strace saw it leave: files, log, HTTP requests, websocket frames."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,sendmmsg"
RECORD = ("-yy", "-xx", "-s", "4000000", "-e", f"trace={CALLS}", "-e", "signal=none")
_CALL = re.compile(r"^\d+\s+(\w+)\((\d+)<(.*?)>, ")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_PORT = re.compile(r"->[^\]]*?:(\d+)\]")
BEARER = re.compile(rb"(?i)(\r\nauthorization: bearer )[^\r\n]+")


def _post(path: bytes, body: bytes) -> re.Pattern[bytes]:
    proof = rb"(?:\?appsecret_proof=[0-9a-f]{64})?"
    return re.compile(rb"(POST /v\d+\.0/" + path + proof + rb" HTTP/1\.1\r\n(?:[^\r\n]+\r\n)*\r\n" + body)


# The one place for each secret, at Meta's door only (meta-graph.md §2.1, §6.1, §6.3).
CODE = _post(rb"\d+/verify_code", rb")code=\d{4,6}")
PIN = _post(rb"\d+/register", rb'\{[^}]*"pin": ?)"\d{6}"')
NEW_PIN = _post(rb"\d+", rb")pin=\d{6}")
TOKENS = re.compile(
    rb"(GET /v\d+\.0/(?:debug_token|oauth/access_token)\?)\S+"  # Meta takes these in the address alone
)


@dataclass(slots=True)
class Heard:
    """What went where. `allowed`: how often each secret stood in its one place."""

    pieces: list[tuple[str, bytes]] = field(default_factory=list)
    allowed: dict[str, int] = field(default_factory=dict)
    cut: int = 0  # writes longer than strace shows: must be 0

    def strip(self, data: bytes, places: Mapping[str, re.Pattern[bytes]]) -> bytes:
        for name, place in places.items():
            data, times = place.subn(rb"\1~" if place.groups else b"~", data)
            self.allowed[name] = self.allowed.get(name, 0) + times
        return data


def heard(trace: Path, *, meta_port: int, slack_port: int) -> Heard:
    """Sorted by receiver; the allowed places are cut out and counted."""
    found, streams = Heard(), dict[str, bytearray]()
    for receiver, data, cut in _writes(trace):
        streams.setdefault(receiver, bytearray()).extend(data)
        found.cut += cut
    for receiver, stream in streams.items():
        port = _PORT.search(receiver)
        if port and int(port[1]) == meta_port:
            places = {
                "code": CODE,
                "PIN": PIN,
                "new PIN": NEW_PIN,
                "tokens in the address": TOKENS,
                "bearer": BEARER,
            }
            found.pieces.append(("a request to Meta", found.strip(bytes(stream), places)))
        elif port and int(port[1]) == slack_port:
            plain = found.strip(_unmasked(bytes(stream)), {"bearer": BEARER})
            found.pieces.append(("what was sent to Slack", plain))
        else:
            found.pieces.append((re.sub(r"\[.*", "", receiver).rsplit("/", 1)[-1], bytes(stream)))
    return found


def _writes(trace: Path) -> Iterator[tuple[str, bytes, bool]]:
    with trace.open() as lines:
        for line in lines:
            call = _CALL.match(line)
            if call is None:
                continue
            name = call[3]
            if "\\x" in name:
                name = re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), name)
            texts = _TEXT.findall(line[call.end() :])
            data = b"".join(bytes.fromhex(text.replace("\\x", "")) for text, _ in texts)
            yield name if "->" in name else f"{call[2]}:{name}", data, any(dots for _, dots in texts)


def _unmasked(stream: bytes) -> bytes:
    """HTTP as it is; a websocket's frames without their mask."""
    if not stream.startswith(b"GET /link"):
        return stream
    head, _, rest = stream.partition(b"\r\n\r\n")
    plain = [head]
    while len(rest) >= 6:
        length, at = rest[1] & 0x7F, 2
        if length == 126:
            length, at = int.from_bytes(rest[2:4], "big"), 4
        elif length == 127:
            length, at = int.from_bytes(rest[2:10], "big"), 10
        mask, body = rest[at : at + 4], rest[at + 4 : at + 4 + length]
        plain.append(bytes(byte ^ mask[i % 4] for i, byte in enumerate(body)))
        rest = rest[at + 4 + length :]
    return b"\r\n".join(plain)
