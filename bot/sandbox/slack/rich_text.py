"""A rich_text block as lines of text."""

from datetime import tzinfo
from typing import Any

from bot.sandbox.slack.model import JSON
from bot.sandbox.slack.mrkdwn import NameOf, written_date


def lines(block: JSON, name_of: NameOf, zone: tzinfo) -> list[str]:
    """One line or more for each section, list item, quote or preformatted part."""
    out: list[str] = []
    for element in block.get("elements", []):
        out += _part(element, name_of, zone)
    return out


def inline(block: JSON, name_of: NameOf, zone: tzinfo) -> str:
    """The same on one line, for a table's cell."""
    return " ".join(lines(block, name_of, zone))


def _part(element: JSON, name_of: NameOf, zone: tzinfo) -> list[str]:
    kind = element.get("type")
    if kind == "rich_text_list":
        indent = "  " * int(element.get("indent", 0))
        items = [_run(item.get("elements", []), name_of, zone) for item in element.get("elements", [])]
        ordered = element.get("style") == "ordered"
        return [f"{indent}{f'{n}.' if ordered else '•'} {item}" for n, item in enumerate(items, start=1)]
    text = _run(element.get("elements", []), name_of, zone).split("\n")
    if kind == "rich_text_quote":
        return [f"> {line}" for line in text]
    return [f"    {line}" for line in text] if kind == "rich_text_preformatted" else text


def _run(elements: list[JSON], name_of: NameOf, zone: tzinfo) -> str:
    return "".join(_inline(e, name_of, zone) for e in elements)


def _inline(element: dict[str, Any], name_of: NameOf, zone: tzinfo) -> str:
    match element.get("type"):
        case "text":
            return str(element.get("text", ""))
        case "link":
            url, text = str(element.get("url", "")), element.get("text")
            return f"{text} ({url})" if text else url
        case "user" | "usergroup" | "channel" as kind:
            return name_of(str(element.get(f"{kind}_id", "")))
        case "emoji":
            return f":{element.get('name', '')}:"
        case "broadcast":
            return f"@{element.get('range', '')}"
        case "date":
            stamp = int(element.get("timestamp", 0))
            return written_date(stamp, str(element.get("format", "")), str(element.get("fallback", "")), zone)
        case _:
            return ""
