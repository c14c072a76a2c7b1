"""Whose server hears of what: subscribed apps, overrides, and Meta's handshake with a callback."""

import secrets

import aiohttp

from bot.sandbox.meta.account import LONGEST_URL, is_loopback
from bot.sandbox.meta.ask import Ask
from bot.sandbox.meta.errors import Json, MetaError, bad_param

PATIENCE = aiohttp.ClientTimeout(total=5)


async def subscribe(ask: Ask) -> Json:
    """Subscribe the calling app. Without an override in the call an existing one is lost, as at Meta's."""
    account = ask.world.accounts[ask.node_id]
    url = ask.bag.maybe("override_callback_uri")
    if url:
        await shake_hands(url, ask.bag.text("verify_token"))
    elif ask.bag.maybe("verify_token"):
        raise bad_param("The parameter override_callback_uri is required.")
    account.subscriptions[ask.app.id] = url or None
    return {"success": True}


async def unsubscribe(ask: Ask) -> Json:
    ask.world.accounts[ask.node_id].unsubscribe_app(ask.app.id)
    return {"success": True}


async def set_number_override(ask: Ask) -> None:
    """`webhook_configuration` of one number; an empty `override_callback_uri` clears it."""
    match ask.bag.structure("webhook_configuration"):
        case {"override_callback_uri": str(url), **rest}:
            if url:
                token = rest.get("verify_token")
                if not isinstance(token, str) or not token:
                    raise bad_param("The parameter webhook_configuration.verify_token is required.")
                await shake_hands(url, token)
            ask.world.numbers[ask.node_id].override_url = url or None
        case _:
            raise bad_param("The parameter webhook_configuration.override_callback_uri is required.")


async def shake_hands(url: str, verify_token: str) -> None:
    """Meta's hub challenge, made only to this machine: the sandbox calls nobody else.

    MetaError 2200: not loopback, no answer, or not the raw challenge.
    """
    if len(url) > LONGEST_URL:
        raise bad_param(f"Param override_callback_uri must be at most {LONGEST_URL} characters")
    if not is_loopback(url):
        raise _failed("the sandbox calls back only to this machine")
    challenge = str(secrets.randbelow(10**10))
    params = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.get(url, params=params, allow_redirects=False) as answer,
        ):
            body = await answer.content.read(1024)
    except (aiohttp.ClientError, TimeoutError):
        raise _failed("the URL couldn't be reached") from None
    if answer.status != 200 or body != challenge.encode():
        raise _failed(f"HTTP Status Code = {answer.status}; the challenge was not returned")


def _failed(why: str) -> MetaError:
    return MetaError(2200, f"(#2200) Callback verification failed with the following errors: {why}")
