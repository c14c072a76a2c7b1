"""The last look at everything before it leaves for Slack: what Slack would refuse is never sent."""

import logging
from collections.abc import Mapping
from typing import Any

from handlers.views import kit, menu, rules

WRONG = "What should stand here could not be drawn. That is a fault of ours, and it was logged."

log = logging.getLogger(__name__)


def view(drawn: Mapping[str, Any]) -> Mapping[str, Any]:
    """`drawn`, or a plain notice in its place when Slack would refuse it."""
    if not _refused(drawn, "modal"):
        return drawn
    return menu.notice(title="WhatsApp", text=WRONG, about=str(drawn.get("private_metadata") or ""))


def home(drawn: Mapping[str, Any]) -> Mapping[str, Any]:
    """`drawn`, or a plain sentence in its place when Slack would refuse it."""
    return kit.home([kit.section(WRONG)]) if _refused(drawn, "home") else drawn


def message(drawn: Mapping[str, Any]) -> Mapping[str, Any]:
    """`drawn`, or its plain text in its place when Slack would refuse its blocks."""
    if not _refused(drawn, "message"):
        return drawn
    return menu.notice_message(text=WRONG, hint=str(drawn.get("text") or "")[:1000])


def ack(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """An acknowledgement's payload, with its window or message looked at."""
    if "view" in answer:
        return {**answer, "view": view(answer["view"])}
    if "blocks" in answer:
        extra = {key: answer[key] for key in answer if key not in ("text", "blocks")}
        return {**message({"text": answer.get("text"), "blocks": answer["blocks"]}), **extra}
    return answer


def _refused(drawn: Mapping[str, Any], surface: str) -> bool:
    problems = rules.problems(drawn, surface)
    for problem in problems[:5]:
        log.error("Slack would refuse a %s: %s %s: %s", surface, problem.path, problem.rule, problem.message)
    return bool(problems)
