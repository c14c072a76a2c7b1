"""Settings: every problem at once, by name, with what to do."""

from datetime import date

import pytest

from bot.config import SETTINGS, Config, ConfigError

TODAY = date(2026, 11, 22)
GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "META_ACCESS_TOKEN": "EAAGtoken",
    "META_APP_ID": "670843887433847",
    "META_APP_SECRET": "secret",
    "SECRET_KEY": "k" * 32,
    "AUDIT_CHANNEL": "C0123456789",
    "WHATSAPP_OPERATORS": "U0ANA",
}


def problems(**changed: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        Config.from_env({**GOOD, **changed}, today=TODAY)
    return caught.value.problems


def test_good_settings_are_read_and_defaults_filled_in():
    config = Config.from_env(GOOD, today=TODAY)
    assert config.graph_api_version == "v25.0"
    assert config.slack_api_url == "https://slack.com/api/"
    assert config.codes_per_day == 5
    assert config.warnings == ()


def test_everything_missing_is_told_at_once():
    with pytest.raises(ConfigError) as caught:
        Config.from_env({}, today=TODAY)
    needed = [s.name for s in SETTINGS if s.default is None]
    assert len(caught.value.problems) == len(needed)
    for name, problem in zip(needed, caught.value.problems, strict=True):
        assert problem.startswith(f"{name} is missing")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-1"), ("SLACK_BOT_TOKEN", "xoxb-"), ("SLACK_APP_TOKEN", "xoxb-1"),
        ("SLACK_API_URL", "slack.com"), ("SLACK_API_URL", "http://["), ("GRAPH_API_URL", "ftp://graph"),
        ("GRAPH_API_URL", "https://user@host"), ("GRAPH_API_URL", "http://host:port"), ("META_APP_ID", "abc"),
        ("META_WABA_IDS", "1,x"), ("GRAPH_API_VERSION", "25"), ("GRAPH_API_VERSION", "v20.0"),
        ("DATABASE_URL", "postgres://x"), ("DATABASE_URL", "sqlite:///"), ("SECRET_KEY", "short"),
        ("AUDIT_CHANNEL", "#whatsapp"), ("WHATSAPP_CHANNELS", "general"), ("WHATSAPP_MANAGERS", "@maya"),
        ("WHATSAPP_NICKNAMES", "sales"), ("WHATSAPP_NICKNAMES", "a=1234567,a=7654321"), ("CODES_PER_DAY", "0"),
        ("CODE_WAITS", "soon"), ("LOG_LEVEL", "loud"), ("REGISTERS_PER_72H", "10"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_what_to_do(name: str, value: str):
    (problem,) = problems(**{name: value})
    assert problem.startswith(name)
    assert "xoxp-1" not in problem  # a refused secret is not repeated


def test_client_credentials_that_would_change_bolt_are_refused():
    (problem,) = problems(SLACK_CLIENT_ID="1", SLACK_CLIENT_SECRET="2")
    assert "SLACK_CLIENT_ID" in problem


def test_warnings_do_not_stop_the_start():
    config = Config.from_env(
        {**GOOD, "WHATSAPP_OPERATORS": "", "GRAPH_API_VERSION": "v21.0", "GRAPH_API_URL": "http://meta.test"},
        today=date(2026, 12, 1),
    )
    told = " ".join(config.warnings)
    assert "v21.0 ends on 21 January 2027" in told
    assert "v21.0 cannot read the messaging limit of the portfolio" in told
    assert "No role list" in told
    assert "in the clear" in told


def test_nicknames_take_ids_and_numbers_in_any_form():
    config = Config.from_env(
        {**GOOD, "WHATSAPP_NICKNAMES": "sales=106540352242922, support=+1 555 010 0199"}, today=TODAY
    )
    assert config.nicknames == {"sales": "106540352242922", "support": "15550100199"}


def test_nicknames_keep_their_spelling_and_every_wrong_pair_is_named():
    config = Config.from_env({**GOOD, "WHATSAPP_NICKNAMES": "McSales EU=106540352242922"}, today=TODAY)
    assert list(config.nicknames) == ["McSales EU"]
    (problem,) = problems(WHATSAPP_NICKNAMES="sales, eu=1, ok=106540352242922")
    assert "“sales”" in problem
    assert "“eu=1”" in problem
    (problem,) = problems(WHATSAPP_NICKNAMES="Sales=1234567,sales=7654321")
    assert "twice" in problem


@pytest.mark.parametrize("version", ["v20.0", "v21.0", "v19.0", "v10.0"])
def test_a_graph_version_that_has_ended_by_today_is_refused_with_one_that_lives(version: str):
    with pytest.raises(ConfigError, match=r"GRAPH_API_VERSION names a version Meta ended .* use v25\.0"):
        Config.from_env({**GOOD, "GRAPH_API_VERSION": version}, today=date(2027, 1, 22))


@pytest.mark.parametrize("version", ["v24.0", "v26.0", "v27.0", "v100.0"])
def test_a_living_or_newer_graph_version_is_taken_without_a_word(version: str):
    assert Config.from_env({**GOOD, "GRAPH_API_VERSION": version}, today=TODAY).warnings == ()


WEB = {"PUBLIC_URL": "https://desk.example.org", "META_VERIFY_TOKEN": "v" * 16}


def test_without_a_public_address_there_is_no_webhook_and_no_callback():
    config = Config.from_env(GOOD, today=TODAY)
    assert (config.public_url, config.webhook_url, config.callback_url) == ("", "", "")
    assert (config.meta_verify_token, config.signing_secret, config.login_config_id) == (None, None, "")
    assert (config.http_host, config.http_port) == ("127.0.0.1", 8080)


@pytest.mark.parametrize("address", ["https://desk.example.org", "https://desk.example.org/"])
def test_with_a_public_address_webhook_and_callback_have_theirs(address: str):
    config = Config.from_env({**GOOD, **WEB, "PUBLIC_URL": address}, today=TODAY)
    assert config.webhook_url == "https://desk.example.org/webhooks/whatsapp"
    assert config.callback_url == "https://desk.example.org/oauth/meta/callback"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "http://desk.example.org"), ("PUBLIC_URL", "desk.example.org"),
        ("PUBLIC_URL", "https://désk.example.org"), ("PUBLIC_URL", "https://desk.example.org/a+b"),
        ("PUBLIC_URL", "https://desk.example.org/#top"), ("PUBLIC_URL", "https://desk.example.org/" + "a" * 150),
        ("HTTP_HOST", "here"), ("HTTP_PORT", "70000"), ("META_VERIFY_TOKEN", "short"),
        ("META_VERIFY_TOKEN", "with a space in the middle"), ("META_LOGIN_CONFIG_ID", "abc"),
        ("META_DIALOG_URL", "facebook"), ("SLACK_SIGNING_SECRET", "short"),
    ],
)  # fmt: skip
def test_a_wrong_setting_of_the_server_is_named_with_what_to_do(name: str, value: str):
    (problem,) = problems(**{**WEB, name: value})
    assert problem.startswith(name)


