"""One question to Meta, with everything an answer needs."""

from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.meta.account import AppRecord
from bot.sandbox.meta.bag import Bag
from bot.sandbox.meta.token import TokenRecord
from bot.sandbox.meta.world import World


@dataclass(frozen=True, slots=True)
class Ask:
    """`viewer` is whose token it is, `app` that token's app, `node_id` the object asked about ("me" and
    the parameterless calls: ""). `base_url` and `path` make `paging.next`."""

    world: World
    now: datetime
    method: str
    version: int
    base_url: str
    path: str
    bag: Bag
    viewer: TokenRecord
    app: AppRecord
    node_id: str = ""
