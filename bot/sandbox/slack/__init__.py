"""The fake Slack: `FakeSlack` serves it, `Person` acts in it, `render` draws what people see."""

from bot.sandbox.slack.delivery import Ack
from bot.sandbox.slack.fake import FakeSlack
from bot.sandbox.slack.model import ApiCall, Channel, ClientRefused, EnvelopeLog, Happening, Message, Refusal
from bot.sandbox.slack.person import Person
from bot.sandbox.slack.screen import View

__all__ = [
    "Ack",
    "ApiCall",
    "Channel",
    "ClientRefused",
    "EnvelopeLog",
    "FakeSlack",
    "Happening",
    "Message",
    "Person",
    "Refusal",
    "View",
]
