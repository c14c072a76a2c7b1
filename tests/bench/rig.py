"""The bench: a fake Slack and a fake Meta in this process, a bot or a peer in another one."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.meta import seed
from bot.sandbox.meta.server import FakeMeta
from bot.sandbox.slack.fake import SCOPES, FakeSlack

HERE = Path(__file__).parent
OURS = (sys.executable, "-m", "bot", "run")
PEERS = {
    "SDK floor": (sys.executable, str(HERE / "peers" / "sdk_floor.py")),
    "Bolt async as documented": (sys.executable, str(HERE / "peers" / "bolt_documented.py")),
}


@dataclass(slots=True)
class Running:
    """A process connected to `slack`. `ready_s`: from its start to its first socket; `memory_mb`: resident."""

    slack: FakeSlack
    meta: FakeMeta
    process: asyncio.subprocess.Process
    ready_s: float
    database: Path

    @property
    def memory_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))

    @property
    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def settings(slack: FakeSlack, meta: FakeMeta, world: seed.Seed, database: Path) -> Mapping[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")},
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "META_ACCESS_TOKEN": world.token.reveal(),
        "META_APP_ID": world.app_id,
        "META_APP_SECRET": world.app_secret.reveal(),
        "META_WABA_IDS": ",".join(world.account_ids),
        "GRAPH_API_URL": meta.url,
        "DATABASE_URL": f"sqlite:///{database}",
        "SECRET_KEY": "a key of the bench, long enough to be one".replace(",", ""),
        "AUDIT_CHANNEL": "C0AUDIT",
        "WHATSAPP_OPERATORS": "U0ANA",
        "WHATSAPP_MANAGERS": "U0MAYA",
    }


@asynccontextmanager
async def running(
    command: tuple[str, ...] = OURS,
    *,
    world: seed.Seed | None = None,
    latency_s: float = 0.0,
    database: Path | None = None,
    connects: bool = True,
) -> AsyncIterator[Running]:
    """Start both fakes and `command`; end the process by its id. `connects` False: ten seconds will do."""
    world = world or seed.small_world()
    world.world.enforce_limits = False
    slack, meta = (
        FakeSlack(scopes=(*SCOPES, "team:read")),
        FakeMeta(world=world.world),
    )  # Errbot reads the team
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    path = database or folder / "desk.db"
    await slack.start()
    await meta.start()
    meta.latency_s = latency_s
    before = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *command, env=dict(settings(slack, meta, world, path)), cwd=HERE.parent.parent,
        stderr=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        try:
            await slack.connected(timeout_s=30 if connects else 10)
        except TimeoutError:
            if connects or process.returncode is not None:
                raise
        yield Running(slack, meta, process, time.perf_counter() - before, path)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
        await slack.close()
        await meta.close()
        shutil.rmtree(folder, ignore_errors=True)


def python_of(name: str, *packages: str) -> str | None:
    """A Python that has these packages and no others, in a folder of its own; None: they cannot be installed."""
    folder = Path(tempfile.gettempdir()) / f"desk-bench-{name}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
            pip = [python, "-m", "pip", "-qqq", "--disable-pip-version-check", "--no-input", "install"]
            subprocess.run([*pip, *packages], check=True, cwd=HERE.parent.parent)
        except (OSError, subprocess.CalledProcessError):
            return None
        (folder / "complete").touch()
    return str(python)


def node_peer() -> tuple[str, ...] | None:
    """Bolt for JavaScript, installed by npm into a folder of its own outside the repository; None: no Node."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    folder = Path(tempfile.gettempdir()) / "desk-bench-bolt-js"
    folder.mkdir(exist_ok=True)
    shutil.copy(HERE / "peers" / "bolt_js.mjs", folder / "bolt_js.mjs")
    if not (folder / "node_modules" / "@slack" / "bolt").exists():
        code = os.spawnv(
            os.P_WAIT, npm, [npm, "install", "--silent", "--prefix", str(folder), "@slack/bolt@5"]
        )
        if code:
            return None
    return (node, str(folder / "bolt_js.mjs"))
