"""Logs: one JSON object a line, with anything secret-like cut out, whoever logged it."""

import json
import logging
import re
from datetime import UTC, datetime

OURS = ("bot", "handlers", "storage", "__main__")
# Loggers that print whole payloads, URLs or frames below these levels (slack.md §5, reliability.md §0.4, §0.6).
# Every other one that is not ours starts at INFO.
PINNED = {
    "slack_bolt.AsyncApp": logging.ERROR,  # warns at each start that our own authorisation is used
    "slack_bolt.middleware.request_verification": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "aiohttp": logging.WARNING,
    "asyncio": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
}
_SECRETS = (
    re.compile(r"xox[abeoprs]-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+|EAA[A-Za-z0-9]{8,}"),
    re.compile(
        r"(?i)(?<=\b)(access_token|input_token|fb_exchange_token|client_secret|appsecret_proof|code_verifier|code|pin|ticket)"
        r"([\"']?\s*[=:]\s*[\"']?)[^\s&\"',}]+"
    ),
)


def redacted(text: str) -> str:
    """`text` without tokens, and without the values of parameters that carry secrets."""
    text = _SECRETS[0].sub("[token]", text)
    return _SECRETS[1].sub(r"\1\2[cut]", text)


def lowest_of(name: str) -> int:
    """The lowest level at which what the logger `name` says may be written."""
    parts = name.split(".")
    if parts[0] in OURS:
        return logging.NOTSET
    parents = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((PINNED[parent] for parent in parents if parent in PINNED), logging.INFO)


def speaks(record: logging.LogRecord) -> bool:
    """Asked where lines are written: Bolt sets its loggers to the root's level, past any level set on them."""
    return record.levelno >= lowest_of(record.name)


class JsonLines(logging.Formatter):
    """Time, level, logger, message, and the traceback of a bug, redacted as a whole."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "says": redacted(record.getMessage()),
        }
        if record.exc_info:
            line["trace"] = redacted(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def set_up(level: str) -> None:
    """Log to standard error at `level`; the libraries that would print payloads stay at theirs."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    handler.addFilter(speaks)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name, lowest in PINNED.items():  # also spares the work of making lines nobody reads
        logging.getLogger(name).setLevel(max(lowest, logging.getLevelName(level)))
