"""What a scenario is: one way a number can be, the cause it must be told by, and how the fake Meta gets there."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.meta.account import AccountRecord, AppRecord
from bot.sandbox.meta.number import NumberRecord
from bot.sandbox.meta.seed import Seed
from bot.sandbox.meta.token import TokenRecord
from tests.checks.healthy import Change

World = Callable[[Seed], None]


@dataclass(frozen=True, slots=True)
class Scenario:
    """`change` makes it of a healthy snapshot. `says`: parts of the verdict's sentence.

    `world` brings the number “Support” of the fake Meta's small world into it, where there is a knob for that today;
    None: no knob yet.
    """

    name: str
    code: str
    change: Change
    says: tuple[str, ...] = ()
    world: World | None = None


def support(seed: Seed) -> NumberRecord:
    return seed.world.number("Support")


def shop(seed: Seed) -> AccountRecord:
    return seed.world.accounts[support(seed).account_id]


def main_token(seed: Seed) -> TokenRecord:
    return seed.world.token("main")


def app(seed: Seed) -> AppRecord:
    return seed.world.apps[seed.app_id]


def bring_back(seed: Seed, *, name_status: str) -> None:
    """Support is no longer registered, its ownership is proven, and its name stands like this."""
    support(seed).disconnect(proven=True)
    support(seed).name_status = name_status


def unlink(seed: Seed) -> None:
    """Support is used in the Business app and no longer linked."""
    support(seed).disconnect()
    support(seed).put_on_business_app()
