"""Settings: every one is written down, defaults hold, and all that is wrong is said at once."""

import re
from pathlib import Path

import pytest

from bot.settings import EXAMPLE_PROGRAMME, Settings, SettingsError, SlackMode, read_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def given_settings(monkeypatch: pytest.MonkeyPatch):
    def give(**settings: str) -> None:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)

    return give


def wrong() -> dict[str, str]:
    with pytest.raises(SettingsError) as refused:
        read_settings()
    return {
        str(problem.place[0]): problem.key.rpartition(".")[2] for problem in refused.value.problems
    }


def test_every_setting_stands_in_the_example_with_a_comment():
    blocks = EXAMPLE.read_text("utf-8").split("\n\n")
    named = [
        name for block in blocks for name in re.findall(r"^#? ?([A-Z_]+)=", block, re.MULTILINE)
    ]

    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)
    assert all(block.lstrip().startswith("# ") for block in blocks)


def test_two_tokens_are_enough(given_settings, tmp_path):
    given_settings(SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1")

    settings = read_settings()

    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.slack_mode is SlackMode.SOCKET
    assert settings.database_url == "sqlite:///var/lots.db"
    assert settings.files_url == (tmp_path / "var" / "files").as_uri()
    assert settings.programme == EXAMPLE_PROGRAMME


def test_a_file_named_env_is_read_and_the_environment_goes_first(given_settings, tmp_path):
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-file\nSLACK_APP_TOKEN=xapp-file\n")
    given_settings(SLACK_BOT_TOKEN="xoxb-environment")

    settings = read_settings()

    assert settings.slack_bot_token.get_secret_value() == "xoxb-environment"
    assert settings.slack_app_token is not None
    assert settings.slack_app_token.get_secret_value() == "xapp-file"


def test_the_copied_example_lacks_only_the_tokens(tmp_path):
    (tmp_path / ".env").write_text(EXAMPLE.read_text("utf-8"), "utf-8")

    assert wrong() == {"SLACK_BOT_TOKEN": "missing", "SLACK_APP_TOKEN": "needed"}


def test_the_example_shows_the_real_defaults(given_settings, tmp_path):
    uncommented = re.sub(r"^# ([A-Z_]+=)", r"\1", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE)
    (tmp_path / ".env").write_text(uncommented, "utf-8")
    given_settings(SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1")
    shown = read_settings().model_dump(exclude={"files_url", "programme"})

    (tmp_path / ".env").unlink()

    assert shown == read_settings().model_dump(exclude={"files_url", "programme"})


def test_http_needs_the_signing_secret_and_no_app_token(given_settings):
    given_settings(SLACK_MODE="http", SLACK_BOT_TOKEN="xoxb-1")
    assert wrong() == {"SLACK_SIGNING_SECRET": "needed"}

    given_settings(SLACK_SIGNING_SECRET="s")
    assert read_settings().slack_app_token is None


def test_everything_wrong_is_said_at_once(given_settings):
    given_settings(
        SLACK_MODE="fax",
        SLACK_BOT_TOKEN="xapp-1",
        SLACK_APP_TOKEN="xoxb-1",
        SLACK_API_URL="slack.com",
        DATABASE_URL="mysql://localhost/lots",
        FILES_URL="var/files",
        HTTP_PORT="0",
        LOG_LEVEL="loud",
    )

    assert wrong() == {
        "SLACK_MODE": "choice",
        "SLACK_BOT_TOKEN": "token",
        "SLACK_APP_TOKEN": "token",
        "SLACK_API_URL": "api_url",
        "DATABASE_URL": "database_url",
        "FILES_URL": "files_url",
        "HTTP_PORT": "port",
        "LOG_LEVEL": "choice",
    }


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "lots.db", "postgresql://"])
def test_a_database_that_forgets_or_is_none_is_refused(given_settings, url):
    given_settings(SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1", DATABASE_URL=url)

    assert wrong() == {"DATABASE_URL": "database_url"}


def test_postgresql_is_reached_through_its_async_driver(given_settings):
    given_settings(
        SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1", DATABASE_URL="postgresql://u:p@h/lots"
    )

    assert read_settings().database_url == "postgresql+asyncpg://u:p@h/lots"


@pytest.mark.parametrize(
    "url", ["mail.kommunen.se", "http://mail.kommunen.se", "smtp://", "smtp://h:port", "smtp://h/x"]
)
def test_an_e_mail_server_that_is_none_is_refused_and_not_repeated(given_settings, url):
    given_settings(
        SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1", SMTP_URL=url, MAIL_FROM="l@kommunen.se"
    )

    assert wrong() == {"SMTP_URL": "smtp_url"}


@pytest.mark.parametrize(
    "address", ["lots", "Lots <lots@kommunen.se>", "å@kommunen.se", "a@b\nBcc: c"]
)
def test_a_sender_that_is_no_address_is_refused(given_settings, address):
    given_settings(
        SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1", SMTP_URL="smtp://h", MAIL_FROM=address
    )

    assert wrong() == {"MAIL_FROM": "mail_from"}


def test_an_e_mail_server_needs_a_sender(given_settings):
    given_settings(
        SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1", SMTP_URL="smtps://u:hemlig@h:465"
    )

    assert wrong() == {"MAIL_FROM": "mail_from_needed"}
    given_settings(MAIL_FROM="lots@kommunen.se")
    assert "hemlig" not in repr(read_settings())


def test_secrets_are_not_shown_when_settings_are_printed(given_settings):
    given_settings(
        SLACK_BOT_TOKEN="xoxb-hemlig",
        SLACK_APP_TOKEN="xapp-hemlig",
        SLACK_SIGNING_SECRET="hemlig",
        DATABASE_URL="postgresql://u:hemlig@h/lots",
    )

    assert "hemlig" not in repr(read_settings())


def test_a_wrong_secret_is_not_repeated(given_settings):
    given_settings(SLACK_BOT_TOKEN="hemlig", SLACK_APP_TOKEN="xapp-1")

    with pytest.raises(SettingsError) as refused:
        read_settings()

    assert "hemlig" not in str(refused.value) + str(refused.value.problems)
