"""For what a login can be asked: numbers as far as they are known, without them the accounts, for a dead token too."""

from collections.abc import Sequence

from bot.directory import Directory
from bot.errors import BotError
from bot.numbers import NumberRef, find


class Targets:
    """Finds what is to be connected again while Meta may refuse every read."""

    def __init__(self, *, directory: Directory, accounts: Sequence[str]) -> None:
        """`accounts`: the ones the settings name."""
        self._directory = directory
        self._accounts = tuple(accounts)

    async def all(self) -> tuple[NumberRef, ...]:
        """Numbers; when none is known, accounts. Raises BotError when it is not even known which those are."""
        try:
            return await self._directory.refs_or_known()
        except BotError as unread:
            if not self._accounts:
                raise NoAccount(
                    unread.message,
                    hint="It is not known which WhatsApp accounts there are, so no login can be checked against one. "
                    "Whoever runs the bot sets META_WABA_IDS and restarts it.",
                ) from None
        return tuple(map(_account, self._accounts))

    async def find(self, text: str) -> NumberRef:
        """The number (or account id) meant by `text`. Raises BadInput, Ambiguous or BotError."""
        return find(text, await self.all())


class NoAccount(BotError):
    """Neither numbers nor accounts are known."""


def _account(account_id: str) -> NumberRef:
    """Stands for all numbers of an account; nobody knows yet which those are."""
    return NumberRef(account_id, account_id, "WhatsApp account", account_id, account_id)
