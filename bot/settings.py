"""Settings: read once from the environment and `.env`, in `bot/__main__.py`, and passed as values.

Every one of them stands in `.env.example` with a comment. What is wrong is collected as problems
with wording keys (`templates/messages/settings/`), so that all of it can be said at once.
"""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.clock import ClockError, ahead
from flows.programme_problems import Problem

EXAMPLE_PROGRAMME = (
    Path(__file__).resolve().parent.parent / "templates" / "programme" / "exempelkommunen.toml"
)


class SlackMode(StrEnum):
    """Socket: the bot calls Slack, no inbound port. HTTP: Slack calls the bot, for replicas."""

    SOCKET = "socket"
    HTTP = "http"


def _token(token: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    prefix = "xoxb-" if info.field_name == "slack_bot_token" else "xapp-"
    if token is not None and not token.get_secret_value().startswith(prefix):
        raise PydanticCustomError("token", "begins with {prefix}", {"prefix": prefix})
    return token


def _for_mode(secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    """Socket mode needs the app token, HTTP mode the signing secret."""
    mode = info.data.get("slack_mode")
    needed_by = SlackMode.SOCKET if info.field_name == "slack_app_token" else SlackMode.HTTP
    if secret is None and mode is needed_by:
        raise PydanticCustomError("needed", "needed by {mode}", {"mode": mode.value})
    return secret


def _api(url: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+/\S*", url):
        raise PydanticCustomError("api_url", "no http address")
    return url if url.endswith("/") else f"{url}/"


def _database(url: str) -> str:
    """Name PostgreSQL's driver; `postgresql://…` is how people write the address."""
    scheme, _, rest = url.partition("://")
    forgets = rest.lstrip("/") in {"", ":memory:"}
    if (
        forgets
        or scheme not in {"sqlite", "postgresql", "postgresql+asyncpg"}
        or not _has_port(url)
    ):
        raise PydanticCustomError("database_url", "no database this bot can use")
    return f"postgresql+asyncpg://{rest}" if scheme == "postgresql" else url


def _has_port(url: str) -> bool:
    """A port that is a number, or none. A password with a "/" in it is otherwise read as the port."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _files(url: str) -> str:
    if not re.fullmatch(r"file:///.+", url):
        raise PydanticCustomError("files_url", "no folder")
    return url


def _test_clock(file: Path | None) -> Path | None:
    if file is not None:
        try:
            ahead(file)
        except (OSError, ClockError):
            raise PydanticCustomError("test_clock", "no moment to believe in") from None
    return file


def _smtp(url: SecretStr | None) -> SecretStr | None:
    """Not repeated when it is wrong: it may hold a password."""
    if url is None:
        return url
    try:
        place = urlsplit(url.get_secret_value())
        known = bool(place.hostname) and place.port != 0
    except ValueError:  # a port that is none
        known = False
    schemes = {"smtp", "smtps", "smtp+starttls"}
    if not known or place.scheme not in schemes or place.path not in {"", "/"}:
        raise PydanticCustomError("smtp_url", "no e-mail server")
    return url


def _sender(address: str | None, info: ValidationInfo) -> str | None:
    if address is None and info.data.get("smtp_url") is not None:
        raise PydanticCustomError("mail_from_needed", "needed by SMTP_URL")
    if address is not None and not re.fullmatch(r"[!-;=?A-~]+@[A-Za-z0-9.-]+", address):
        raise PydanticCustomError("mail_from", "no address")
    return address


def _default_files() -> str:
    return (Path.cwd() / "var" / "files").as_uri()


class ProgrammeFile(BaseSettings):
    """Which programme to read: known even when the other settings are wrong."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    programme: Path = EXAMPLE_PROGRAMME


class Settings(ProgrammeFile):
    """Where the bot finds Slack, its database, its files and its programme."""

    slack_mode: SlackMode = SlackMode.SOCKET
    slack_bot_token: Annotated[SecretStr, AfterValidator(_token)]
    slack_app_token: Annotated[
        SecretStr | None, AfterValidator(_token), AfterValidator(_for_mode)
    ] = None
    slack_signing_secret: Annotated[SecretStr | None, AfterValidator(_for_mode)] = None
    slack_api_url: Annotated[str, AfterValidator(_api)] = "https://slack.com/api/"
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=1, le=65535)] = 3000
    health_host: str = "127.0.0.1"
    health_port: Annotated[int, Field(ge=1, le=65535)] | None = None
    database_url: Annotated[str, AfterValidator(_database), Field(repr=False)] = (
        "sqlite:///var/lots.db"
    )
    files_url: Annotated[str, AfterValidator(_files)] = Field(default_factory=_default_files)
    smtp_url: Annotated[SecretStr | None, AfterValidator(_smtp)] = None
    mail_from: Annotated[str | None, AfterValidator(_sender)] = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    test_clock: Annotated[Path | None, AfterValidator(_test_clock)] = None


class SettingsError(Exception):
    """The bot cannot start with these settings; `problems` says why, all of it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(f"{problem.place}: {problem.key}" for problem in problems))
        self.problems = problems


_KINDS = {
    "missing": "missing",
    "needed": "needed",
    "token": "token",
    "api_url": "api_url",
    "database_url": "database_url",
    "files_url": "files_url",
    "smtp_url": "smtp_url",
    "mail_from": "mail_from",
    "mail_from_needed": "mail_from_needed",
    "test_clock": "test_clock",
    "enum": "choice",
    "literal_error": "choice",
    "int_parsing": "port",
    "greater_than_equal": "port",
    "less_than_equal": "port",
}


def read_settings() -> Settings:
    """Return the settings. Raises SettingsError with everything that is wrong with them."""
    try:
        return Settings()
    except ValidationError as error:
        problems = [
            Problem(
                (str(one["loc"][0]).upper(),),
                f"settings.values.{_KINDS.get(one['type'], 'other')}",
                {
                    "prefix": one.get("ctx", {}).get("prefix", ""),
                    "mode": one.get("ctx", {}).get("mode", ""),
                    "choices": ", ".join(
                        re.findall(r"'([^']*)'", str(one.get("ctx", {}).get("expected", "")))
                    ),
                },
            )
            for one in error.errors(include_input=False)
        ]
        raise SettingsError(problems) from error
