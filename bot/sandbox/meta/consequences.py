"""What Meta tells by webhook when a number or an account fares as a knob says (meta-graph.md §5.4)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.sandbox.meta.happenings import Happenings, Telling
from bot.sandbox.meta.number import NumberRecord
from bot.sandbox.meta.restore import restore
from bot.sandbox.meta.world import World

FIRST_RESTRICTION_H = 7 * 24
Tell = Callable[[Telling, str], None]


def _back(telling: Telling, before: str) -> None:
    """What was told once is taken back; of a number that was only disconnected Meta tells nothing."""
    if before == "FLAGGED":
        telling.quality("UNFLAGGED")
    elif before == "BANNED":
        telling.reinstate()


# A ban of one number has no event of its own: Meta tells the violation. Of a disconnection it tells nothing.
OF_NUMBERS: Mapping[str, Tell] = MappingProxyType(
    {
        "ban": lambda telling, before: telling.violate("SPAM"),
        "restrict": lambda telling, before: telling.restrict_number(FIRST_RESTRICTION_H),
        "flag": lambda telling, before: telling.quality("FLAGGED"),
        "connect": _back,
        "approve_name": lambda telling, before: telling.name("APPROVED"),
        "set_pin": lambda telling, before: telling.security("PIN_CHANGED"),
    }
)
OF_ACCOUNTS: Mapping[str, Tell] = MappingProxyType(
    {
        "disable": lambda telling, before: telling.disable("DISABLE"),
        "reinstate": lambda telling, before: telling.disable("REINSTATE"),
    }
)


class Consequences:
    """`stand` before a knob is turned, `follow` after it."""

    def __init__(self, world: World, happenings: Happenings) -> None:
        self._world = world
        self._happenings = happenings

    def stand(self, record: object) -> str:
        """How a number stands now, "" for anything else."""
        return record.status if isinstance(record, NumberRecord) else ""

    def follow(self, kind: str, record_id: str, knob: str, before: str) -> None:
        """Tell what follows from that knob, if anything does."""
        if kind == "numbers" and knob in OF_NUMBERS:
            OF_NUMBERS[knob](self._happenings.about(self._world.number(record_id)), before)
        elif kind == "accounts" and knob in OF_ACCOUNTS:
            first = next(iter(self._world.numbers_of(record_id)), None)
            if first is not None:
                OF_ACCOUNTS[knob](self._happenings.about(first), before)

    def restore(self) -> None:
        """Give every record its first state again, and tell what ended by it: who heard of a ban hears of its end."""
        numbers = {number.id: number.status for number in self._world.numbers.values()}
        accounts = {account.id: account.status for account in self._world.accounts.values()}
        restore(self._world)
        for number in self._world.numbers.values():
            before = numbers.get(number.id, "")
            if number.status != before:
                _back(self._happenings.about(number), before)
        for account in self._world.accounts.values():
            if accounts.get(account.id) == "DISABLED" != account.status:
                self.follow("accounts", account.id, "reinstate", "")
