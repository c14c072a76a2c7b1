"""Forged requests by the thousand: none may be accepted, none may find a bug.

`python -m tests.web.mutants --count 10000` sends so many to each end point. Each mutant starts as a good
request and is then spoilt where it counts: another signature, another body under
the same signature, another time, a replay, another token; and on top of that anything from a stray header to
bytes that are no HTTP.
"""

import argparse
import asyncio
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from sqlmodel import Session, func, select

from bot.sandbox.slack.posting import FORM, Posting
from storage import schema
from storage.tables import AuditRow, EventRow, FlowRow
from tests.desk import Desk
from tests.web.meta import PATH, VERIFY_TOKEN, WEB, envelope, inbound, signature

SLACK, CALLBACK = "/slack/events", "/oauth/meta/callback"
SECRET = "5a11d80c" * 4
AT_ONCE, WITHIN_S = 16, 20.0
ODD = (
    b"",
    b"\x00",
    b"\xff\xfe",
    b"sha256=",
    b"v0=",
    b"-1",
    b"9" * 400,
    "é١".encode(),
    b"a" * 7000,
    b"%00",
    b"{}",
    b"*",
)
Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Forged:
    """One request in parts, as it will be written to the socket."""

    method: bytes
    target: bytes
    headers: Headers
    body: bytes = b""

    def raw(self) -> bytes:
        length = b"Content-Length: %d\r\n" % len(self.body) if self.body else b""
        head = b"".join(name + b": " + value + b"\r\n" for name, value in self.headers)
        start = self.method + b" " + self.target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        return start + length + head + b"\r\n" + self.body


@dataclass(slots=True)
class Tally:
    """What became of the mutants of one end point. `accepted`: answered as a good request is."""

    tried: int = 0
    accepted: int = 0
    bugs: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    worst: list[bytes] = field(default_factory=list)

    def take(self, answer: bytes, sent: bytes) -> None:
        word = (
            answer.split(b" ")[1].decode("ascii", "replace") if answer.startswith(b"HTTP/1.") else "hung up"
        )
        self.tried += 1
        self.answers[word] += 1
        wrong = word.startswith("2"), word.startswith("5")
        self.accepted += wrong[0]
        self.bugs += wrong[1]
        if any(wrong):
            self.worst.append(sent[:300])


