"""Who can put something right, said to the person who reads it: “You can do this”, or who exactly can."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.remedy import Who
from bot.roles import Role
from handlers.views.text import Markup, count, join, mark, mention

MOST_NAMED = 5
YOU = Markup("You can do this.")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and to whom they can turn: Slack user ids as the settings name them, each role with those above."""

    role: Role
    operators: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()


def who_acts(who: Who, reader: Reader) -> Markup:
    """A sentence or two."""
    match who:
        case Who.NOBODY:
            return Markup("Nobody has to do anything.")
        case Who.META:
            return Markup("Only Meta can.")
        case Who.TEAM if reader.role >= Role.OPERATOR:
            return YOU
        case Who.TEAM:
            return mark("Any operator can{names}", names=_named(reader.operators))
        case Who.MANAGER if reader.role >= Role.MANAGER:
            return YOU
        case Who.MANAGER:
            return mark("A manager can{names}", names=_named(reader.managers))
        case Who.PHONE_OWNER:
            return Markup("You can do this if you hold the phone of this number; otherwise whoever holds it.")
        case Who.META_ADMIN:
            return _if_you_are("an admin of the business at Meta", reader)
        case Who.DESK_ADMIN:
            return mark("Whoever runs this bot can{names}", names=_named(reader.admins or reader.managers))


def _if_you_are(what: str, reader: Reader) -> Markup:
    mine = mark("You can do this if you are {what}.", what=what)
    if reader.role >= Role.MANAGER:
        return mark("{mine} Otherwise ask one.", mine=mine)
    return mark(
        "{mine} Otherwise ask a manager of this desk{names}", mine=mine, names=_named(reader.managers)
    )


def _named(people: Sequence[str]) -> Markup:
    """“: @maya, @omar.”, or only the full stop where nobody is named."""
    if not people:
        return Markup(".")
    rest = len(people) - MOST_NAMED
    more = [Markup(count(rest, "more", "more"))] if rest > 0 else []
    return mark(": {people}.", people=join([*map(mention, people[:MOST_NAMED]), *more], ", "))
