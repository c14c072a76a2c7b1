"""The Slack app's manifest says what the code needs, no more, in a form Slack accepts."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import jsonschema
import pytest
import yaml

from handlers.features import FEATURES
from handlers.preflight import GROUP_SCOPE, SCOPES
from tests.place import ROOT, read, sources


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(read("manifest.yml"))
    return loaded


def test_slack_would_accept_the_manifest(manifest: dict[str, Any]) -> None:
    jsonschema.validate(manifest, json.loads(read("tests/manifest_schema.json")))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("display_information", "name"), "x" * 36),
        (("display_information", "description"), "x" * 141),
        (("display_information", "long_description"), "too short"),
        (("features", "slash_commands", 0, "command"), "whatsapp"),
        (("features", "bot_user", "display_name"), ""),
        (("oauth_config", "scopes", "bot"), ["commands", "commands"]),
        (("settings", "interactivity"), {}),
        (("settings", "misspelt"), True),
    ],
)
def test_the_schema_refuses_what_slack_refuses(
    manifest: dict[str, Any], path: tuple[str | int, ...], value: object
) -> None:
    broken = json.loads(json.dumps(manifest))
    place = broken
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, json.loads(read("tests/manifest_schema.json")))


def test_it_asks_for_the_scopes_the_bot_checks_at_start_and_for_no_others(manifest: dict[str, Any]) -> None:
    scopes = manifest["oauth_config"]["scopes"]
    assert set(scopes["bot"]) - set(scopes["bot_optional"]) == set(SCOPES)
    # Slack marks a scope of "bot" as optional by naming it a second time: so does slack-cli's own example
    # (slackapi/slack-cli pull request 517), and a scope named only here is not asked for at all, as others
    # found out (vellum-ai/vellum-assistant pull request 39141, by docs.slack.dev/reference/app-manifest#oauth)
    assert scopes["bot_optional"] == [GROUP_SCOPE]
    assert set(scopes["bot_optional"]) <= set(scopes["bot"])
    assert set(scopes) == {"bot", "bot_optional"}, "no scope acts for a user"


def test_every_method_the_bot_calls_is_covered_by_a_scope() -> None:
    covered = {
        "auth_test": "",
        "apps_connections_open": "",
        "views_open": "",
        "views_update": "",
        "views_push": "",
        "views_publish": "",
        "chat_postMessage": "chat:write",
        "chat_postEphemeral": "chat:write",
        "chat_update": "chat:write",
        "usergroups_users_list": GROUP_SCOPE,
        "conversations_info": "",  # the doctor asks only if a scope for it happens to be there
    }
    called = {
        name
        for path in sources("handlers", "bot")
        if "sandbox" not in path.parts
        for name in re.findall(r"client\.((?:[a-z]+_)+[a-zA-Z]+)\b", path.read_text(encoding="utf-8"))
    } - {
        "base_url",
        "is_connected",
        "wss_uri",
        "send_message",
        "socket_mode_request_listeners",
    }  # of the socket
    assert called <= covered.keys(), "a new method: which scope does it need?"
    assert {covered[name] for name in called} - {""} <= set(SCOPES) | {GROUP_SCOPE}


def test_the_command_is_the_one_the_code_speaks_of(manifest: dict[str, Any]) -> None:
    (command,) = manifest["features"]["slash_commands"]
    hint = command["usage_hint"]
    assert {c.usage.split()[0] for f in FEATURES for c in f.COMMANDS} == {command["command"]}
    assert re.findall(r"[a-z]+", hint.partition("]")[0]) == [c.verb for f in FEATURES for c in f.COMMANDS] + [
        "help"
    ]


def test_telephone_numbers_are_read_as_typed(manifest: dict[str, Any]) -> None:
    (command,) = manifest["features"]["slash_commands"]
    assert command["should_escape"] is False


def test_slack_reaches_the_bot_over_its_own_connection_and_no_address(manifest: dict[str, Any]) -> None:
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert manifest["settings"]["interactivity"] == {"is_enabled": True}
    assert "http" not in json.dumps(manifest)


def test_direct_messages_reach_people_and_take_the_command(manifest: dict[str, Any]) -> None:
    home = manifest["features"]["app_home"]
    assert home["messages_tab_enabled"] is True
    assert home["messages_tab_read_only_enabled"] is False


def test_the_home_tab_is_shown_and_the_bot_hears_when_it_is_opened(manifest: dict[str, Any]) -> None:
    assert manifest["features"]["app_home"]["home_tab_enabled"] is True
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    code = (ROOT / "handlers" / "features.py").read_text(encoding="utf-8")
    served = re.findall(r'"event"\) or \{\}\)\.get\("type"\) == "(\w+)"', code)
    assert events == served == ["app_home_opened"], (
        "no event without a listener, and none listened to in vain"
    )


def test_the_link_in_the_readme_creates_exactly_this_app(manifest: dict[str, Any]) -> None:
    (link,) = re.findall(
        r"\((https://api\.slack\.com/apps\?new_app=1&manifest_json=[^)]+)\)", read("README.md")
    )
    (sent,) = parse_qs(urlsplit(link).query)["manifest_json"]
    packed = quote(json.dumps(manifest, ensure_ascii=False, separators=(",", ":")), safe="")
    new = f"https://api.slack.com/apps?new_app=1&manifest_json={packed}"
    assert json.loads(sent) == manifest, f"manifest.yml has changed; the link is now {new}"
