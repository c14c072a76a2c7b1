"""The log keeps what helps and loses what is secret."""

import json
import logging

import pytest

from bot.logs import JsonLines, redacted, speaks


@pytest.mark.parametrize(
    "secret",
    [
        "token xoxb-1-2-abcDEF was refused",
        "xapp-1-A1-2-abc",
        "Bearer EAAGm0PX4ZCpsBAKZCabcdef",
        "POST /register pin=402913",
        '{"code": "123456"}',
        "https://graph.example/oauth?client_secret=5a9db0d3&fb_exchange_token=EAAGm0PX4ZCps",
        "wss://host/link?ticket=abc-def",
    ],
)
def test_secrets_are_cut_out_of_any_line(secret: str) -> None:
    line = redacted(secret)
    for word in ("abcDEF", "-abc", "m0PX4ZC", "402913", "123456", "5a9db0d3"):
        assert word not in line


def test_metas_error_number_and_trace_stay_readable() -> None:
    line = "method=POST path=/v25.0/1/register status=400 error=133005 ms=80 outcome=refused trace=AbCd12"
    assert redacted(line) == line


def test_a_line_is_one_json_object() -> None:
    record = logging.LogRecord("bot.run", logging.INFO, __file__, 1, "ready\n“now”", None, None)
    text = JsonLines().format(record)
    assert "\n" not in text
    assert json.loads(text)["says"] == "ready\n“now”"


def test_the_trace_of_a_bug_is_redacted_too() -> None:
    try:
        raise RuntimeError("pin=402913")
    except RuntimeError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("bot", logging.ERROR, __file__, 1, "bug", None, info)
    assert "402913" not in JsonLines().format(record)


@pytest.mark.parametrize(
    ("name", "level", "spoken"),
    [
        ("slack_bolt.AsyncApp", logging.DEBUG, False),  # whole frames, with what was typed
        ("slack_bolt.AsyncApp", logging.WARNING, False),
        ("slack_bolt.AsyncApp", logging.ERROR, True),
        ("slack_bolt.middleware.anything", logging.DEBUG, False),
        ("slack_sdk.web.async_client", logging.DEBUG, False),
        ("httpx", logging.INFO, False),
        ("some.library", logging.DEBUG, False),
        ("some.library", logging.INFO, True),
        ("bot.graph", logging.DEBUG, True),
        ("botany", logging.DEBUG, False),
    ],
)
def test_what_libraries_would_print_of_payloads_is_never_written(name: str, level: int, spoken: bool) -> None:
    """Bolt raises its loggers to the root's level by itself, so the level set on them is not enough."""
    assert speaks(logging.LogRecord(name, level, __file__, 1, "…", None, None)) is spoken
