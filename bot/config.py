"""The settings: read once in `run`, frozen, and every problem told at once.

`SETTINGS` is the one list: the README's table, `.env.example` and `doctor` are compared with it by tests.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from bot.secret import Secret

# Graph versions and the day they end (meta-graph.md §7.1); None: not announced.
GRAPH_VERSIONS: Mapping[str, date | None] = {
    "v26.0": None,
    "v25.0": date(2028, 7, 29),
    "v24.0": date(2028, 2, 18),
    "v23.0": date(2027, 10, 8),
    "v22.0": date(2027, 5, 20),
    "v21.0": date(2027, 1, 21),
    "v20.0": date(2026, 9, 24),
}
WARN_BEFORE_END = timedelta(days=60)


class ConfigError(Exception):
    """Settings that cannot be used. `problems`: one sentence each, naming the setting and what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class _Wrong(Exception):
    """What is wrong with one value, as the end of a sentence that begins with the setting's name."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable. `default` None means it must be given."""

    name: str
    attribute: str
    read: Callable[[str], Any]
    meaning: str
    default: str | None = None


def _secret(prefix: str, where: str) -> Callable[[str], Secret]:
    def read(text: str) -> Secret:
        if not text.startswith(prefix) or len(text) < len(prefix) + 8 or not text.isprintable():
            raise _Wrong(f"must start with “{prefix}”: copy it from {where}")
        return Secret(text)

    return read


def _long_secret(what: str) -> Callable[[str], Secret]:
    def read(text: str) -> Secret:
        if len(text) < 16 or any(c.isspace() for c in text):
            raise _Wrong(f"is too short or has spaces: {what}")
        return Secret(text)

    return read


def _secret_keys(text: str) -> tuple[Secret, ...]:
    keys = tuple(Secret(part.strip()) for part in text.split(",") if part.strip())
    if not keys or any(len(key.reveal()) < 32 for key in keys):
        raise _Wrong("needs 32 characters or more: make one with `whatsapp-bot secret-key`")
    return keys


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
        raise _Wrong("must be a web address such as https://host/path, without query or password")
    if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise _Wrong("must use https:// (plain http:// only for this machine)")
    return text


def _slack_url(text: str) -> str:
    return _url(text).rstrip("/") + "/"


def _graph_url(text: str) -> str:
    return _url(text).rstrip("/")


def _digits(text: str) -> str:
    if not re.fullmatch(r"[0-9]{5,20}", text):
        raise _Wrong("must be a number of 5 to 20 digits, as shown at the top of the Meta App Dashboard")
    return text


def _ids(text: str) -> tuple[str, ...]:
    ids = tuple(part.strip() for part in text.split(",") if part.strip())
    bad = [part for part in ids if not re.fullmatch(r"[0-9]{5,20}", part)]
    if bad:
        raise _Wrong(
            f"must be WhatsApp Business Account ids (digits), separated by commas; not “{bad[0][:40]}”"
        )
    return ids


def _version(text: str) -> str:
    if not re.fullmatch(r"v[0-9]{2,3}\.0", text):
        raise _Wrong("must look like v25.0")
    if text < "v21.0" and text in GRAPH_VERSIONS:
        raise _Wrong(f"names a version Meta ended on {GRAPH_VERSIONS[text]:%d %B %Y}: use v25.0")
    return text


def _database(text: str) -> str:
    if not text.startswith("sqlite:///") or len(text) == len("sqlite:///"):
        raise _Wrong("must be sqlite:///file.db (relative) or sqlite:////folder/file.db (absolute)")
    return text


def _channel(text: str) -> str:
    if not re.fullmatch(r"[CG][A-Z0-9]{6,}", text):
        raise _Wrong(
            "must be a channel id such as C0123456789: open the channel's details in Slack and copy it"
        )
    return text


def _channels(text: str) -> frozenset[str]:
    return frozenset(_channel(part.strip()) for part in text.split(",") if part.strip())


