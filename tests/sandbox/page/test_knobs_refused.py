"""What cannot be turned in the page's world, and the sentence that says why."""

import pytest

from bot.sandbox.meta.seed import APP_ID, SHOP
from bot.sandbox.page.knobs import JSON, Knobs
from tests.sandbox.page.turning import shown


@pytest.mark.parametrize(
    ("where", "body", "problem"),
    [
        (("planets", "Mars"), {}, LookupError),
        (("meta",), {}, LookupError),
        (("meta", "planets", "Mars", "ban"), {}, LookupError),
        (("meta", "numbers", "Nobody", "ban"), {}, LookupError),
        (("meta", "numbers", "Support", "__init__"), {}, LookupError),
        (("meta", "numbers", "Support", "become_connected"), {}, LookupError),
        (("meta", "accounts", "1", "lock"), {}, LookupError),
        (("meta", "tokens", "other", "revive"), {}, LookupError),
        (("meta", "apps", "1", "give_back_callback"), {}, LookupError),
        (("phones", "Nobody", "lose_next_sms"), {}, LookupError),
        (("phones", "Sales", "deliver"), {}, LookupError),
        (("fault",), {"id": "meta-explodes", "on": True}, LookupError),
        (("fault",), {"id": ["meta-down"], "on": True}, LookupError),
        (("fault",), {"id": "meta-down"}, ValueError),
        (("fault",), {"id": "meta-down", "on": "yes"}, ValueError),
        (("meta", "numbers", "Support", "ban"), {"how": "hard"}, TypeError),
        (("meta", "numbers", "Support", "set_pin"), {}, TypeError),
        (("meta", "numbers", "Support", "set_pin"), {"pin": 123456}, ValueError),
        (("meta", "numbers", "Support", "set_pin"), {"pin": "12345"}, ValueError),
        (("meta", "numbers", "Support", "set_pin"), {"pin": "١٢٣٤٥٦"}, ValueError),
        (("meta", "numbers", "Support", "disconnect"), {"proven": 1}, ValueError),
        (("meta", "numbers", "Support", "take_over_webhook"), {"url": "javascript:alert(1)"}, ValueError),
        (("meta", "numbers", "Support", "take_over_webhook"), {"url": "https://[x"}, ValueError),
        (
            ("meta", "accounts", SHOP, "take_over_webhook"),
            {"url": "https://x.example/" + "x" * 200},
            ValueError,
        ),
        (("meta", "accounts", SHOP, "subscribe_app"), {}, TypeError),
        (("meta", "apps", APP_ID, "take_over_callback"), {"url": None}, ValueError),
        (("meta", "tokens", "main", "revoke_token"), {"subcode": 7}, ValueError),
        (("meta", "tokens", "main", "remove_scope"), {"scope": "ads_read"}, ValueError),
        (("meta", "tokens", "main", "add_scope"), {"scope": "<b>"}, ValueError),
        (("phones", "Sales", "lose_next_sms"), {"times": 0}, ValueError),
        (("phones", "Sales", "lose_next_sms"), {"times": True}, ValueError),
        (("phones", "Sales", "decline_next_call"), {"times": 10**9}, ValueError),
        (("time",), {}, ValueError),
        (("time",), {"skip_s": "600"}, ValueError),
        (("time",), {"skip_s": True}, ValueError),
        (("time",), {"skip_s": -1}, ValueError),
        (("time",), {"skip_s": 10**12}, ValueError),
        (("time",), {"skip_s": float("nan")}, ValueError),
    ],
)
async def test_what_makes_no_sense_is_refused_in_a_sentence_and_changes_nothing(
    knobs: Knobs, where: tuple[str, ...], body: JSON, problem: type[Exception]
) -> None:
    before = shown(knobs)
    told: list[None] = []
    knobs.changed = lambda: told.append(None)
    with pytest.raises(problem) as refused:
        await knobs.turn(where, body)
    sentence = str(refused.value)
    assert type(refused.value) is problem
    assert sentence[0].isupper() or sentence[0] == "“"
    assert sentence.endswith(".")
    assert shown(knobs) == before
    assert told == []