def test_the_webhook_needs_a_verify_token():
    (problem,) = problems(PUBLIC_URL="https://desk.example.org")
    assert problem.startswith("META_VERIFY_TOKEN is missing")


def test_slack_over_http_needs_no_app_token_but_a_public_address():
    without = {name: value for name, value in GOOD.items() if name != "SLACK_APP_TOKEN"}
    config = Config.from_env({**without, **WEB, "SLACK_SIGNING_SECRET": "5" * 32}, today=TODAY)
    assert not config.slack_app_token
    (problem,) = problems(SLACK_SIGNING_SECRET="5" * 32)
    assert problem.startswith("SLACK_SIGNING_SECRET needs PUBLIC_URL")


def test_a_token_that_slack_over_http_leaves_unused_is_told_of_and_never_asked_about():
    config = Config.from_env({**GOOD, **WEB, "SLACK_SIGNING_SECRET": "s" * 32}, today=TODAY)
    assert config.slack_app_token.reveal() == ""
    (told,) = config.warnings
    assert "SLACK_APP_TOKEN is not used" in told
    assert "remove SLACK_SIGNING_SECRET" in told


def test_without_a_way_for_slack_both_are_named():
    (problem,) = problems(SLACK_APP_TOKEN="")
    assert problem.startswith("SLACK_APP_TOKEN is missing")
    assert problem.endswith("Or set SLACK_SIGNING_SECRET instead.")


@pytest.mark.parametrize("name", ["META_VERIFY_TOKEN", "META_LOGIN_CONFIG_ID"])
def test_what_does_nothing_without_an_address_is_told_of(name: str):
    (told,) = Config.from_env({**GOOD, name: "1" * 16}, today=TODAY).warnings
    assert told == f"{name} does nothing without PUBLIC_URL: no webhook and no login with Meta."
