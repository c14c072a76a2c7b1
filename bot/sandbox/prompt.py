"""The demo's prompt: be one of the people, type, click and read; and make trouble."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.sandbox import trouble
from bot.sandbox.bot_process import BotDied
from bot.sandbox.console import Console
from bot.sandbox.scene import News, Scene
from bot.sandbox.slack.model import ClientRefused
from bot.sandbox.slack.person import Person
from bot.sandbox.suggestions import PEOPLE, suggestions
from bot.sandbox.trouble import Unclear

Deed = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Command:
    """One word of the prompt."""

    usage: str
    about: str
    run: Deed


class Prompt:
    """Reads lines until `quit`; whatever goes wrong is told in a sentence."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._sandbox = scene.sandbox
        self._paper = scene.paper
        self._who: Person = scene.sandbox.person("ana")
        self._over = False
        self.commands = self._table()

    async def run(self) -> None:
        """Until `quit`, the end of input, or a signal: Ctrl-C is a way to leave like any other."""
        console = Console(lambda typed: suggestions(typed, self._sandbox, self._who, tuple(self.commands)))
        self._paper.line()
        self._paper.line("Now it is yours. You are ana. Try: /whatsapp   or: help", "bold")
        try:
            while not self._over:
                line = await console.ask(f"{self._who.name}> ")
                if line is None:
                    break
                await self.obey(line.strip())
        except asyncio.CancelledError:
            self._paper.line()
        finally:
            console.close()

    async def obey(self, line: str) -> None:
        """Do what one line says."""
        word, _, rest = line.partition(" ")
        try:
            if line.startswith("/"):
                await self._deed(lambda: self._who.type(line))
            elif word.casefold() in self.commands:
                await self.commands[word.casefold()].run(rest.strip())
            elif word:
                raise Unclear(f"I do not know “{word}”. `help` lists what can be typed here.")
        except (Unclear, ClientRefused) as problem:
            self._paper.line(str(problem), "bad")
        except (BotDied, TimeoutError) as problem:
            self._paper.line(str(problem) or "The bot did not connect in time.", "bad")
            self._paper.box("The end of the bot's log", self._sandbox.bot.log_tail(), style="bad")

    # -- Slack ------------------------------------------------------------------------------------------

    async def _deed(self, deed: Callable[[], Awaitable[object]]) -> None:
        """Do something as the current person, then show what came of it."""
        if not self._sandbox.bot.is_running:
            self._paper.line("(the bot is not running: `restart` starts it)", "bad")
            if self._sandbox.bot.exit_code != -signal.SIGKILL:  # not by us
                self._paper.box("The end of the bot's log", self._sandbox.bot.log_tail(), style="bad")
        news = News(self._scene)
        try:
            await deed()
            await news.until_quiet(self._who)
        finally:
            news.show(self._who)

    async def _as(self, rest: str) -> None:
        name = rest.casefold().removeprefix("@")
        if name not in PEOPLE:
            raise Unclear("Be one of: " + ", ".join(f"{who} ({what})" for who, what in PEOPLE.items()) + ".")
        self._who = self._sandbox.person(name)
        self._paper.line(f"You are {name}: {PEOPLE[name]}.")

    async def _look(self, rest: str) -> None:
        self._scene.everything(self._who)

    async def _read(self, rest: str) -> None:
        name = "#" + (rest or "whatsapp-audit").removeprefix("#")
        try:
            self._scene.channel(self._who, name)
        except KeyError:
            raise Unclear(f"There is no channel {name}.") from None

    async def _click(self, rest: str) -> None:
        label, _, beside = rest.removeprefix("[").replace("]", "").partition(" beside ")
        modal = self._who.modal
        if not label:
            raise Unclear("Click what? `look` shows the buttons.")
        if modal and modal.submit and label.casefold() == modal.submit.casefold():
            await self._deed(self._who.submit)
        elif modal and label.casefold() == str(modal.look.text(modal.window.view.get("close"))).casefold():
            await self._deed(self._who.close)
        else:
            await self._deed(lambda: self._who.click(label.strip(), beside=beside.strip()))

    async def _fill(self, rest: str) -> None:
        label, value = _pair(rest)
        await self._deed(lambda: self._who.fill({label: value}))

    async def _choose(self, rest: str) -> None:
        label, option = _pair(rest)
        await self._deed(lambda: self._who.choose(label, option))

    async def _submit(self, rest: str) -> None:
        values: dict[str, object] = dict([_pair(rest)]) if rest else {}
        await self._deed(lambda: self._who.submit(values))

    async def _close(self, rest: str) -> None:
        await self._deed(self._who.close)

    # -- the world --------------------------------------------------------------------------------------

    async def _phone(self, rest: str) -> None:
        numbers = list(self._sandbox.meta.world.numbers.values())
        try:
            wanted = [self._sandbox.meta.number(rest)] if rest else [n for n in numbers if self._rang(n.id)]
        except LookupError:
            raise Unclear(f"Meta has no one number “{rest}”. `meta` lists them.") from None
        for number in wanted:
            self._scene.phone(number)
        if not wanted:
            self._paper.line("No phone has rung yet.", "dim")

    def _rang(self, number_id: str) -> bool:
        phone = self._sandbox.meta.world.phones[number_id]
        return bool(phone.messages or phone.lost)

    async def _meta(self, rest: str) -> None:
        if rest:
            self._paper.line(await trouble.turn(self._sandbox, rest.split()))
            return
        now = self._sandbox.clock.now()
        rows = [
            f"{n.verified_name:<10} {n.display_phone_number:<18} {n.status:<13} proof {n.proof(now):<13} "
            f"{'has a PIN' if n.pin else 'no PIN'}"
            for n in self._sandbox.meta.world.numbers.values()
        ]
        self._paper.box("What Meta has", rows)

    async def _fault(self, rest: str) -> None:
        self._paper.line(await trouble.fault(self._sandbox, rest.split()))

    async def _restart(self, rest: str) -> None:
        if self._sandbox.bot.is_running:
            self._paper.line(f"Stopping the bot (process {self._sandbox.bot.pid}) …", "dim")
        await self._sandbox.restart_bot()
        self._paper.line(f"The bot runs again as process {self._sandbox.bot.pid}, on the same database.")

    async def _kill(self, rest: str) -> None:
        await self._sandbox.kill_bot()
        self._paper.line("The bot is dead (kill -9). `restart` starts it again on the same database.")

    async def _help(self, rest: str) -> None:
        rows = [f"{'/whatsapp …':<30}type the command, e.g. /whatsapp help"]
        rows += [f"{command.usage:<30}{command.about}" for command in self.commands.values()]
        self._paper.box(f"What you can type, being {self._who.name}", rows)

    async def _quit(self, rest: str) -> None:
        self._over = True

    def _table(self) -> dict[str, Command]:
        return {
            "as": Command("as <person>", ", ".join(PEOPLE), self._as),
            "look": Command("look", "what lies before you: messages and the window", self._look),
            "click": Command("click <button> [beside …]", "press a button: click Reconnect beside Sales", self._click),
            "fill": Command("fill <field> = <text>", "type into a field of the window", self._fill),
            "choose": Command("choose <field> = <option>", "choose in a list of the window", self._choose),
            "submit": Command("submit [<field> = <text>]", "send the window off", self._submit),
            "close": Command("close", "close the window", self._close),
            "read": Command("read [#channel]", "a channel you are in, e.g. #whatsapp-audit", self._read),
            "phone": Command("phone [number]", "the SMS and calls that arrived", self._phone),
            "meta": Command("meta [number] [knob]", "the numbers as Meta has them; meta Sales ban", self._meta),
            "fault": Command("fault meta|slack <kind>", "let the next call fail; fault clear", self._fault),
            "kill": Command("kill", "kill -9 the bot, at any point", self._kill),
            "restart": Command("restart", "stop the bot and start it on the same database", self._restart),
            "help": Command("help", "this", self._help),
            "quit": Command("quit", "end the demo", self._quit),
        }  # fmt: skip


def _pair(text: str) -> tuple[str, str]:
    label, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not label:
        raise Unclear("Type it as: <field> = <value>, e.g. fill Verification code = 123456")
    return label, value
