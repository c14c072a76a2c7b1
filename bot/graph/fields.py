"""Which fields are read, and how to go on without one Meta does not have.

One unknown field fails a whole read (meta-graph.md §0.3), and which ones exist depends on version and
number. So exactly the refused one is dropped, and stays dropped while this process speaks this version.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.graph.errors import GraphError, Refused, UnknownField

T = TypeVar("T")
_BAD_PARAMETER = 100


@dataclass(frozen=True, slots=True)
class FieldSet:
    """The fields of one kind of object. `core` exists in every version; `id` is never dropped."""

    kind: str
    core: tuple[str, ...]
    extended: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return self.core + self.extended


_NUMBER_CORE = (
    "id",
    "display_phone_number",
    "verified_name",
    "status",
    "code_verification_status",
    "quality_rating",
    "name_status",
    "platform_type",
    "account_mode",
    "is_pin_enabled",
)
_NUMBER_EXTENDED = (
    "whatsapp_business_manager_messaging_limit",
    "throughput",
    "webhook_configuration",
    "health_status",
    "new_name_status",
    "last_onboarded_time",
    "is_official_business_account",
    "is_on_biz_app",
)
NUMBER = FieldSet("number", _NUMBER_CORE, _NUMBER_EXTENDED)
# The list edge knows other fields than the node does: what one refuses says nothing about the other.
LISTED_NUMBER = FieldSet("listed number", _NUMBER_CORE, _NUMBER_EXTENDED)
ACCOUNT = FieldSet(
    "account",
    ("id", "name"),
    (
        "status",
        "account_review_status",
        "business_verification_status",
        "whatsapp_business_manager_messaging_limit",
        "health_status",
    ),
)


class Asking:
    """Reads with as many fields as Meta knows. Remembers the refused ones, per kind of object."""

    def __init__(self) -> None:
        self._refused: set[tuple[str, str]] = set()

    async def read(self, fields: FieldSet, ask: Callable[[str], Awaitable[T]]) -> tuple[T, frozenset[str]]:
        """The answer to `ask(fields)` and the fields it is without. At most one try per field, and one more.

        A refusal that names no field asked for (a nested one, or words we cannot read) leaves the core.
        """
        pool = fields.all
        for _ in range(len(fields.all) + 1):
            wanted = tuple(name for name in pool if (fields.kind, name) not in self._refused)
            try:
                return await ask(",".join(wanted)), frozenset(fields.all).difference(wanted)
            except (UnknownField, Refused) as refusal:
                if refusal.code != _BAD_PARAMETER:
                    raise
                if self._drop(fields, wanted, refusal):
                    continue
                if pool == fields.core:
                    raise
                pool = fields.core
        raise AssertionError("more fields were dropped than there are")

    def _drop(self, fields: FieldSet, wanted: tuple[str, ...], refusal: GraphError) -> bool:
        """Remember the field the refusal names. False when it names none that was asked for."""
        if not isinstance(refusal, UnknownField) or refusal.field not in wanted or refusal.field == "id":
            return False
        self._refused.add((fields.kind, refusal.field))
        return True
