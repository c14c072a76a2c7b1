"""Everything a handler may use, made once out of what the composition root has opened."""

import asyncio
from dataclasses import dataclass
from functools import partial

from bot.audit import Journal
from bot.cipher import Cipher
from bot.clock import Clock
from bot.config import Config
from bot.corrected import correct
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
from bot.flows.patience import Patience
from bot.flows.permissions import Permissions
from bot.flows.refreshing import Refreshing
from bot.flows.register import Register
from bot.flows.replacing import Replacing
from bot.flows.token_watch import TokenWatch
from bot.graph.client import Graph
from bot.happened import Happened, events_in
from bot.judging import Judging
from bot.known_numbers import KnownNumbers
from bot.login import telling
from bot.login.service import Logins
from bot.news import News
from bot.questions import Questions
from bot.remembered import Remembered
from bot.roles import Role
from bot.services import Services
from bot.tasks import Tasks
from bot.tempo import Tempo
from bot.tokens import Tokens
from bot.trial.parts import Trials
from bot.trial.probes import Probes
from bot.webhooks import Webhooks
from handlers.people import People
from storage.db import Database


@dataclass(frozen=True, slots=True)
class Ground:
    """What stands before the first service. `us`: the bot's own Slack id."""

    config: Config
    clock: Clock
    tempo: Tempo
    cipher: Cipher
    db: Database
    journal: Journal
    graph: Graph
    tokens: Tokens
    news: News
    tasks: Tasks
    counts: Counts
    people: People
    us: str


def make(on: Ground) -> Services:
    """The services, each made after those it uses."""
    config, clock, graph, tokens, app_id = on.config, on.clock, on.graph, on.tokens, on.config.meta_app_id
    remembered = Remembered(db=on.db, clock=clock, tasks=on.tasks)
    directory = Directory(graph=graph, config=config, clock=clock, tokens=tokens, remembered=remembered)
    acts = Acts(
        db=on.db, journal=on.journal, clock=clock, config=config, tasks=on.tasks, wake=on.news.tell
    )  # fmt: skip
    stopping, trials = asyncio.Event(), Trials(Probes(), clock)
    patience = Patience(stopping, on.tempo.pause)
    opening = Opening(acts=acts, directory=directory, patience=patience)
    extending = Extending(acts=acts, graph=graph, tokens=tokens, app_id=app_id)
    permissions = Permissions(
        acts=acts, graph=graph, tokens=tokens, extending=extending, app_id=app_id, patience=patience,
    )  # fmt: skip
    diagnoses = _diagnoses(on, directory, trials)
    register = Register(acts=acts, graph=graph, opening=opening, directory=directory, permissions=permissions)
    tools = Tools(
        acts=acts, graph=graph, config=config, diagnoses=diagnoses, extending=extending,
        managers=partial(on.people.at_least, Role.MANAGER),
    )  # fmt: skip
    fixing = Fixing(tools)
    return Services(
        config=config, clock=clock, db=on.db, journal=on.journal, tasks=on.tasks, directory=directory, acts=acts,
        opening=opening, code=Code(acts=acts, graph=graph, opening=opening), register=register,
        hand_off=HandOff(acts=acts, opening=opening, us=on.us), tokens=tokens, extending=extending,
        replacing=Replacing(acts=acts, graph=graph, tokens=tokens, app_id=app_id),
        token_watch=_token_watch(on, acts, extending),
        refreshing=Refreshing(acts=acts, opening=opening, register=register), diagnoses=diagnoses,
        judging=Judging(acts=acts, counts=on.counts), fixing=fixing, logins=_logins(on, acts, directory, diagnoses),
        webhooks=Webhooks(tools=tools, fixing=fixing, directory=directory, opening=opening, trials=trials),
        stopping=stopping, counts=on.counts, at_least=on.people.at_least,
        happened=Happened(db=on.db, directory=directory, clock=clock, news=on.news, counts=on.counts),
    )  # fmt: skip


def _diagnoses(on: Ground, directory: Directory, trials: Trials) -> Diagnoses:
    questions = Questions(
        graph=on.graph, app_id=on.config.meta_app_id, clock=on.clock, token_of=on.tokens.for_node
    )
    return Diagnoses(
        questions=questions, numbers=KnownNumbers(directory), db=on.db, config=on.config, clock=on.clock,
        webhook_url=on.config.webhook_url, extension=on.tokens.extension, events=events_in, handshake=trials.last,
        seen=partial(correct, on.db),
    )  # fmt: skip


def _token_watch(on: Ground, acts: Acts, extending: Extending) -> TokenWatch:
    return TokenWatch(
        acts=acts, graph=on.graph, tokens=on.tokens, extending=extending, first_after_s=on.tempo.token_look_s
    )


def _logins(on: Ground, acts: Acts, directory: Directory, diagnoses: Diagnoses) -> Logins:
    return Logins(
        acts=acts, graph=on.graph, tokens=on.tokens, cipher=on.cipher, config=on.config, tasks=on.tasks,
        directory=directory, who=on.people.person, look=partial(telling.look, directory, diagnoses.diagnose),
    )  # fmt: skip
