"""What the entities of `health_status` say, sorted by the kind of trouble (meta-graph.md §3)."""

from collections.abc import Iterator
from enum import Enum, auto

from bot.evidence.snapshot import Snapshot
from bot.graph.model import HealthEntity
from bot.graph.reading import SIP_ONLY

ENTITY_WORDS = {
    "PHONE_NUMBER": "number",
    "WABA": "WhatsApp account",
    "BUSINESS": "business",
    "APP": "app",
}
KNOWN_WORDS = frozenset({"AVAILABLE", "LIMITED", "BLOCKED"})
_PAYMENT_CODES, _LOCK_CODES, _VERIFICATION_CODES = {141006, 131042}, {131031}, {141010}
_UNREGISTERED = {133010}


class Trouble(Enum):
    """What one entity's finding is about."""

    NONE = auto()
    PAYMENT = auto()
    LOCKED = auto()
    POLICY = auto()
    UNREGISTERED = auto()
    VERIFICATION = auto()
    BLOCKED = auto()
    LIMITED = auto()
    UNKNOWN = auto()


def entities(snapshot: Snapshot) -> Iterator[HealthEntity]:
    """Of the number and of its account, templates left out: a sick template is not a sick number."""
    number = snapshot.number.value if snapshot.number.known else None
    account = snapshot.account.value if snapshot.account.known else None
    for health in (number.health if number else None, account.health if account else None):
        for entity in health.entities if health else ():
            if entity.kind.upper() != "MESSAGE_TEMPLATE" and entity.can_send:
                yield entity


def troubled(snapshot: Snapshot, kind: Trouble) -> HealthEntity | None:
    """The first entity with this kind of trouble."""
    return next((entity for entity in entities(snapshot) if trouble_of(entity) is kind), None)


def trouble_of(entity: HealthEntity) -> Trouble:
    said, codes = entity.can_send.upper(), set(entity.codes)
    if said == "AVAILABLE" or (codes and SIP_ONLY.issuperset(codes)):
        return Trouble.NONE
    if said not in KNOWN_WORDS:
        return Trouble.UNKNOWN
    problems = " ".join(entity.problems).lower()
    if codes & _PAYMENT_CODES or "payment" in problems:
        return Trouble.PAYMENT
    if codes & _LOCK_CODES:
        return Trouble.LOCKED
    if codes & _VERIFICATION_CODES or (said == "LIMITED" and "verif" in problems):
        return Trouble.VERIFICATION
    if codes and codes <= _UNREGISTERED | SIP_ONLY:
        return Trouble.UNREGISTERED
    if said == "BLOCKED" and entity.kind.upper() in ("WABA", "BUSINESS"):
        return Trouble.POLICY
    return Trouble.BLOCKED if said == "BLOCKED" else Trouble.LIMITED


def says(entity: HealthEntity) -> str:
    """Meta's words on it, "" when it gave none."""
    return entity.problems[0] if entity.problems else ""


def code_of(entity: HealthEntity) -> int:
    return next((code for code in entity.codes if code not in SIP_ONLY), 0)
