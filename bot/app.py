"""The composition root: everything is made here, once, and handed to whoever needs it."""

import asyncio
import logging

import aiohttp
import httpx
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.app_wait import AppWait
from bot.audit import Journal
from bot.cipher import Cipher
from bot.clock import Clock
from bot.config import Config
from bot.counts import Counts
from bot.flows.recovery import Start
from bot.forgetting import Forgetting
from bot.graph.client import Graph
from bot.graph.transport import open_http
from bot.making import Ground, make
from bot.news import News
from bot.outbox import Outbox
from bot.running import Bot, Parts
from bot.services import Services
from bot.tasks import Tasks
from bot.tempo import USUAL, Tempo
from bot.tokens import Tokens
from bot.web import callback, wiring
from bot.web.slack import SlackHttp
from handlers import features
from handlers.front import Front
from handlers.home import Homes
from handlers.link import Link
from handlers.notify import SlackNotifier
from handlers.people import People
from handlers.preflight import Identity, identify
from handlers.screen import Slack
from handlers.unreached import Unreached
from storage.db import Database

SLACK_TIMEOUT_S = 10.0  # with an own session the SDK's time-out is ignored (slack.md §1.6)

log = logging.getLogger(__name__)


async def build(config: Config, *, clock: Clock | None = None, tempo: Tempo = USUAL) -> Bot:
    """Make the bot: open the database, recover, ask Slack who we are. Raises StorageError, SlackRefused,
    bot.cipher.WrongKey. Whatever was opened is closed again when it raises."""
    clock = clock or Clock()
    cipher = Cipher(config.secret_keys)
    db = Database(config.database_url)
    session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SLACK_TIMEOUT_S), trust_env=True)
    http = open_http(tempo.graph)
    try:
        client = AsyncWebClient(
            token=config.slack_bot_token.reveal(), base_url=config.slack_api_url, session=session, retry_handlers=[]
        )  # fmt: skip
        slack = Slack(client=client, session=session)
        people = People(config=config, slack=slack, clock=clock)
        identity, _ = await asyncio.gather(
            identify(client, config.slack_app_token.reveal(), need_groups=bool(people.groups)),
            db.start(),
        )
        await people.read_groups()
        return await _assemble(config, clock, tempo, cipher, db, slack, people, identity, session, http)
    except BaseException:
        await db.close()
        await http.aclose()
        await session.close()
        raise


async def _assemble(
    config: Config, clock: Clock, tempo: Tempo, cipher: Cipher, db: Database, slack: Slack, people: People,
    identity: Identity, session: aiohttp.ClientSession, http: httpx.AsyncClient,
) -> Bot:  # fmt: skip
    journal = Journal(key=cipher.chain_key, channel=config.audit_channel)
    tokens = Tokens(
        db=db, cipher=cipher, journal=journal, clock=clock, given=config.meta_access_token,
        app_id=config.meta_app_id, accounts=config.meta_waba_ids,
    )  # fmt: skip
    tasks, counts = Tasks(), Counts()
    app_wait = AppWait(db=db, clock=clock, limits=tempo.graph, tasks=tasks)
    graph = Graph(
        base_url=config.graph_api_url, version=config.graph_api_version, app_id=config.meta_app_id,
        app_secret=config.meta_app_secret, token=tokens.for_node, http=http, clock=clock,
        limits=tempo.graph, gate=app_wait.gate, heard=counts.graph_call,
    )  # fmt: skip
    news = News()
    services = make(Ground(
        config=config, clock=clock, tempo=tempo, cipher=cipher, db=db, journal=journal, graph=graph, tokens=tokens,
        news=news, tasks=tasks, counts=counts, people=people, us=identity.user_id,
    ))  # fmt: skip
    outbox = _outbox(db, clock, services, slack, people)
    news.hear(outbox.wake)
    opening = Start(
        acts=services.acts, db=db, keys=cipher.chain_keys, tokens=tokens, app_wait=app_wait,
        also=services.logins.close_unfinished,
    )  # fmt: skip
    await opening.once()
    front = Front(services=services, people=people, slack=slack, team_id=identity.team_id)
    commands = features.commands()
    homes = Homes(services=services, people=people, slack=slack, commands=commands, team_id=identity.team_id)
    news.hear(homes.changed)
    app = _bolt(slack.client, config, identity)
    features.register(app, front, commands, homes)
    line = _line(app, config, services, tempo)
    web = wiring.server(config, services, line, callback.routes(services.logins))
    forgetting = Forgetting(db=db, clock=clock)
    parts = Parts(services, opening, forgetting, outbox, people, front, line, web, session, http)
    return Bot(parts, identity)


def _outbox(db: Database, clock: Clock, services: Services, slack: Slack, people: People) -> Outbox:
    lost = Unreached(services=services, people=people, slack=slack)
    return Outbox(db=db, notifier=SlackNotifier(slack=slack, people=people), clock=clock, lost=lost)


def _line(app: AsyncApp, config: Config, services: Services, tempo: Tempo) -> Link | SlackHttp:
    """How Slack reaches us: over a connection of ours, or over HTTP."""
    if config.signing_secret is None:
        return Link(app, config.slack_app_token.reveal(), tempo.watch)
    return SlackHttp(
        app=app, signing_secret=config.signing_secret, counts=services.counts, stopping=services.stopping
    )


def _bolt(client: AsyncWebClient, config: Config, identity: Identity) -> AsyncApp:
    """Bolt, with a prepared authorisation: no auth.test in the first user's three seconds (slack.md §1.4)."""
    result = AuthorizeResult(
        enterprise_id=identity.enterprise_id or None,
        team_id=identity.team_id,
        bot_token=config.slack_bot_token.reveal(),
        bot_id=identity.bot_id,
        bot_user_id=identity.user_id,
    )

    async def authorize() -> AuthorizeResult:
        return result

    return AsyncApp(
        name="whatsapp-desk",
        client=client,
        authorize=authorize,
        process_before_response=True,  # the acknowledgement leaves when the listener returns, not up to 10 ms later
        request_verification_enabled=False,  # a connection of ours, or a guard of ours in front (bot/web/slack.py)
        # what these do is done by nobody here, and each costs a step on every delivery
        ssl_check_enabled=False,
        url_verification_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
