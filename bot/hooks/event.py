"""One thing Meta told: a value for each field of a number desk, without what a customer wrote, or who that was."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Inbound:
    """A customer's message arrived. `kind`: text, image, … `code`: why Meta could not hand it over, 0: it did.

    `message_id` is a digest here and in `Status`: Meta's own holds the customer's number, in base64.
    """

    number_id: str
    message_id: str
    kind: str = ""
    code: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """What became of a message of ours. `status`: sent, delivered, read, failed, played."""

    number_id: str
    message_id: str
    status: str
    code: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """`messages` with an error that belongs to no message."""

    number_id: str
    code: int


@dataclass(frozen=True, slots=True)
class Limit:
    """One entry of `restriction_info`. `ends_at` None: Meta gave no end."""

    kind: str
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountUpdate:
    """`account_update`. `ban_date` is text of Meta's; `reason`: of a disconnection from the Business app."""

    event: str
    limits: tuple[Limit, ...] = ()
    violation: str = ""
    ban_state: str = ""
    ban_date: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AccountReview:
    decision: str


@dataclass(frozen=True, slots=True)
class AccountAlert:
    """`entity_id` is what it is about: a business, an account or a number."""

    entity_type: str
    entity_id: str
    severity: str
    state: str
    kind: str


@dataclass(frozen=True, slots=True)
class QualityUpdate:
    """`limit`: how many conversations may be started in a day, as a number or a word of Meta's."""

    event: str
    limit: str = ""
    old_limit: str = ""


@dataclass(frozen=True, slots=True)
class NameUpdate:
    decision: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Security:
    """`requester`: the user id of a person in Meta's Business Manager."""

    event: str
    requester: str = ""


@dataclass(frozen=True, slots=True)
class TemplateStatus:
    event: str
    template_id: str
    name: str = ""
    language: str = ""
    category: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Capability:
    """What the business may do. `max_numbers` None: not told."""

    limit: str = ""
    max_numbers: int | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A field this bot does not know, or one whose value has another shape than it knows."""

    why: str = "unknown field"


What = (
    Inbound
    | Status
    | Trouble
    | AccountUpdate
    | AccountReview
    | AccountAlert
    | QualityUpdate
    | NameUpdate
    | Security
    | TemplateStatus
    | Capability
    | Unknown
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `digits`: of the number it is about, where Meta names it by them; "" elsewhere.

    `key` is the same each time Meta delivers it.
    """

    key: str
    account_id: str
    field: str
    digits: str
    at: datetime
    what: What