class Forger:
    """Makes mutants from a seed; the same seed makes the same ones, but for the time in Slack's header."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.dice = random.Random(seed)
        self._secret = desk.seed.app_secret.reveal()
        self._account, number = desk.seed.account_ids[0], desk.meta.number("Sales")
        self._event = json.dumps(envelope(self._account, inbound(number.id, number.digits))).encode()
        self._posting = Posting(SECRET)

    def webhook(self) -> Forged:
        return self._handshake() if self.dice.random() < 0.3 else self._delivery()

    def _handshake(self) -> Forged:
        token = self._spoilt(VERIFY_TOKEN.encode())
        asked = [b"hub.mode=subscribe", b"hub.challenge=11582", b"hub.verify_token=" + quote(token).encode()]
        self.dice.shuffle(asked)
        for _ in range(self.dice.randrange(3)):
            asked.append(self._noise())
        return self._noisy(Forged(b"GET", f"{PATH}?".encode() + b"&".join(asked), []))

    def _delivery(self) -> Forged:
        body = self._event
        sealed = signature(self._secret, body).encode()
        if self.dice.random() < 0.5:
            body = self._spoilt(body)
        else:
            sealed = self._spoilt(sealed)
        name = self.dice.choice((b"X-Hub-Signature-256", b"x-hub-signature-256", b"X-Hub-Signature"))
        return self._noisy(Forged(b"POST", PATH.encode(), [(name, sealed)], body))

    def slack(self) -> Forged:
        text = (
            f"command=%2Fwhatsapp&text=status&user_id=U0MAYA&team_id=T0DESK&trigger_id={self.dice.random()}"
        )
        skew = self.dice.choice((0, 0, 0, -301, 400, -86_400))
        letter = self._posting.signed(text.encode(), FORM, at=time.time() + skew)
        headers = {name.encode(): value.encode() for name, value in letter.headers.items()}
        body = letter.body
        if not skew:
            turn = self.dice.randrange(3)
            if turn == 0:
                body = self._spoilt(body)
            name = b"X-Slack-Request-Timestamp" if turn == 1 else b"X-Slack-Signature"
            headers[name] = self._spoilt(headers[name]) if turn else headers[name]
        return self._noisy(Forged(b"POST", SLACK.encode(), list(headers.items()), body))

    def callback(self) -> Forged:
        state = self._spoilt(b"mFJ1m3kqQ0s1Ew0nV7v8Jr7m0hJk3l2n")
        asked = [b"code=" + quote(self._spoilt(b"AQD-a-code")).encode(), b"state=" + quote(state).encode()]
        for _ in range(self.dice.randrange(4)):
            asked.append(self.dice.choice((b"error=access_denied", b"error_code=200", self._noise())))
        self.dice.shuffle(asked)
        return self._noisy(
            Forged(b"GET", f"{CALLBACK}?".encode() + b"&".join(asked[: self.dice.randrange(6)]), [])
        )

    def _spoilt(self, good: bytes) -> bytes:
        """Never the same as before."""
        while True:
            bad = bytearray(good)
            turn = self.dice.randrange(7)
            if turn == 0:
                return self.dice.choice(ODD) + b"x"
            if turn == 1:
                return self.dice.randbytes(self.dice.randrange(1, 200))
            if turn == 2:
                bad = bad[: self.dice.randrange(len(bad))]
            elif turn == 3:
                bad += self.dice.choice(ODD)
            elif turn == 4:
                bad = bytearray(b"[" * self.dice.randrange(1, 50_000))
            else:
                for _ in range(self.dice.randrange(1, 4)):
                    bad[self.dice.randrange(len(bad))] ^= 1 << self.dice.randrange(8)
            if bytes(bad).strip() != good:  # white space around a header's value means nothing
                return bytes(bad)

    def _noise(self) -> bytes:
        return quote(self.dice.randbytes(self.dice.randrange(20))).encode() + b"=" + self.dice.choice(ODD[6:])

    def _noisy(self, one: Forged) -> Forged:
        """Sometimes odd headers, another method or target, or a body where there should be none."""
        one.headers = [(name, b"".join(value.split(b"\r\n"))) for name, value in one.headers]
        chance = self.dice.random()
        if chance < 0.1:
            one.headers.append((b"X-Odd", self.dice.choice(ODD)))
        elif chance < 0.15:
            one.method = self.dice.choice((b"PUT", b"HEAD", b"DELETE", b"BREW", b"\xff", b"OPTIONS"))
        elif chance < 0.2:
            one.target += self.dice.choice((b"/", b"%2f", b"/../x", b"?a=1", b"#x", b"\xff", b";x"))
        elif chance < 0.25:
            one.headers.append((b"Content-Encoding", self.dice.choice((b"gzip", b"deflate", b"br", b"x"))))
        elif chance < 0.3:
            one.headers.append(
                (b"Transfer-Encoding", self.dice.choice((b"chunked", b"x", b"chunked, chunked")))
            )
        return one


async def send(port: int, raw: bytes) -> bytes:
    """The first line of the answer, b"" when the server hung up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(raw)
        async with asyncio.timeout(WITHIN_S):
            return await reader.readline()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def attack(desk: Desk, make: Callable[[], Forged], count: int) -> Tally:
    """So many mutants, some at the same time."""
    port, tally, left = int(desk.web_url.rsplit(":", 1)[1]), Tally(), iter(range(count))

    async def one_after_the_other() -> None:
        for _ in left:
            raw = make().raw()
            tally.take(await send(port, raw), raw)

    await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))
    return tally


async def kept(desk: Desk) -> tuple[int, ...]:
    """How much the bot has written down: of it nothing may come from a mutant."""

    def rows(session: Session) -> tuple[int, ...]:
        counts = (select(func.count()).select_from(table) for table in (EventRow, AuditRow, FlowRow))
        return tuple(session.exec(count).one() for count in counts)

    return await desk.bot.services.db.read(rows)


def settings() -> dict[str, str]:
    return {**WEB, "SLACK_SIGNING_SECRET": SECRET, "SLACK_APP_TOKEN": ""}


async def run(desk: Desk, count: int, seed: int) -> dict[str, Tally]:
    """Every end point gets so many. Raises AssertionError when anything was written down."""
    forger = Forger(desk, seed)
    before = await kept(desk)
    tallies = {
        PATH: await attack(desk, forger.webhook, count),
        SLACK: await attack(desk, forger.slack, count),
        CALLBACK: await attack(desk, forger.callback, count),
    }
    assert await kept(desk) == before, "a mutant left something in the records"
    return tallies


async def main(count: int, seed: int) -> int:
    folder = Path(tempfile.mkdtemp(prefix="desk-mutants-"))
    template = folder / "template.db"
    await asyncio.to_thread(schema.ensure, template, busy_timeout_s=1.5)
    desk = Desk(folder, template, "small", settings())
    try:
        await desk.open()
        start = time.monotonic()
        tallies = await run(desk, count, seed)
        for path, tally in tallies.items():
            said = ", ".join(f"{code} × {n}" for code, n in sorted(tally.answers.items()))
            print(
                f"{path}: {tally.tried} tried, {tally.accepted} accepted, {tally.bugs} answered 5xx ({said})"
            )
            for sent in tally.worst[:5]:
                print("   ", sent)
        print(f"seed {seed}, {time.monotonic() - start:.0f} s")
        return 1 if any(t.accepted or t.bugs for t in tallies.values()) else 0
    finally:
        await desk.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Forge requests to every end point of the bot's server.")
    parser.add_argument("--count", type=int, default=1000, help="for each end point")
    parser.add_argument("--seed", type=int, default=4)
    asked = parser.parse_args()
    sys.exit(asyncio.run(main(asked.count, asked.seed)))
