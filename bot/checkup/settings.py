"""Are the settings complete, and is the Graph version still alive?"""

from collections.abc import Mapping
from datetime import date

from bot.checkup.finding import Finding, ok, problem, unknown, warning
from bot.config import Config, ConfigError
from bot.settings import GRAPH_VERSIONS

SETTINGS, VERSION = "Settings", "Graph API version"


def read(env: Mapping[str, str], today: date) -> tuple[Config | None, list[Finding]]:
    """The settings, or every problem in them."""
    try:
        config = Config.from_env(env, today=today)
    except ConfigError as error:
        return None, [
            problem(SETTINGS, text, "Set it in .env or in the environment.") for text in error.problems
        ]
    warnings = [warning(SETTINGS, text, "See the settings table in the README.") for text in config.warnings]
    return config, [ok(SETTINGS, "complete"), *warnings, version(config.graph_api_version, today)]


def version(name: str, today: date) -> Finding:
    """When Meta ends this version."""
    if name not in GRAPH_VERSIONS:
        return unknown(
            VERSION, f"{name} is not in this bot's table of versions", "Look it up in Meta's changelog."
        )
    ends = GRAPH_VERSIONS[name]
    if ends is None:
        return ok(VERSION, f"{name}; Meta has not announced its end")
    if today > ends:
        return problem(VERSION, f"{name} ended on {ends:%d %B %Y}", "Set GRAPH_API_VERSION=v25.0.")
    return ok(VERSION, f"{name}, alive until {ends:%d %B %Y}")
