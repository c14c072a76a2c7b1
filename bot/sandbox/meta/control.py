"""The sandbox's own HTTP, beside Graph: look at the world, and get it into trouble.

GET  /_sandbox/state · /_sandbox/calls · /_sandbox/phones/{number} (the inbox: the only place with codes)
POST /_sandbox/numbers/{number}/{knob} · /accounts/{id}/{knob} · /tokens/{label}/{knob} · /apps/{id}/{knob}
     /phones/{number}/{knob} · /events/{number}/{knob} (tell by webhook) · /hooks/delivery/{knob}
     /faults · /clock        DELETE /_sandbox/faults
A number is named by id, verified name or digits; a POST carries a JSON object of the knob's arguments.
"""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from types import UnionType
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.meta.bag import read_bag
from bot.sandbox.meta.calls import Call
from bot.sandbox.meta.consequences import Consequences
from bot.sandbox.meta.delivery import Delivery
from bot.sandbox.meta.errors import Json, MetaError
from bot.sandbox.meta.faults import Fault, Faults
from bot.sandbox.meta.happenings import Happenings
from bot.sandbox.meta.state import described, inbox
from bot.sandbox.meta.world import World
from bot.sandbox.time import MovableClock

KNOBS: Mapping[str, frozenset[str]] = {
    "numbers": frozenset(
        {"connect", "disconnect", "ban", "restrict", "flag", "limit_rate", "migrate", "delete"}
        | {"expire_verification", "prove_ownership", "set_pin", "remove_pin", "take_over_webhook"}
        | {"put_on_business_app", "take_off_business_app"}
        | {"hold_name_review", "approve_name", "refuse_field", "answer_all_fields"}
    ),
    "accounts": frozenset(
        {"unsubscribe_app", "subscribe_app", "take_over_webhook", "lock", "unlock"}
        | {"disable", "reinstate", "fail_payment", "settle_payment"}
    ),
    "tokens": frozenset(
        {"expire_token", "give_time_back", "revoke_token", "revive", "break_token"}
        | {"lapse_data_access", "give_data_access_back", "remove_scope", "add_scope"}
    ),
    "apps": frozenset(
        {"require_appsecret_proof", "waive_appsecret_proof", "take_over_callback", "give_back_callback"}
        | {"disable_callback", "enable_callback", "drop_field", "listen_to", "allow_redirect"}
    ),
    "events": frozenset(
        {
            "message",
            "sent",
            "delivered",
            "read",
            "failed",
            "quality",
            "name",
            "security",
            "restrict",
            "violate",
        }
        | {"disable", "offboard", "come_back", "remove_partner", "delete_account", "review", "alert"}
        | {"template", "capability"}
    ),
    "hooks": frozenset(
        {"deliver_twice", "deliver_once", "mix_up", "keep_order", "hold", "let_go", "retry_now"}
        | {"send_again", "forge"}
    ),
    "phones": frozenset({"lose_next_sms", "let_sms_through", "decline_next_call", "take_calls"}),
}
"""What may be turned from outside: methods of the records, by kind."""

LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))


