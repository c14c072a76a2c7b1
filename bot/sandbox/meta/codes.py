"""Codes: asked for, sent to the phone, and tried (meta-graph.md §2)."""

import hmac
import re
import secrets
from datetime import datetime, timedelta

from bot.sandbox.meta.ask import Ask
from bot.sandbox.meta.errors import Json, MetaError, bad_param, no_object
from bot.sandbox.meta.number import NumberRecord, SentCode

LANGUAGE = re.compile(r"[a-z]{2}(_[A-Z]{2})?")
DAY = timedelta(hours=24)


async def request_code(ask: Ask) -> Json:
    """Send a fresh code to the number's phone; the one before it is void."""
    number = ask.world.numbers[ask.node_id]
    method = _method(ask, number)
    language = ask.bag.text("language")
    if not LANGUAGE.fullmatch(language):
        raise bad_param("Param language must be a language and locale code such as en_US")
    _refuse_the_ineligible(number, ask.now)
    _refuse_too_many(number, ask.now)
    code = f"{secrets.randbelow(10**6):06}"
    number.attempts.codes.append(ask.now)
    number.sent = SentCode(code, ask.now)
    ask.world.phones[number.id].deliver(method, code, language)
    return {"success": True}


def _method(ask: Ask, number: NumberRecord) -> str:
    method = ask.bag.text("code_method")
    allowed = ("SMS", "VOICE", "IVR") if number.ivr_allowed else ("SMS", "VOICE")
    if method not in allowed:
        raise bad_param("Param code_method must be one of {SMS, VOICE}")
    return "VOICE" if method == "IVR" else method


def _refuse_the_ineligible(number: NumberRecord, now: datetime) -> None:
    if number.status == "DELETED":
        raise MetaError(33, "(#33) This business phone number has been deleted.")
    if number.status == "MIGRATED":
        raise no_object("post", number.id)
    if number.status == "BANNED" or number.is_on_biz_app or number.account_mode == "SANDBOX":
        raise MetaError(
            100,
            "(#100) Invalid parameter",
            subcode=2388091,
            title="Phone number not eligible",
            words="This phone number can't receive a verification code. It is banned, a test number, or "
            "in use on the WhatsApp Business app.",
        )
    if number.proof(now) == "VERIFIED":
        raise MetaError(
            136024,
            "(#136024) Request code error",
            title="Phone number is already verified",
            words="You have already verified ownership of this phone number.",
        )


def _refuse_too_many(number: NumberRecord, now: datetime) -> None:
    rules = number.rules
    asked = [at for at in number.attempts.codes if now - at < DAY]
    number.attempts.codes[:] = asked
    if asked and now - asked[-1] < rules.min_gap:
        raise _too_many(
            rules.too_soon_subcode, "You asked for a code a moment ago. Wait before trying again."
        )
    if len(asked) >= rules.max_codes:
        raise _too_many(rules.too_many_subcode, "You asked for too many codes. Try again later.")


async def verify_code(ask: Ask) -> Json:
    """Right: ownership is proven. A try with a code that cannot be right is a try all the same."""
    number = ask.world.numbers[ask.node_id]
    wrong = [at for at in number.attempts.wrong_codes if ask.now - at < DAY]
    number.attempts.wrong_codes[:] = wrong
    if len(wrong) >= number.rules.max_wrong:
        raise _too_many(number.rules.too_soon_subcode, "Too many verification attempts. Try again later.")
    if not isinstance(ask.bag.items.get("code"), str):
        raise bad_param("The parameter code is required and must be a string.")
    _try(number, ask.bag.text("code"), ask.now)
    number.become_proven(ask.now)
    number.attempts.wrong_codes.clear()
    if number.status == "UNVERIFIED":
        number.status = "PENDING"
    return {"success": True}


def _try(number: NumberRecord, code: str, now: datetime) -> None:
    """Raises unless it is the code that is out; a right one is used up."""
    sent = number.sent
    right = sent is not None and hmac.compare_digest(code.encode(), sent.text.encode())
    if sent is None or sent.void or now - sent.sent_at >= number.rules.code_life:
        if not right:
            number.attempts.wrong_codes.append(now)
        raise MetaError(
            100,
            "(#100) Verify code error",
            subcode=136025,
            title="Code expired",
            words="The code has expired or was already used. Ask for a new code.",
        )
    if not right:
        number.attempts.wrong_codes.append(now)
        raise MetaError(
            100,
            "(#100) Verify code error",
            title="Couldn't verify code",
            words="The code you entered is not correct. Check the code and try again.",
        )
    sent.void = True


def _too_many(subcode: int, words: str) -> MetaError:
    return MetaError(
        4, "(#4) Application request limit reached", subcode=subcode, title="Too many attempts", words=words
    )
