"""The settings: read once in `run`, frozen, and every problem told at once.

`SETTINGS` is the one list: the README's table, `.env.example` and `doctor` are compared with it by tests.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot import fitting, settings
from bot.secret import Secret
from bot.settings import Wrong

WEBHOOK_PATH, CALLBACK_PATH, SLACK_PATH = "/webhooks/whatsapp", "/oauth/meta/callback", "/slack/events"


class ConfigError(Exception):
    """Settings that cannot be used. `problems`: one sentence each, naming the setting and what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable. `default` None means it must be given; `where`: the screen it is found on."""

    name: str
    attribute: str
    read: Callable[[str], Any]
    meaning: str
    default: str | None = None
    where: str = ""
    unless: str = ""  # not needed when this other one is given


SETTINGS: tuple[Setting, ...] = (
    Setting("SLACK_BOT_TOKEN", "slack_bot_token",
            settings.secret("xoxb-", "OAuth & Permissions → Bot User OAuth Token"),
            "The bot's Slack token", where="Slack app → OAuth & Permissions → Bot User OAuth Token"),
    Setting("SLACK_APP_TOKEN", "slack_app_token", settings.secret("xapp-", "Basic Information → App-Level Tokens"),
            "The app-level token for Socket Mode, with scope connections:write",
            where="Slack app → Basic Information → App-Level Tokens", unless="SLACK_SIGNING_SECRET"),
    Setting("SLACK_SIGNING_SECRET", "signing_secret",
            settings.maybe(16, "copy it from Basic Information → App Credentials"),
            "Set: Slack sends over HTTP to PUBLIC_URL/slack/events, and SLACK_APP_TOKEN is not needed", "",
            where="Slack app → Basic Information → App Credentials → Signing Secret"),
    Setting("SLACK_API_URL", "slack_api_url", settings.slack_url,
            "Slack's Web API, or a compatible server", "https://slack.com/api/"),
    Setting("META_ACCESS_TOKEN", "meta_access_token", settings.token("paste the whole access token"),
            "An access token with whatsapp_business_management and whatsapp_business_messaging; empty: one is taken in "
            "by `/whatsapp token replace` or “Reconnect with Meta”", "",
            where="Meta Business settings → Users → System users → Generate token"),
    Setting("META_APP_ID", "meta_app_id", settings.digits, "The Meta app's id",
            where="Meta App Dashboard → App settings → Basic → App ID"),
    Setting("META_APP_SECRET", "meta_app_secret",
            settings.long_secret("copy it from App settings → Basic → App secret"),
            "The Meta app's secret", where="Meta App Dashboard → App settings → Basic → App secret"),
    Setting("META_WABA_IDS", "meta_waba_ids", settings.ids,
            "WhatsApp Business Account ids, comma-separated; empty: discovered from the token", "",
            where="WhatsApp Manager → Account tools, or Business settings → Accounts → WhatsApp accounts"),
    Setting("GRAPH_API_URL", "graph_api_url", settings.graph_url,
            "Meta's Graph API, or a compatible server", "https://graph.facebook.com"),
    Setting("GRAPH_API_VERSION", "graph_api_version", settings.version, "Graph API version", "v25.0",
            where="Meta's Graph API changelog"),
    Setting("PUBLIC_URL", "public_url", settings.public_url,
            "Where Meta and Slack reach this bot; empty: no HTTP server is started", "",
            where="your reverse proxy or tunnel: the address it has on the internet"),
    Setting("HTTP_HOST", "http_host", settings.host, "Address the HTTP server listens on", "127.0.0.1"),
    Setting("HTTP_PORT", "http_port", settings.count(0, 65535), "Port the HTTP server listens on; 0: any free one",
            "8080"),
    Setting("META_VERIFY_TOKEN", "meta_verify_token",
            settings.maybe(16, "make one with `whatsapp-bot secret-key`"),
            "Proves at the webhook's handshake that Meta is meant; needed with PUBLIC_URL", "",
            where="make one with `whatsapp-bot secret-key`; give Meta the same"),
    Setting("META_LOGIN_CONFIG_ID", "login_config_id", settings.maybe_digits,
            "Configuration of Facebook Login for Business; empty: the permissions are asked one by one", "",
            where="Meta App Dashboard → Facebook Login for Business → Configurations"),
    Setting("META_DIALOG_URL", "dialog_url", settings.graph_url,
            "Where Meta's login dialog is, or a compatible server", "https://www.facebook.com"),
    Setting("DATABASE_URL", "database_url",
            settings.database, "Where records are kept", "sqlite:///whatsapp-desk.db"),
    Setting("SECRET_KEY", "secret_keys", settings.secret_keys,
            "Encrypts kept tokens and seals the records; to change it write new,old",
            where="make one with `whatsapp-bot secret-key`"),
    Setting("AUDIT_CHANNEL", "audit_channel", settings.channel, "Id of the channel where managers read every step",
            where="Slack: the channel's name → About → Channel ID, at the bottom"),
    Setting("WHATSAPP_CHANNELS", "channels", settings.channels,
            "Ids of the only channels where /whatsapp may be used; empty: everywhere", "",
            where="Slack: the channel's name → About → Channel ID, at the bottom"),
    Setting("WHATSAPP_NICKNAMES", "nicknames", settings.nicknames,
            "nickname=number or nickname=phone number ID, comma-separated", "",
            where="WhatsApp Manager → Phone numbers"),
    Setting("WHATSAPP_VIEWERS", "viewers", settings.people, "Who may look (user ids U…, user groups S…)", "",
            where="Slack: a person's profile → ⋮ → Copy member ID"),
    Setting("WHATSAPP_OPERATORS", "operators", settings.people, "Who may reconnect and refresh", "",
            where="as above"),
    Setting("WHATSAPP_MANAGERS", "managers", settings.people, "Who may take over and go past guard lines", "",
            where="as above"),
    Setting("WHATSAPP_ADMINS", "admins", settings.people, "Who may do everything", "", where="as above"),
    Setting("CODES_PER_DAY", "codes_per_day", settings.count(1, 20),
            "Codes per number in 24 hours before a manager", "5"),
    Setting("CODE_WAITS", "code_waits", settings.waits, "Seconds between code requests, growing",
            "60,120,300,900,3600"),
    Setting("TRIES_PER_CODE", "tries_per_code", settings.count(1, 6), "Tries per code", "3"),
    Setting("TRIES_PER_DAY", "tries_per_day", settings.count(1, 20), "Code tries per number in 24 hours", "6"),
    Setting("PIN_GUESSES", "pin_guesses", settings.count(1, 3), "Wrong PINs before a manager must go on", "2"),
    Setting("REGISTERS_PER_72H", "registers_per_72h", settings.count(1, 9),
            "Registrations per number in 72 hours before a manager (Meta blocks at 10)", "7"),
    Setting("LOG_LEVEL", "log_level", settings.level, "DEBUG, INFO, WARNING or ERROR", "INFO"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting, checked. Attributes are named in `SETTINGS`."""

    slack_bot_token: Secret
    slack_app_token: Secret  # empty when Slack sends over HTTP
    signing_secret: Secret | None
    slack_api_url: str
    meta_access_token: Secret
    meta_app_id: str
    meta_app_secret: Secret
    meta_waba_ids: tuple[str, ...]
    graph_api_url: str
    graph_api_version: str
    public_url: str
    http_host: str
    http_port: int
    meta_verify_token: Secret | None
    login_config_id: str
    dialog_url: str
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
            if (
                setting.unless and env.get(setting.unless, "").strip()
            ):  # set all the same, it would do nothing
                values[setting.attribute] = Secret("")
                continue
            if text is None:
                other = f" Or set {setting.unless} instead." if setting.unless else ""
                problems.append(f"{setting.name} is missing: {setting.meaning} ({setting.where}).{other}")
                continue
            try:
                values[setting.attribute] = setting.read(text) if text else _empty(setting)
            except Wrong as wrong:
                problems.append(f"{setting.name} {wrong}.")
        problems += fitting.problems(env, values, today)
        if problems:
            raise ConfigError(problems)
        return cls(**values, warnings=tuple(fitting.warnings(env, values, today)))

    @property
    def webhook_url(self) -> str:
        """What Meta must have as callback URL; "" without a server."""
        return self.public_url and self.public_url + WEBHOOK_PATH

    @property
    def callback_url(self) -> str:
        """Where Meta's login dialog sends people back to; "" without a server."""
        return self.public_url and self.public_url + CALLBACK_PATH


def _empty(setting: Setting) -> Any:
    return setting.read("")