class Control:
    """Answers below /_sandbox. It holds the same records as the fake Meta, and nothing of its own."""

    def __init__(
        self,
        world: World,
        faults: Faults,
        calls: Sequence[Call],
        delivery: Delivery,
        happenings: Happenings,
    ) -> None:
        self._world = world
        self._faults = faults
        self._calls = calls
        self._delivery = delivery
        self._happenings = happenings
        self._consequences = Consequences(world, happenings)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """JSON, with `error` and a 4xx when it cannot be done."""
        if not from_here(request):
            return _wrong(403, "only this machine may ask")
        try:
            parts = tuple(part for part in request.path.split("/") if part)[1:]
            if request.method == "GET":
                return web.json_response(self._look(parts), headers={"Cache-Control": "no-store"})
            return web.json_response(await self._act(request, parts))
        except (LookupError, MetaError):
            return _wrong(404, "there is no such thing here")
        except (TypeError, ValueError) as problem:
            return _wrong(400, str(problem))

    def _look(self, parts: tuple[str, ...]) -> Json:
        match parts:
            case ("state",):
                return described(self._world, self._faults) | {"hooks": self._delivery.described()}
            case ("calls",):
                return {"calls": [asdict(call) | {"at": call.at.isoformat()} for call in self._calls]}
            case ("phones", number):
                return inbox(self._world.phones[self._world.number(number).id])
        raise LookupError(parts)

    async def _act(self, request: web.BaseRequest, parts: tuple[str, ...]) -> Json:
        if request.method == "DELETE" and parts == ("faults",):
            self._faults.clear()
            return {"done": True}
        if request.method != "POST" or request.content_type != "application/json":
            raise ValueError("commands are POSTs of a JSON object")
        arguments = dict((await read_bag(request)).items)
        match parts:
            case ("faults",):
                self._faults.add(Fault(**arguments))  # type: ignore[arg-type]  # checked by Fault itself
            case ("clock",):
                self._skip(arguments)
            case (kind, name, knob):
                self.turn(kind, name, knob, arguments)
            case _:
                raise LookupError(parts)
        return {"done": True}

    def turn(self, kind: str, name: str, knob: str, arguments: Mapping[str, object]) -> None:
        """Turn one of KNOBS; Meta tells what follows. LookupError: no such thing; TypeError, ValueError: not with these
        arguments; each with a sentence."""
        if knob not in KNOBS.get(kind, ()):
            raise LookupError(f"Nothing among the {kind} is called “{knob}”.")
        record = self._record(kind, name)
        turn, before = getattr(record, knob), self._consequences.stand(record)
        expected = inspect.signature(turn).parameters
        for argument, value in arguments.items():
            if argument not in expected:
                raise TypeError(f"“{knob}” takes no “{argument}”.")
            if not _fits(value, expected[argument].annotation):
                raise ValueError(f"“{argument}” has the wrong type.")
        lacking = [
            name for name, one in expected.items() if one.default is one.empty and name not in arguments
        ]
        if lacking:
            raise TypeError(f"“{knob}” needs {' and '.join(f'“{name}”' for name in lacking)}.")
        turn(**arguments)
        self._consequences.follow(kind, name, knob, before)

    def restore(self) -> None:
        """Give every number, account, token and phone its first state; Meta tells what ended by it."""
        self._consequences.restore()

    def _record(self, kind: str, name: str) -> object:
        try:
            match kind:
                case "numbers":
                    return self._world.number(name)
                case "phones":
                    return self._world.phones[self._world.number(name).id]
                case "tokens":
                    return self._world.token(name)
                case "events":
                    return self._happenings.about(self._world.number(name))
                case "hooks":
                    return {"delivery": self._delivery}[name]
                case "accounts":
                    return self._world.accounts[name]
            return self._world.apps[name]
        except LookupError:
            raise LookupError(f"There is no “{name}” among the {kind}.") from None

    def _skip(self, arguments: Mapping[str, object]) -> None:
        seconds = arguments.get("skip_s")
        if not isinstance(self._world.clock, MovableClock):
            raise ValueError("this sandbox's clock cannot be moved")
        if not isinstance(seconds, int | float) or not 0 <= seconds <= 10**9:
            raise ValueError("skip_s must be a number of seconds")
        self._world.clock.skip(timedelta(seconds=seconds))


def from_here(request: web.BaseRequest) -> bool:
    """Named as this machine (a rebound DNS name is not), from this machine, by no foreign page."""
    hosts = [f"//{request.headers.get('Host', '')}"]
    if "Origin" in request.headers:
        hosts.append(request.headers["Origin"])
    try:
        named = all(urlsplit(host).hostname in LOOPBACK for host in hosts)
    except ValueError:
        return False
    return named and request.remote in LOOPBACK


def _fits(value: object, expected: type | UnionType) -> bool:
    """A yes or no is no number, whatever Python says."""
    return isinstance(value, expected) and (not isinstance(value, bool) or expected is bool)


def _wrong(status: int, why: str) -> web.Response:
    return web.json_response({"error": why}, status=status)
