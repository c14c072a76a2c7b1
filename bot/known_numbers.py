"""The numbers as far as they are known: also while Meta, or a dead token, keeps them from being read."""

from bot.directory import Directory
from bot.errors import BadInput, BotError
from bot.numbers import Ambiguous, NumberRef, find


class KnownNumbers:
    """For what has to work just then: finding out what is wrong."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def all(self) -> tuple[NumberRef, ...]:
        """Raises BotError when nothing is known at all."""
        return await self._directory.refs_or_known()

    async def find(self, text: str) -> NumberRef:
        """Also one that Meta lists no longer. Raises BadInput, Ambiguous, or BotError when nothing is known at all."""
        try:
            return find(text, await self.all())
        except BadInput as unknown:
            gone = None if isinstance(unknown, Ambiguous) else await self._directory.gone(text)
            if gone is None:
                raise
            return gone.ref

    async def by_id(self, number_id: str) -> NumberRef:
        for ref in await self.all():
            if ref.id == number_id:
                return ref
        gone = await self._directory.gone(number_id)
        if gone:
            return gone.ref
        return await self._directory.by_id(number_id)  # which says why not

    async def account_ids(self) -> tuple[str, ...]:
        """The accounts; those of the known numbers when no token names any. Raises BotError when neither is known."""
        try:
            return await self._directory.account_ids()
        except BotError as unnamed:
            refs = await self._directory.refs_or_known()
            if not refs:
                raise unnamed from None
            return tuple(dict.fromkeys(ref.account_id for ref in refs))

    async def of_account(self, account_id: str) -> tuple[NumberRef, ...]:
        """Those known of one account, none when nothing is known."""
        try:
            return tuple(ref for ref in await self.all() if ref.account_id == account_id)
        except BotError:
            return ()
