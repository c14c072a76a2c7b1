"""What stands inside blocks: rich text, table cells and charts, as tables of keys and limits."""

from typing import Any

from handlers.views.rules_kinds import TYPE, Choice, Found, Rule, Str, Test, Walk, Whole, one
from handlers.views.rules_objects import FLAG, ID, URL
from handlers.views.rules_shapes import Many, OneOf, Shape

_NUMBER = Test(lambda v: isinstance(v, int | float) and not isinstance(v, bool), "must be a number")


def block(keys: dict[str, Rule | int], **more: Any) -> Shape:
    return Shape({"type": TYPE, "block_id": ID, **keys}, **more)


# rich text
_STYLE = Shape(dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), FLAG))


def _span(**keys: Any) -> Shape:
    return Shape({"type": TYPE, "style": _STYLE, **keys}, required=tuple(keys)[:1])


_SPAN = OneOf(
    {
        "text": _span(text=13_200),
        "link": _span(url=URL, text=3000, unsafe=FLAG),
        "emoji": _span(name=100, unicode=100, skin_tone=Whole(1, 6), url=URL, display_url=URL),
        "user": _span(user_id=ID),
        "channel": _span(channel_id=ID),
        "usergroup": _span(usergroup_id=ID),
        "team": _span(team_id=ID),
        "broadcast": _span(range=Choice("here", "channel", "everyone")),
        "color": _span(value=20),
        "date": _span(timestamp=Whole(0, 10**11), format=ID, url=URL, fallback=ID),
    }
)
_SPANS = Many(_SPAN, 0, 1000)
_BORDER = Whole(0, 1)
_PART = {"rich_text_section": Shape({"type": TYPE, "elements": _SPANS}, required=("elements",))}
_RICH_PARTS: dict[str, Rule] = {
    **_PART,
    "rich_text_quote": Shape({"type": TYPE, "elements": _SPANS, "border": _BORDER}, required=("elements",)),
    "rich_text_preformatted": Shape(
        {"type": TYPE, "elements": _SPANS, "border": _BORDER, "language": 100}, required=("elements",)
    ),
    "rich_text_list": Shape(
        {
            "type": TYPE,
            "elements": Many(OneOf(_PART), 1, 1000),
            "style": Choice("bullet", "ordered"),
            "indent": Whole(0, 8),
            "offset": Whole(0, 10_000),
            "border": _BORDER,
        },
        required=("elements", "style"),
    ),
}
RICH_TEXT = block({"elements": Many(OneOf(_RICH_PARTS), 1, 1000)}, required=("elements",))

# tables
TABLE_CHARS = 10_000
_RAW = Shape({"type": TYPE, "text": 10_000}, required=("text",))
_RAW_NUMBER = Shape({"type": TYPE, "value": _NUMBER, "text": 1000}, required=("value",))
CELL = OneOf({"raw_text": _RAW, "raw_number": _RAW_NUMBER, "rich_text": RICH_TEXT})
COLUMN = Shape({"align": Choice("left", "center", "right"), "is_wrapped": FLAG})


class Markdown(Str):
    """The text of a markdown block, counted."""

    def check(self, value: Any, walk: Walk) -> Found:
        if isinstance(value, str):
            walk.chars += len(value)
            walk.markdown += len(value)
        return super().check(value, walk)


def table_rules(value: dict[str, Any], walk: Walk) -> Found:
    """Rows of one width, and not too much text in all cells. Stricter than Slack: rich text counts as JSON."""
    rows = (
        [row for row in value["rows"] if isinstance(row, list)] if isinstance(value.get("rows"), list) else []
    )
    cells = [cell for row in rows for cell in row if isinstance(cell, dict)]
    chars = sum(len(str(cell.get("text", cell.get("elements", "")))) for cell in cells)
    if chars > TABLE_CHARS:
        return one("too_long", f"{chars} characters in all cells, {TABLE_CHARS} are allowed", "rows")
    return same_width(value, walk)


def same_width(value: dict[str, Any], walk: Walk) -> Found:
    rows = value.get("rows")
    if isinstance(rows, list) and len({len(row) for row in rows if isinstance(row, list)}) > 1:
        return one("uneven_rows", "all rows must have the same number of cells", "rows")
    return None


def plain_head(value: dict[str, Any], walk: Walk) -> Found:
    rows = value.get("rows")
    head = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], list) else ()
    if any(isinstance(cell, dict) and cell.get("type") == "rich_text" for cell in head):
        return one("not_allowed_here", "the header row takes no rich_text", "rows[0]")
    return same_width(value, walk)


# charts
_SEGMENT = Shape({"label": 20, "value": _NUMBER}, required=("label", "value"))
_SERIES = Shape({"name": 20, "data": Many(_SEGMENT, 1, 20)}, required=("name", "data"))
_AXES = Shape({"categories": Many(20, 1, 20), "x_label": 50, "y_label": 50}, required=("categories",))
_XY = Shape(
    {"type": TYPE, "series": Many(_SERIES, 1, 12), "axis_config": _AXES}, required=("series", "axis_config")
)
_PIE = Shape({"type": TYPE, "segments": Many(_SEGMENT, 1, 12)}, required=("segments",))
CHART = OneOf({"pie": _PIE, "bar": _XY, "area": _XY, "line": _XY})
