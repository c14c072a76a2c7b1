"""The log keeps what helps and loses what is secret."""

import json
import logging

import pytest

from bot.logs import JsonLines, redacted


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
