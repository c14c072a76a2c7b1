"""The Inspector's mask hides by name, by field and by likeness what it cannot know by its text."""

import json
import re

from bot.sandbox.page.masking import Mask
from bot.sandbox.world import Sandbox


async def test_what_is_typed_or_named_as_a_secret_is_hidden_though_nobody_knows_its_text():
    """The second layer: a code that was never sent, a PIN that was never set, a token of somebody else's."""
    sandbox = Sandbox()
    state = {
        "values": {
            "reconnect.pin": {"value": {"type": "plain_text_input", "value": "868686"}},
            "b": {"verification_code": {"type": "plain_text_input", "value": "8686"}},
            "note": {"value": {"type": "plain_text_input", "value": "it is 868 686, or 8-6-8-6-8-6"}},
        }
    }
    detail = {
        "payload": {"command": "/whatsapp", "text": "code Sales 868-686", "token": "unheard-of",
                    "response_url": "http://desk/actions/868686abcdef", "view": {"state": state}},
        "request": {"access_token": "unheard-of", "client_secret": "unheard-of", "code": "868686", "pin": "868686",
                    "url": "ws://desk/link?ticket=868686abcdef"},
    }  # fmt: skip
    try:
        shown = json.dumps(Mask(sandbox).apply(detail), ensure_ascii=False)
    finally:
        await sandbox.stop()
    assert re.search(r"8\D{0,2}6\D{0,2}8\D{0,2}6", shown) is None, shown
    assert "unheard-of" not in shown
    assert "code Sales ••••" in shown
    assert "it is ••••, or ••••" in shown