def _people(text: str) -> tuple[str, ...]:
    people = tuple(part.strip() for part in text.split(",") if part.strip())
    bad = [part for part in people if not re.fullmatch(r"[UWS][A-Z0-9]{2,}", part)]
    if bad:
        raise _Wrong(f"takes Slack user ids (U…) and user group ids (S…), not “{bad[0][:40]}”")
    return people


def _nicknames(text: str) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        nick, equals, number = (x.strip() for x in part.partition("="))
        digits = re.sub(r"[^0-9]", "", number)
        if not equals or not nick or len(digits) < 5:
            raise _Wrong(f"takes nickname=number pairs, e.g. sales=106540352242922; not “{part[:40]}”")
        if nick.lower() in names:
            raise _Wrong(f"names “{nick[:40]}” twice")
        names[nick.lower()] = digits
    return names


def _count(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", text) or not low <= int(text) <= high:
            raise _Wrong(f"must be a whole number from {low} to {high}")
        return int(text)

    return read


def _waits(text: str) -> tuple[timedelta, ...]:
    parts = [part.strip() for part in text.split(",")]
    if not parts or not all(re.fullmatch(r"[0-9]{1,5}", part) for part in parts):
        raise _Wrong("must be seconds separated by commas, e.g. 60,120,300,900,3600")
    return tuple(timedelta(seconds=int(part)) for part in parts)


def _level(text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise _Wrong("must be DEBUG, INFO, WARNING or ERROR")
    return text.upper()


SETTINGS: tuple[Setting, ...] = (
    Setting("SLACK_BOT_TOKEN", "slack_bot_token", _secret("xoxb-", "OAuth & Permissions → Bot User OAuth Token"),
            "The bot's Slack token"),
    Setting("SLACK_APP_TOKEN", "slack_app_token", _secret("xapp-", "Basic Information → App-Level Tokens"),
            "The app-level token for Socket Mode, with scope connections:write"),
    Setting("SLACK_API_URL", "slack_api_url", _slack_url,
            "Slack's Web API, or a compatible server", "https://slack.com/api/"),
    Setting("META_ACCESS_TOKEN", "meta_access_token", _long_secret("paste the whole access token"),
            "An access token with whatsapp_business_management and whatsapp_business_messaging"),
    Setting("META_APP_ID", "meta_app_id", _digits, "The Meta app's id"),
    Setting("META_APP_SECRET", "meta_app_secret", _long_secret("copy it from App settings → Basic → App secret"),
            "The Meta app's secret"),
    Setting("META_WABA_IDS", "meta_waba_ids", _ids,
            "WhatsApp Business Account ids, comma-separated; empty: discovered from the token", ""),
    Setting("GRAPH_API_URL", "graph_api_url", _graph_url,
            "Meta's Graph API, or a compatible server", "https://graph.facebook.com"),
    Setting("GRAPH_API_VERSION", "graph_api_version", _version, "Graph API version", "v25.0"),
    Setting("DATABASE_URL", "database_url", _database, "Where records are kept", "sqlite:///whatsapp-desk.db"),
    Setting("SECRET_KEY", "secret_keys", _secret_keys,
            "Encrypts kept tokens and seals the records; to change it write new,old"),
    Setting("AUDIT_CHANNEL", "audit_channel", _channel, "Id of the channel where managers read every step"),
    Setting("WHATSAPP_CHANNELS", "channels", _channels,
            "Ids of the only channels where /whatsapp may be used; empty: everywhere", ""),
    Setting("WHATSAPP_NICKNAMES", "nicknames", _nicknames,
            "nickname=number or nickname=phone number ID, comma-separated", ""),
    Setting("WHATSAPP_VIEWERS", "viewers", _people, "Who may look (user ids U…, user groups S…)", ""),
    Setting("WHATSAPP_OPERATORS", "operators", _people, "Who may reconnect and refresh", ""),
    Setting("WHATSAPP_MANAGERS", "managers", _people, "Who may take over and go past guard lines", ""),
    Setting("WHATSAPP_ADMINS", "admins", _people, "Who may do everything", ""),
    Setting("CODES_PER_DAY", "codes_per_day", _count(1, 20), "Codes per number in 24 hours before a manager", "5"),
    Setting("CODE_WAITS", "code_waits", _waits, "Seconds between code requests, growing",
            "60,120,300,900,3600"),
    Setting("TRIES_PER_CODE", "tries_per_code", _count(1, 6), "Tries per code", "3"),
    Setting("TRIES_PER_DAY", "tries_per_day", _count(1, 20), "Code tries per number in 24 hours", "6"),
    Setting("PIN_GUESSES", "pin_guesses", _count(1, 3), "Wrong PINs before a manager must go on", "2"),
    Setting("REGISTERS_PER_72H", "registers_per_72h", _count(1, 9),
            "Registrations per number in 72 hours before a manager (Meta blocks at 10)", "7"),
    Setting("LOG_LEVEL", "log_level", _level, "DEBUG, INFO, WARNING or ERROR", "INFO"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting, checked. Attributes are named in `SETTINGS`."""

    slack_bot_token: Secret
    slack_app_token: Secret
    slack_api_url: str
    meta_access_token: Secret
    meta_app_id: str
    meta_app_secret: Secret
    meta_waba_ids: tuple[str, ...]
    graph_api_url: str
    graph_api_version: str
    database_url: str
    secret_keys: tuple[Secret, ...]
    audit_channel: str
    channels: frozenset[str]
    nicknames: Mapping[str, str]
    viewers: tuple[str, ...]
    operators: tuple[str, ...]
    managers: tuple[str, ...]
    admins: tuple[str, ...]
    codes_per_day: int
    code_waits: tuple[timedelta, ...]
    tries_per_code: int
    tries_per_day: int
    pin_guesses: int
    registers_per_72h: int
    log_level: str
    warnings: tuple[str, ...] = field(default=())

    @classmethod
    def from_env(cls, env: Mapping[str, str], *, today: date) -> "Config":
        """Read every setting. Raises ConfigError with a sentence for each that is missing or wrong."""
        values: dict[str, Any] = {}
        problems: list[str] = []
        for setting in SETTINGS:
            text = env.get(setting.name, "").strip() or setting.default
            if text is None:
                problems.append(f"{setting.name} is missing: {setting.meaning}.")
                continue
            try:
                values[setting.attribute] = setting.read(text) if text else _empty(setting)
            except _Wrong as wrong:
                problems.append(f"{setting.name} {wrong}.")
        problems += _traps(env)
        if problems:
            raise ConfigError(problems)
        return cls(**values, warnings=tuple(_warnings(values, today)))


def _empty(setting: Setting) -> Any:
    return setting.read("")


def _traps(env: Mapping[str, str]) -> list[str]:
    """Variables that would silently change what the libraries do (slack.md §1.4)."""
    if env.get("SLACK_CLIENT_ID") and env.get("SLACK_CLIENT_SECRET"):
        return [
            "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are set: Slack's library would then ignore "
            "SLACK_BOT_TOKEN. Remove both."
        ]
    return []


def _warnings(values: Mapping[str, Any], today: date) -> list[str]:
    warnings: list[str] = []
    version = values["graph_api_version"]
    ends = GRAPH_VERSIONS.get(version)
    if ends is not None and today > ends - WARN_BEFORE_END:
        warnings.append(f"GRAPH_API_VERSION {version} ends on {ends:%d %B %Y}: move to v25.0 or later.")
    if not any(values[name] for name in ("viewers", "operators", "managers", "admins")):
        warnings.append(
            "No role list is set (WHATSAPP_OPERATORS, WHATSAPP_MANAGERS …): nobody may do more than ask for help."
        )
    return warnings
