"""The composition root: everything is made here, once, and handed to whoever needs it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

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
from bot.diagnosing import Diagnoses
from bot.directory import Directory
from bot.fixes.fixing import Fixing
from bot.fixes.repair import Tools
from bot.flows.act import Acts
from bot.flows.code import Code
from bot.flows.extending import Extending
from bot.flows.handoff import HandOff
from bot.flows.opening import Opening
from bot.flows.permissions import Permissions
from bot.flows.recovery import Start
from bot.flows.refreshing import Refreshing
from bot.flows.register import Register
from bot.flows.replacing import Replacing
from bot.flows.token_watch import FIRST_AFTER_S, TokenWatch
from bot.graph.client import Graph
from bot.graph.limits import DEFAULT, Limits
from bot.graph.transport import open_http
from bot.happened import Happened, events_in
from bot.judging import Judging
from bot.known_numbers import KnownNumbers
from bot.login import telling
from bot.login.service import Logins
from bot.news import News
from bot.outbox import Outbox
from bot.questions import Questions
from bot.remembered import Remembered
from bot.roles import Role
from bot.running import Bot, Parts
from bot.services import Services
from bot.tasks import Tasks
from bot.tokens import Tokens
from bot.trial.parts import Trials
from bot.trial.probes import Probes
from bot.web import callback, wiring
from bot.web.slack import SlackHttp
from bot.webhooks import Webhooks
from handlers import features, link
from handlers.front import Front
from handlers.home import Homes
from handlers.link import Link, Watch
from handlers.notify import SlackNotifier
from handlers.people import People
from handlers.preflight import Identity, identify
from handlers.screen import Slack
from storage.db import Database

SLACK_TIMEOUT_S = 10.0  # with an own session the SDK's time-out is ignored (slack.md §1.6)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tempo:
    """Every wait that somebody trying the bot out need not sit through. `pause`: between two read-backs."""

    graph: Limits = DEFAULT
    watch: Watch = link.USUAL
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    token_look_s: float = FIRST_AFTER_S


USUAL = Tempo()


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
    config: Config,
    clock: Clock,
    tempo: Tempo,
    cipher: Cipher,
    db: Database,
    slack: Slack,
    people: People,
    identity: Identity,
    session: aiohttp.ClientSession,
    http: httpx.AsyncClient,
) -> Bot:
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
    outbox = Outbox(db=db, notifier=SlackNotifier(slack=slack, people=people), clock=clock)
    news = News()
    news.hear(outbox.wake)
    services = _services(
        config, clock, tempo, db, journal, graph, tokens, news, tasks, identity, cipher, people, counts
    )
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
    return Bot(Parts(services, opening, outbox, people, front, line, web, session, http), identity)


def _line(app: AsyncApp, config: Config, services: Services, tempo: Tempo) -> Link | SlackHttp:
    """How Slack reaches us: over a connection of ours, or over HTTP."""
    if config.signing_secret is None:
        return Link(app, config.slack_app_token.reveal(), tempo.watch)
    return SlackHttp(
        app=app, signing_secret=config.signing_secret, counts=services.counts, stopping=services.stopping
    )


def _services(
    config: Config, clock: Clock, tempo: Tempo, db: Database, journal: Journal, graph: Graph, tokens: Tokens,
    news: News, tasks: Tasks, identity: Identity, cipher: Cipher, people: People, counts: Counts,
) -> Services:  # fmt: skip
    directory = Directory(
        graph=graph, config=config, clock=clock, tokens=tokens,
        remembered=Remembered(db=db, clock=clock, tasks=tasks),
    )  # fmt: skip
    acts = Acts(db=db, journal=journal, clock=clock, config=config, tasks=tasks, wake=news.tell)
    opening = Opening(acts=acts, directory=directory)
    stopping = asyncio.Event()
    extending = Extending(acts=acts, graph=graph, tokens=tokens, app_id=config.meta_app_id)
    permissions = Permissions(
        acts=acts, graph=graph, tokens=tokens, extending=extending, app_id=config.meta_app_id,
        stopping=stopping, pause=tempo.pause,
    )  # fmt: skip
    questions = Questions(graph=graph, app_id=config.meta_app_id, clock=clock, token_of=tokens.for_node)
    trials = Trials(Probes(), clock)
    diagnoses = Diagnoses(
        questions=questions, numbers=KnownNumbers(directory), db=acts.db, config=config, clock=clock,
        webhook_url=config.webhook_url, extension=tokens.extension, events=events_in, handshake=trials.last,
    )  # fmt: skip
    replacing = Replacing(acts=acts, graph=graph, tokens=tokens, app_id=config.meta_app_id)
    token_watch = TokenWatch(
        acts=acts, graph=graph, tokens=tokens, extending=extending, first_after_s=tempo.token_look_s
    )
    register = Register(acts=acts, graph=graph, opening=opening, directory=directory, permissions=permissions)
    logins = Logins(
        acts=acts, graph=graph, tokens=tokens, cipher=cipher, config=config, tasks=tasks, directory=directory,
        who=people.person, look=partial(telling.look, directory, diagnoses.diagnose),
    )  # fmt: skip
    tools = Tools(
        acts=acts, graph=graph, config=config, diagnoses=diagnoses, extending=extending,
        managers=partial(people.at_least, Role.MANAGER),
    )  # fmt: skip
    fixing = Fixing(tools)
    webhooks = Webhooks(tools=tools, fixing=fixing, directory=directory, opening=opening, trials=trials)
    return Services(
        config=config, clock=clock, db=db, journal=journal, tasks=tasks, directory=directory, acts=acts,
        opening=opening, code=Code(acts=acts, graph=graph, opening=opening), register=register,
        hand_off=HandOff(acts=acts, opening=opening, us=identity.user_id),
        tokens=tokens, extending=extending, replacing=replacing, token_watch=token_watch,
        refreshing=Refreshing(acts=acts, opening=opening, register=register),
        diagnoses=diagnoses, judging=Judging(acts=acts, counts=counts), fixing=fixing,
        logins=logins, webhooks=webhooks, stopping=stopping,
        happened=Happened(db=db, directory=directory, clock=clock, news=news, counts=counts), counts=counts,
    )  # fmt: skip


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
