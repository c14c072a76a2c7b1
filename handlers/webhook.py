"""`/whatsapp webhook`: how the webhook stands, its test, and its repair."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.numbers import NumberRef
from bot.roles import Role
from handlers.call import Answer, Call, Listener, after, errors, update
from handlers.command import Subcommand
from handlers.views import kit, menu
from handlers.views import webhook as views
from handlers.views import webhook_fix as fixes
from handlers.views import webhook_trial as trials
from handlers.whatsapp import number_or_picker

Way = Callable[[Call, NumberRef], Awaitable[None]]


async def run(call: Call) -> Answer:
    """`webhook [number]`, `webhook test [number]`, `webhook fix [number]`."""
    word, _, rest = call.words.partition(" ")
    way = WAYS.get(word.lower())
    if way:
        asked, verb = replace(call, words=rest), f"webhook {word.lower()}"
    else:
        way, asked, verb = _show, call, "webhook"
    return after(lambda: _chosen(asked, verb, way))


async def _chosen(call: Call, verb: str, way: Way) -> None:
    if not await call.screen.open(menu.loading(title=views.TITLE, text="Reading Meta…")):
        return
    ref = await number_or_picker(call, verb)
    if ref:
        await way(call, ref)


async def _show(call: Call, ref: NumberRef) -> None:
    sight = await call.services.webhooks.look(ref)
    if not await call.screen.show(views.card(sight, role=call.person.role)):
        await call.screen.say(views.card_message(sight, role=call.person.role))


async def _test(call: Call, ref: NumberRef) -> None:
    await call.screen.show(trials.testing(ref))
    tested = await call.services.webhooks.test(call.person, ref, key=call.key)
    if not await call.screen.show(trials.tested(ref, tested, role=call.person.role)):
        await call.screen.say(trials.tested_message(ref, tested, role=call.person.role))


async def _fix(call: Call, ref: NumberRef) -> None:
    sight = await call.services.webhooks.look(ref)
    if not await call.screen.show(fixes.fix(sight, role=call.person.role)):
        await call.screen.say(fixes.fix_message(sight, role=call.person.role))


async def _app(call: Call, ref: NumberRef) -> None:
    moving = await call.services.webhooks.moving(call.person, ref)
    await call.screen.show(fixes.app(moving))


def _button(way: Way, role: Role, to: str) -> Listener:
    """A button whose value is the number's id."""

    async def on_press(call: Call) -> Answer:
        call.person.must_be(role, to=to)

        async def work() -> None:
            if await call.screen.open(menu.loading(title=views.TITLE, text="Reading Meta…")):
                await way(call, await call.services.diagnoses.numbers.by_id(str(call.action.get("value"))))

        return after(work)

    return on_press


async def on_apply(call: Call) -> Answer:
    """“Apply”: what was shown, or nothing."""
    call.person.must_be(Role.OPERATOR, to="change where events go")
    view = call.view or {}
    mark, number_id = fixes.mark_of(view), kit.flow_id(view)

    async def work() -> None:
        role, ref = call.person.role, await call.services.diagnoses.numbers.by_id(number_id)
        applied = await call.services.webhooks.apply(call.person, ref, mark, key=call.key)
        drawn = fixes.fix(applied.sight, role=role, done=applied.done, changed=applied.done is None)
        if not await call.screen.show(drawn):
            await call.screen.say(fixes.fix_message(applied.sight, role=role, done=applied.done))

    return update(fixes.working(number_id), work)


async def on_move(call: Call) -> Answer:
    """“Move them all”: every account named, or nothing."""
    call.person.must_be(Role.MANAGER, to="change the app's webhook")
    view = call.view or {}
    empty = fixes.unticked(view)
    if empty:
        return errors(empty)
    mark, ticked, number_id = fixes.mark_of(view), fixes.ticked(view), kit.flow_id(view)

    async def work() -> None:
        ref = await call.services.diagnoses.numbers.by_id(number_id)
        moving = await call.services.webhooks.move(call.person, ref, ticked, mark, key=call.key)
        if not await call.screen.show(fixes.app(moving, changed=moving.done is None)):
            await call.screen.say(fixes.app_message(moving))

    return update(fixes.working(number_id), work)


WAYS: Mapping[str, Way] = {"test": _test, "fix": _fix}
COMMANDS = (
    Subcommand(
        "webhook", "/whatsapp webhook [number]",
        "Where events go, and who listens. `/whatsapp webhook test` tries it, `/whatsapp webhook fix` repairs it.",
        "Webhook", Role.OPERATOR, run,
    ),
)  # fmt: skip
ACTIONS: Mapping[str, Listener] = {
    views.OPEN: _button(_show, Role.OPERATOR, "look at webhooks"),
    views.TEST: _button(_test, Role.OPERATOR, "test the webhook"),
    views.FIX: _button(_fix, Role.OPERATOR, "change where events go"),
    views.APP: _button(_app, Role.MANAGER, "change the app's webhook"),
}
SUBMITS: Mapping[str, Listener] = {fixes.APPLY: on_apply, fixes.MOVE: on_move}
CLOSES: Mapping[str, Listener] = {}
