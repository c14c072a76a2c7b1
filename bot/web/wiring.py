"""Which routes the server gets, out of the settings."""

from collections.abc import Sequence

from bot.config import Config
from bot.services import Services
from bot.web.health import Health
from bot.web.server import Route, WebServer
from bot.web.slack import SlackHttp
from bot.web.webhook import Webhook
from handlers.link import Link


def server(
    config: Config, services: Services, line: Link | SlackHttp, more: Sequence[Route] = ()
) -> WebServer | None:
    """The server with the webhook, Slack's requests when it sends over HTTP, and `more`; None without PUBLIC_URL."""
    if not config.public_url:
        return None
    webhook = Webhook(
        verify_token=config.meta_verify_token, app_secret=config.meta_app_secret, happened=services.happened,
        clock=services.clock, counts=services.counts, stopping=services.stopping,
        probes=services.webhooks.probes,
    )  # fmt: skip
    health = Health(
        db=services.db, counts=services.counts, connected=line.connected, stopping=services.stopping,
        public_url=config.public_url,
    )  # fmt: skip
    slack = line.routes if isinstance(line, SlackHttp) else ()
    routes = (*webhook.routes, *health.routes, *slack, *more)
    return WebServer(host=config.http_host, port=config.http_port, routes=routes)
