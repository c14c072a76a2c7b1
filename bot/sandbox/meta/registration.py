"""Register, deregister and the two-step PIN (meta-graph.md §2)."""

import hmac
from datetime import datetime, timedelta

from bot.sandbox.meta.ask import Ask
from bot.sandbox.meta.errors import Json, MetaError, bad_param, no_object
from bot.sandbox.meta.number import NumberRecord

REGIONS = frozenset(["AU", "ID", "IN", "JP", "SG", "KR", "DE", "CH", "GB", "BR", "BH", "ZA", "AE", "CA"])
NO_CERTIFICATE = frozenset({"PENDING_REVIEW", "DECLINED", "EXPIRED", "NONE"})


async def register(ask: Ask) -> Json:
    """Connect the number. Every well-formed request counts towards ten in 72 hours, refused or not."""
    number = ask.world.numbers[ask.node_id]
    _check_product(ask)
    pin = ask.bag.digits("pin", 6)
    if ask.bag.maybe("data_localization_region") not in REGIONS | {""}:
        raise bad_param("Param data_localization_region must be a supported country code")
    _count(number, ask.now)
    _refuse_for_now(number, ask)
    if number.registered:
        return {"success": True}
    if number.proof(ask.now) != "VERIFIED":
        raise MetaError(
            133006,
            "(#133006) Phone number re-verification needed",
            details="Phone number needs to be verified before registering.",
        )
    if number.name_status in NO_CERTIFICATE:
        raise MetaError(
            100,
            "(#100) Invalid parameter",
            subcode=2388001,
            title="Cannot Create Certificate",
            words="The display name is not approved yet: there is no certificate for this phone number.",
        )
    _check_pin(number, pin, ask.now)
    number.become_connected(ask.now)
    number.deleting_until = None
    return {"success": True}


def _check_product(ask: Ask) -> None:
    if ask.bag.text("messaging_product") != "whatsapp":
        raise bad_param("Param messaging_product must be one of {whatsapp}")


def _count(number: NumberRecord, now: datetime) -> None:
    """The eleventh within the moving window blocks the number for 72 hours."""
    rules, tries = number.rules, number.attempts.registers
    tries[:] = [at for at in tries if now - at < rules.register_window]
    if number.blocked_until is None or number.blocked_until <= now:
        number.blocked_until = None
        if len(tries) < rules.registers:
            tries.append(now)
            return
        number.blocked_until = now + rules.register_window
    raise MetaError(
        133016,
        "(#133016) Account register/deregister rate limit exceeded",
        details="Too many attempts to register or deregister this phone number in a short time. "
        "It is blocked for 72 hours.",
    )


def _refuse_for_now(number: NumberRecord, ask: Ask) -> None:
    if number.status == "DELETED":
        raise MetaError(33, "(#33) This business phone number has been deleted.")
    if number.status == "MIGRATED":
        raise no_object("post", number.id)
    if number.status == "BANNED" or number.locked or ask.world.accounts[number.account_id].locked:
        raise MetaError(
            131031, "(#131031) Business Account locked", status=403, details="Your account has been locked."
        )
    if number.maintenance:
        number.maintenance -= 1
        raise MetaError(133004, "(#133004) Server Temporarily Unavailable", status=503, transient=True)
    if number.half_deregistered:
        raise MetaError(133000, "(#133000) Incomplete Deregistration", status=500)
    if number.deleting_until is not None and number.deleting_until > ask.now:
        raise MetaError(
            133015,
            "(#133015) Phone number was recently deleted",
            details="The deletion of this phone number is not finished. Wait 5 minutes before trying again.",
        )


def _check_pin(number: NumberRecord, pin: str, now: datetime) -> None:
    """No PIN yet: this becomes it. Else it must match; three wrong ones lock even the right one out."""
    if number.pin is None:
        number.set_pin(pin)
        return
    if number.pin_locked_until is not None:
        if now < number.pin_locked_until:
            raise _locked_out(number, number.pin_locked_until - now)
        number.pin_locked_until = None
    wrong, rules = number.attempts.wrong_pins, number.rules
    if wrong and now - wrong[-1] < rules.pin_gap:
        raise MetaError(
            133009,
            "(#133009) Two step verification PIN Guessed Too Fast",
            details=f"Please wait {rules.pin_gap.seconds} seconds before trying again.",
        )
    if hmac.compare_digest(pin.encode(), number.pin.encode()):
        wrong.clear()
        return
    wrong.append(now)
    if len(wrong) >= rules.pin_guesses:
        wrong.clear()
        number.pin_locked_until = now + rules.pin_lock
        raise _locked_out(number, rules.pin_lock)
    raise MetaError(
        133005, "(#133005) Two step verification PIN Mismatch", details="Two-step verification PIN is wrong."
    )


def _locked_out(number: NumberRecord, wait: timedelta) -> MetaError:
    seconds = max(1, round(wait.total_seconds()))
    return MetaError(
        133008,
        "(#133008) Too Many two step verification PIN Guesses",
        details=number.rules.wait_words.format(seconds=seconds, minutes=-(-seconds // 60)),
    )


async def deregister(ask: Ask) -> Json:
    number = ask.world.numbers[ask.node_id]
    _count(number, ask.now)
    if number.is_on_biz_app:
        raise bad_param("A number in use on the WhatsApp Business app cannot be deregistered.")
    if not number.registered and not number.half_deregistered:
        raise MetaError(133010, "(#133010) Phone number not registered")
    number.half_deregistered = False
    number.disconnect(proven=number.code_verification_status == "VERIFIED")
    number.verified_at = ask.now
    return {"success": True}


def set_pin(number: NumberRecord, ask: Ask) -> None:
    """A new PIN without the old one, for a number that is registered or at least proven."""
    pin = ask.bag.digits("pin", 6)
    if not number.registered and number.proof(ask.now) != "VERIFIED":
        raise MetaError(133010, "(#133010) Phone number not registered")
    number.set_pin(pin)
