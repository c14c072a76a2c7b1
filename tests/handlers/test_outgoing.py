"""What Slack would refuse is never sent."""

from handlers import outgoing
from handlers.views import menu, rules


def test_a_window_slack_would_refuse_becomes_a_notice_about_the_same_flow(caplog):
    faulty = {**menu.loading(), "private_metadata": "f1", "title": {"type": "plain_text", "text": "x" * 25}}
    sent = outgoing.view(faulty)
    assert not rules.problems(sent, "modal")
    assert sent["private_metadata"] == "f1"
    assert "title" in caplog.text


def test_a_message_slack_would_refuse_keeps_its_words():
    faulty = {"text": "Sales is down", "blocks": [{"type": "section"}]}
    sent = outgoing.message(faulty)
    assert not rules.problems(sent, "message")
    assert "Sales is down" in str(sent["blocks"])


def test_good_ones_pass_untouched():
    view, message = menu.loading(), menu.notice_message(text="Fine.")
    assert outgoing.view(view) is view
    assert outgoing.message(message) is message
    assert outgoing.ack({"response_action": "clear"}) == {"response_action": "clear"}
    assert outgoing.ack({"response_type": "ephemeral", **message})["response_type"] == "ephemeral"
