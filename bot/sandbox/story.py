"""The reconnect story: a disconnected number is brought back from Slack, as those who live it see it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.sandbox.scene import Scene, personal
from bot.sandbox.slack.person import Person
from bot.sandbox.world import AUDIT_CHANNEL

NUMBER = "Sales"
WITHIN_S = 15.0  # for each answer of the bot's


@dataclass(frozen=True, slots=True)
class Step:
    """`says`: what happens, for the reader. `act`: do it and show it."""

    says: str
    act: Callable[[Scene], Awaitable[None]]


async def _look(scene: Scene) -> None:
    ana = scene.sandbox.person("ana")
    _typed(scene, ana, "/whatsapp status")
    await ana.type("/whatsapp status")
    await ana.wait_for("WhatsApp numbers", timeout_s=WITHIN_S)
    scene.message(ana, personal(scene.sandbox, ana)[-1], most=22)


async def _open(scene: Scene) -> None:
    ana = scene.sandbox.person("ana")
    _pressed(scene, ana, f"Reconnect (beside {NUMBER})")
    await ana.click("Reconnect", beside=NUMBER)
    await ana.wait_for("How should Meta send the code?", timeout_s=WITHIN_S)
    scene.window(ana)


async def _send(scene: Scene) -> None:
    ana = scene.sandbox.person("ana")
    _did(scene, ana, "chooses “SMS” and presses", "Send code")
    await ana.choose("How should Meta send the code?", "SMS")
    await ana.submit()
    await ana.wait_for_window("Enter the code", timeout_s=WITHIN_S)
    scene.window(ana)
    scene.phone(scene.sandbox.meta.number(NUMBER))


async def _mistype(scene: Scene) -> None:
    ana = scene.sandbox.person("ana")
    wrong = _mistyped(scene.sandbox.meta.phone(NUMBER).latest_code())
    _did(scene, ana, f"types {wrong} and presses", "Verify")
    await ana.submit({"Verification code": wrong})
    await ana.wait_for("did not accept", timeout_s=WITHIN_S)
    scene.window(ana)


async def _verify(scene: Scene) -> None:
    ana = scene.sandbox.person("ana")
    code = scene.sandbox.meta.phone(NUMBER).latest_code()
    _did(scene, ana, f"types {code[:3]} {code[3:]} and presses", "Verify")
    await ana.submit({"Verification code": f"{code[:3]} {code[3:]}"})
    await ana.wait_for_window("Connect the number", timeout_s=WITHIN_S)
    scene.window(ana)


async def _connect(scene: Scene) -> None:
    ana = scene.sandbox.person("ana")
    _did(scene, ana, f"types the PIN {scene.sandbox.seed.sales_pin} and presses", "Connect")
    await ana.submit({"Two-step PIN": scene.sandbox.seed.sales_pin})
    await ana.wait_for_window("Connected", timeout_s=30.0)
    scene.window(ana)


async def _read(scene: Scene) -> None:
    maya = scene.sandbox.person("maya")
    await maya.wait_for("finished: Connected", timeout_s=WITHIN_S)
    await scene.sandbox.until(lambda: "🟢 Connected" in maya.reads(AUDIT_CHANNEL), timeout_s=WITHIN_S)
    scene.channel(maya, AUDIT_CHANNEL)


RECONNECT: tuple[Step, ...] = (
    Step("Ana, an operator, asks how the company's WhatsApp numbers are. Sales is down.", _look),
    Step("She presses “Reconnect” beside Sales. The bot says what will be needed.", _open),
    Step("Meta sends the code to the phone of Sales.", _send),
    Step("She mistypes it. Meta refuses it; she sees what is left to try.", _mistype),
    Step(
        "She types it again, in two groups as people do. The number is hers; now it must be registered.",
        _verify,
    ),
    Step(
        "She enters the number's PIN. The bot registers it, refreshes the permissions and reads it back.",
        _connect,
    ),
    Step("Maya, a manager, reads in the audit channel who did what, and when.", _read),
)


async def play(steps: tuple[Step, ...], scene: Scene) -> None:
    """All of it, in order. AssertionError when something does not come, with what is seen instead."""
    for place, step in enumerate(steps, start=1):
        scene.paper.line()
        scene.paper.line(f"{place}. {step.says}", "bold")
        await scene.paper.pause(1.0)
        await step.act(scene)
        await scene.paper.pause(1.5)


def _typed(scene: Scene, who: Person, text: str) -> None:
    scene.paper.line(f"  {who.name} types:  {text}", "typed")


def _pressed(scene: Scene, who: Person, button: str) -> None:
    scene.paper.line(f"  {who.name} presses:  [{button}]", "typed")


def _did(scene: Scene, who: Person, deed: str, button: str) -> None:
    scene.paper.line(f"  {who.name} {deed}  [{button}]", "typed")


def _mistyped(code: str) -> str:
    """The same code with its last two digits the other way round, or another one when that is the same."""
    swapped = code[:-2] + code[-1] + code[-2]
    return swapped if swapped != code else code[:-1] + str((int(code[-1]) + 1) % 10)
