"""`/whatsapp`: find the verb, check the role, run it; the menu and the help come from the same table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import Protocol

from bot.errors import BotError
from bot.numbers import Ambiguous, NumberRef
from bot.roles import Role
from handlers.call import Answer, Call, after, says
from handlers.command import Subcommand
from handlers.views import kit, menu
from handlers.views import reconnect_ids as ids
from handlers.views.kit import Message, Press
from handlers.views.text import esc, mark
from storage.errors import StorageError

_IN_WORDS = MappingProxyType({"oauth": "reconnect with Meta"})  # verbs that are no words


class Among(Protocol):
    """Numbers to choose from, where not those of the directory are meant."""

    async def all(self) -> tuple[NumberRef, ...]: ...

    async def find(self, text: str) -> NumberRef: ...


class Commands:
    """Every sub-command, by verb, in the order of the help."""

    def __init__(self, commands: Sequence[Subcommand]) -> None:
        self._commands = tuple(commands)
        self._by_verb: Mapping[str, Subcommand] = {c.verb: c for c in self._commands}
        self._helps: dict[tuple[str, ...], Message] = {}  # one for each set of verbs a person may run

    async def on_command(self, call: Call) -> Answer:
        """`call.words` is all that was typed after `/whatsapp`."""
        verb, _, rest = " ".join(call.words.split()).partition(" ")
        if not verb:
            return says(menu.menu(verbs=[(c.verb, c.summary, c.button) for c in await self._of(call)]))
        if verb.lower() == "help":
            return says(self._help(await self._of(call)))
        return await self._run(call, verb.lower(), rest)

    def _help(self, mine: Sequence[Subcommand]) -> Message:
        verbs = tuple(c.verb for c in mine)
        if verbs not in self._helps:
            self._helps[verbs] = menu.help_text(lines=[(c.usage, c.summary) for c in mine])
        return self._helps[verbs]

    async def on_button(self, call: Call) -> Answer:
        """A menu button: its value is the verb."""
        return await self._run(call, str(call.action.get("value") or ""), "")

    async def on_pick(self, call: Call) -> Answer:
        """A number chosen from a picker or among several that fit: value “verb number_id”."""
        verb, number_id = menu.read_value(call.action)
        return await self._run(call, verb, number_id)

    async def on_page(self, call: Call) -> Answer:
        """Another page of a picker: value “verb page”."""
        verb, rest = menu.read_value(call.action)
        more, _, page = rest.rpartition(" ")
        if verb not in self._by_verb:
            return await self._did_you_mean(call, verb)
        _must_be_for(call, self._by_verb[verb])

        async def work() -> None:
            numbers = await call.services.directory.refs()
            asked = f"{verb} {more}".strip()
            await _ask(call, _picker(asked, numbers, int(page) if page.isdecimal() else 0), replace=True)

        return after(work)

    async def _of(self, call: Call) -> list[Subcommand]:
        box = call.person.role < Role.OPERATOR and await _has_code_box(call)
        return self.of(call.person.role, has_code_box=box)

    def of(self, role: Role, *, has_code_box: bool) -> list[Subcommand]:
        """What `role` may run. A command that needs no role is there for whoever was given a code box."""
        mine = [c for c in self._commands if role >= c.role]
        if role >= Role.OPERATOR or has_code_box:
            return mine
        return [c for c in mine if c.role is not Role.NOBODY]

    async def _run(self, call: Call, verb: str, rest: str) -> Answer:
        command = self._by_verb.get(verb)
        if command is None:
            return await self._did_you_mean(call, verb, rest)
        _must_be_for(call, command)
        return await command.run(replace(call, words=rest))

    async def _did_you_mean(self, call: Call, verb: str, rest: str = "") -> Answer:
        mine = {c.verb: c for c in await self._of(call)}
        close = get_close_matches(verb, [*mine, "help"], n=1, cutoff=0.6)
        if close and close[0] in mine:
            return says(menu.did_you_mean(typed=verb, verb=close[0], summary=mine[close[0]].summary))
        hint = "Did you mean `help`?" if close else "Type `/whatsapp help` to see what you may do."
        unknown = BotError(f"I do not know “{verb[:60]}”.", hint=hint)
        if close or call.person.role < Role.VIEWER:
            raise unknown
        return after(lambda: _offer_number(call, f"{verb} {rest}".strip(), unknown))


async def _offer_number(call: Call, typed: str, unknown: BotError) -> None:
    """A number typed where a verb belongs: what may be done with it. Raises `unknown` when it is none."""
    try:
        ref = await call.services.directory.find(typed)
    except BotError:
        raise unknown from None
    press = [Press(action_id=menu.CHOOSE, label="View", value=f"status {ref.id}")]
    if call.person.role >= Role.OPERATOR:
        press.append(Press(action_id=ids.OPEN, label="Reconnect", value=ref.id))
    text = mark("Did you mean `/whatsapp status {typed}`?", typed=esc(typed, 60))
    await call.screen.say(kit.message(text, [kit.section(text), kit.actions(*press)]))


async def _has_code_box(call: Call) -> bool:
    """Whether some reconnect waits for this person. No when that cannot be read: the menu shows less."""
    try:
        return bool(await call.services.opening.of_person(call.person))
    except StorageError:
        return False


def _must_be_for(call: Call, command: Subcommand) -> None:
    call.person.must_be(command.role, to=f"use `/whatsapp {command.verb}`")


async def number_or_picker(call: Call, verb: str, among: Among | None = None) -> NumberRef | None:
    """The number typed after the verb; with nothing typed, or several that fit, the person is asked.

    `among`: where to look instead of the directory.
    """
    try:
        if call.words:
            return await (among.find if among else call.services.directory.find)(call.words)
        numbers = await (among.all if among else call.services.directory.refs)()
        if len(numbers) == 1:
            return numbers[0]
        await _ask(call, _picker(verb, numbers, 0))
    except Ambiguous as several:
        await _ask(call, menu.ambiguous(verb=verb, typed=call.words, numbers=several.choices))
    return None


async def _ask(call: Call, question: Message, *, replace: bool = False) -> None:
    """In the window when one is open: what is asked elsewhere would leave it waiting for ever."""
    if not await call.screen.show(menu.in_window(question)):
        await call.screen.say(question, replace=replace)


def _picker(verb: str, numbers: Sequence[NumberRef], page: int) -> Message:
    title = f"Which number? ({_IN_WORDS.get(verb, verb)})"
    return menu.picker(verb=verb, title=title, numbers=numbers, page=page)
