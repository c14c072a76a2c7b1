"""Everything the bot was seen to send in the last full run, and all that Slack would allow, drawn by the page."""

import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from playwright.async_api import Locator, Page, WebSocketRoute, expect

from bot.sandbox.slack import values as inputs
from bot.sandbox.slack.fake import FakeSlack
from bot.sandbox.slack.windows import with_ids
from tests.browser.demo import Demo
from tests.browser.visitor import Visitor
from tests.harvest import Payload, harvested
from tests.sandbox.page.gallery import GALLERY

JSON = dict[str, Any]
SURFACES = ("message", "modal", "home")
GENERAL = "C0GENERAL"
# What a page says that lost something on the way.
LOST = re.compile(
    r"unknown block|unknown element|\[object \w+\]|\bundefined\b|\bnull\b|\bNaN\b|Invalid Date|<!date\^|<@U0|<#C0"
)
# Their texts are not drawn: a question not asked yet, and blocks that are only named.
UNSEEN_KEYS = frozenset({"confirm", "private_metadata"})
NAMED = frozenset({"video", "file", "call", "auth_provider", "data_visualization"})
MARKS = re.compile(r"<[^>]*>|:[a-z0-9_+-]+:|```|[*_~`]")
WORD = re.compile(r"[^\W\d_]{4,}")
EVERY_TEXT = """(node) => [node.textContent, ...[...node.querySelectorAll("*")].flatMap((one) =>
  ["aria-label", "placeholder", "title", "alt", "value", "label"].map((name) => one.getAttribute(name) ?? "")
    .concat(one.value ?? ""))].join("\\n")"""


def payloads(surface: str) -> list[Payload]:
    gallery = [
        Payload(surface, f"gallery-{surface}-{n}", body)  # type: ignore[arg-type]  # one of the three surfaces
        for n, body in enumerate(GALLERY[surface])
    ]
    return [*(p for p in harvested() if p.surface == surface), *gallery]


@pytest.mark.parametrize("surface", SURFACES)
async def test_nothing_is_lost_between_what_was_sent_and_what_is_drawn(
    surface: str, shared: Demo, a_tab: Callable[..., Awaitable[Page]]
) -> None:
    page = await a_tab()
    links: list[WebSocketRoute] = []

    def joined(link: WebSocketRoute) -> None:
        server = link.connect_to_server()
        # The bot's own Home must not come over the one that is looked at.
        server.on_message(lambda frame: None if json.loads(frame)["kind"] == "home" else link.send(frame))
        links.append(link)

    await page.route_web_socket("**/live**", joined)
    maya = Visitor(page, shared.address)
    await maya.arrive("maya")
    if surface == "home":
        await maya.go_to("Home")
    workspace, wrong, everything = FakeSlack().workspace, [], payloads(surface)
    for n, payload in enumerate(everything):
        blocks = with_ids(payload.body.get("blocks", []), workspace)
        links[-1].send(json.dumps(frame(surface, payload, blocks, n)))
        drawn = str(await (await place(maya, surface, n)).evaluate(EVERY_TEXT))
        meant = json.dumps(blocks)  # "&lt;@U0…" is part of a name that only looks like a mention
        wrong += [
            f"{payload.name}: {said!r} is drawn"
            for said in LOST.findall(drawn)
            if f"&lt;{said[1:]}" not in meant
        ]
        missing = [word for word in words(blocks) if word not in drawn]
        wrong += [f"{payload.name}: {missing} not drawn"] if missing else []
    kinds = Counter("gallery" if p.name.startswith("gallery-") else "bot" for p in everything)
    print(f"drawn as {surface}: {kinds['bot']} of the bot's last full run, {kinds['gallery']} of the gallery")
    assert not wrong, "\n".join(wrong)


def frame(surface: str, payload: Payload, blocks: list[JSON], n: int) -> JSON:
    """As the server tells it."""
    values = inputs.initial(blocks)
    if surface == "message":
        message = {
            "ts": f"1800000000.{n:06}", "channel": GENERAL, "author": "U0DESK", "text": payload.body.get("text", ""),
            "blocks": blocks, "thread_ts": None, "ephemeral": False, "edited": False, "values": values,
            "trouble": "", "link": "",
        }  # fmt: skip
        return {"kind": "message", "channel": GENERAL, "message": message}
    said = {key: (payload.body.get(key) or {}).get("text") for key in ("title", "submit", "close")}
    view = {
        "id": f"V{n}", "type": surface, **said, "title": said["title"] or "Home", "blocks": blocks, "values": values,
        "errors": {}, "trouble": "", "hash": f"h{n}",
    }  # fmt: skip
    return {"kind": "home", "view": view} if surface == "home" else {"kind": "stack", "stack": [view]}


async def place(visitor: Visitor, surface: str, n: int) -> Locator:
    """Where the n-th one stands, once it does."""
    if surface == "modal":
        await visitor.page.wait_for_function(
            f"() => document.querySelectorAll('[data-on*=\"V{n}\"]').length", polling=5
        )
        return visitor.window
    if surface == "home":
        await visitor.page.wait_for_function(
            f"() => document.querySelectorAll('[data-on*=\"V{n}\"]').length", polling=5
        )
        return visitor.region("Messages")
    row = visitor.region("Messages").locator(f'[data-ts="1800000000.{n:06}"]')
    await expect(row).to_be_attached()
    return row


def words(value: Any) -> Iterator[str]:
    """Every longer word of every text that somebody should read."""
    if isinstance(value, list):
        for inner in value:
            yield from words(inner)
    elif isinstance(value, dict) and value.get("type") not in NAMED:
        text = value.get("text")
        if value.get("type") in ("plain_text", "mrkdwn", "text") and isinstance(text, str):
            yield from WORD.findall(MARKS.sub(" ", text))
        for key, inner in value.items():
            if key not in UNSEEN_KEYS:
                yield from words(inner)


def test_the_look_for_what_was_lost_finds_it() -> None:
    assert LOST.search("Hello [object Object]")
    assert LOST.search("until undefined")
    assert LOST.search("unknown block carousel")
    assert not LOST.search("nullify, a name: Undefineda")
    assert list(words({"type": "mrkdwn", "text": ":red_circle: *Sales* is <!date^1^{time}|down> now"})) == [
        "Sales"
    ]
