"""Does the bot's own HTTP server have what it needs, and can it be reached from outside?"""

import secrets

import aiohttp

from bot.checkup.finding import Finding, ok, problem, unknown, warning
from bot.config import SLACK_PATH, Config

SERVER, WEBHOOK, LOGIN, OUTSIDE = "HTTP server", "Webhook", "Login with Meta", "PUBLIC_URL from here"
_UNANSWERED = (aiohttp.ClientError, TimeoutError, ValueError)
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # where to ask a server that listens on all


async def look(config: Config, session: aiohttp.ClientSession, *, reach: bool) -> list[Finding]:
    """What there is to enter at Meta, and who listens. `reach`: also ask PUBLIC_URL as Meta does."""
    if not config.public_url:
        return [ok(SERVER, "off, as PUBLIC_URL is empty: no webhook, and no login with Meta")]
    found = [await _port(config, session), _webhook(config), _login(config)]
    return [*found, *([await _handshake(config, session)] if reach else [])]


async def _port(config: Config, session: aiohttp.ClientSession) -> Finding:
    host = _EVERYWHERE.get(config.http_host, config.http_host)
    at = f"[{host}]:{config.http_port}" if ":" in host else f"{host}:{config.http_port}"
    if not config.http_port:
        return warning(SERVER, "listens on a port that changes with each start", "Set HTTP_PORT.")
    try:
        async with session.get(f"http://{at}/healthz", allow_redirects=False) as answer:
            said = await answer.content.read(64)
    except aiohttp.ClientConnectorError:
        return ok(SERVER, f"{at} is free for it")
    except _UNANSWERED as error:
        return problem(
            SERVER, f"something else listens on {at} ({type(error).__name__})", "Set another HTTP_PORT."
        )
    if answer.status == 200 and said.strip() == b"alive":
        return ok(SERVER, f"the bot listens on {at}")
    return problem(
        SERVER, f"something else listens on {at} (it answered {answer.status})", "Set another HTTP_PORT."
    )


def _webhook(config: Config) -> Finding:
    slack = f"; Slack's request URL is {config.public_url}{SLACK_PATH}" if config.signing_secret else ""
    return ok(
        WEBHOOK, f"Meta's callback URL is {config.webhook_url}, with META_VERIFY_TOKEN as verify token{slack}"
    )


def _login(config: Config) -> Finding:
    how = (
        f"with configuration {config.login_config_id}"
        if config.login_config_id
        else "without META_LOGIN_CONFIG_ID: it asks for each permission, and gives a person's token of about 60 days"
    )
    return ok(LOGIN, f"{how}, at {config.dialog_url}; the valid OAuth redirect URI is {config.callback_url}")


async def _handshake(config: Config, session: aiohttp.ClientSession) -> Finding:
    """As Meta does it; then with a wrong token, which must be refused."""
    token = config.meta_verify_token.reveal() if config.meta_verify_token else ""
    challenge = str(secrets.randbelow(10**9))
    try:
        status, said = await _asked(config, session, token, challenge)
        wrong, _ = await _asked(config, session, secrets.token_hex(16), challenge)
    except _UNANSWERED as error:
        return unknown(
            OUTSIDE,
            f"no answer ({type(error).__name__}); some networks cannot reach their own address",
            "Look at name, certificate and proxy; then try `/whatsapp webhook test` in Slack.",
        )
    if status != 200 or said != challenge:
        return problem(OUTSIDE, f"the handshake was answered {status}, not with our challenge", "Is the bot running, "
                       "with this META_VERIFY_TOKEN, and does the proxy pass path and query on unchanged?")  # fmt: skip
    if wrong != 403:
        return problem(
            OUTSIDE, f"a wrong verify token was answered {wrong}", "It must be 403: is it this bot at all?"
        )
    return ok(OUTSIDE, "the handshake is answered, a wrong token refused")


async def _asked(
    config: Config, session: aiohttp.ClientSession, token: str, challenge: str
) -> tuple[int, str]:
    asked = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": token}
    async with session.get(config.webhook_url, params=asked, allow_redirects=False) as answer:
        return answer.status, (await answer.content.read(256)).decode("utf-8", "replace")
