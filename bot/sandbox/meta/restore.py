"""The small world as it was at the start, for those who have tried enough trouble."""

from datetime import timedelta

from bot.sandbox.meta.seed import small_world
from bot.sandbox.meta.token import TokenRecord
from bot.sandbox.meta.world import World

NEW_LIFE = timedelta(days=60)


def restore(world: World) -> None:
    """Put the demo's records back. A token that was made since stays, in good health: the bot may hold it."""
    fresh = small_world(world.clock).world
    seeded = next(iter(fresh.tokens.values()))
    for text, token in world.tokens.items():
        if text not in fresh.tokens:
            _heal(token, seeded, world)
            fresh.tokens[text] = token
    for name in ("apps", "businesses", "accounts", "numbers", "phones", "tokens"):
        records = getattr(world, name)
        records.clear()
        records.update(getattr(fresh, name))
    if world.door is not None:
        world.open_door(world.door)


def _heal(token: TokenRecord, seeded: TokenRecord, world: World) -> None:
    now = world.clock.now()
    token.revive()
    token.before.clear()
    token.scopes = list(seeded.scopes)
    token.targets, token.assigned = dict(seeded.targets), None
    token.expires_at = None if token.kind == "SYSTEM_USER" else now + NEW_LIFE
    token.data_access_expires_at = seeded.data_access_expires_at if token.kind == "USER" else None
