"""The telephone behind a number: what arrives on it, and what gets lost on the way."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.clock import Clock

Line = Literal["mobile", "landline", "toll_free", "voip"]
MOST_ARMED = 99

SMS_TEXT = {
    "en": "{code} is your WhatsApp code. Don't share it with anyone.",
    "de": "{code} ist dein WhatsApp-Code. Teile ihn mit niemandem.",
    "es": "{code} es tu código de WhatsApp. No lo compartas con nadie.",
    "pt": "{code} é seu código do WhatsApp. Não compartilhe com ninguém.",
    "fr": "{code} est votre code WhatsApp. Ne le partagez avec personne.",
}
CALL_TEXT = {
    "en": "Hello! Your WhatsApp code is {code}. Again: {code}.",
    "de": "Hallo! Dein WhatsApp-Code lautet {code}. Noch einmal: {code}.",
    "es": "¡Hola! Tu código de WhatsApp es {code}. Otra vez: {code}.",
    "pt": "Olá! Seu código do WhatsApp é {code}. De novo: {code}.",
    "fr": "Bonjour ! Votre code WhatsApp est {code}. Je répète : {code}.",
}


@dataclass(frozen=True, slots=True)
class Message:
    """An SMS, or a call written down as heard. `arrives_at` is when the phone has it."""

    kind: Literal["SMS", "CALL"]
    arrives_at: datetime
    language: str
    text: str = field(repr=False)

    @property
    def code(self) -> str:
        """The six digits in the text, spoken ones put together again."""
        return "".join(c for c in self.text if c.isdecimal())[:6]


@dataclass(frozen=True, slots=True)
class Missed:
    """An SMS that never came, or a call that nobody took."""

    kind: Literal["SMS", "CALL"]
    at: datetime


@dataclass(slots=True)
class Phone:
    """One telephone. Only mobiles get SMS; a voice menu (`ivr`) swallows calls."""

    digits: str
    line: Line
    clock: Clock = field(repr=False)
    ivr: bool = False
    delay: timedelta = timedelta()
    missed: list[Missed] = field(default_factory=list)
    _inbox: list[Message] = field(default_factory=list, repr=False)
    _lose_sms: int = 0
    _decline_calls: int = 0

    def lose_next_sms(self, times: int = 1) -> None:
        self._lose_sms += _few(times)

    def decline_next_call(self, times: int = 1) -> None:
        self._decline_calls += _few(times)

    def let_sms_through(self) -> None:
        """Take every `lose_next_sms` back."""
        self._lose_sms = 0

    def take_calls(self) -> None:
        """Take every `decline_next_call` back."""
        self._decline_calls = 0

    @property
    def lost(self) -> int:
        """How much never arrived."""
        return len(self.missed)

    @property
    def losing(self) -> int:
        """How many of the next SMS will be lost."""
        return self._lose_sms

    @property
    def declining(self) -> int:
        """How many of the next calls will be declined."""
        return self._decline_calls

    @property
    def messages(self) -> tuple[Message, ...]:
        """What has arrived, oldest first."""
        now = self.clock.now()
        return tuple(message for message in self._inbox if message.arrives_at <= now)

    def latest_code(self) -> str:
        """The code of the last SMS or call. LookupError: nothing has arrived."""
        if not self.messages:
            raise LookupError(f"nothing has arrived on …{self.digits[-4:]}")
        return self.messages[-1].code

    def deliver(self, method: str, code: str, language: str) -> None:
        """`method` is SMS or VOICE, `language` as Meta was asked, e.g. "de" or "pt_BR"."""
        if self._is_lost(method):
            self.missed.append(Missed("SMS" if method == "SMS" else "CALL", self.clock.now()))
            return
        tongue = language[:2]
        at = self.clock.now() + self.delay
        if method == "SMS":
            text = SMS_TEXT.get(tongue, SMS_TEXT["en"]).format(code=code)
            self._inbox.append(Message("SMS", at, language, text))
        else:
            text = CALL_TEXT.get(tongue, CALL_TEXT["en"]).format(code=", ".join(code))
            self._inbox.append(Message("CALL", at, language, text))

    def _is_lost(self, method: str) -> bool:
        if method == "SMS":
            if self._lose_sms:
                self._lose_sms -= 1
                return True
            return self.line != "mobile"
        if self._decline_calls:
            self._decline_calls -= 1
            return True
        return self.ivr


def _few(times: int) -> int:
    if not 1 <= times <= MOST_ARMED:
        raise ValueError(f"That can happen 1 to {MOST_ARMED} times.")
    return times
