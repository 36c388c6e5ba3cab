"""Why the bot could not start or go on although its settings are well formed, in one sentence.

A token that Slack refuses, a channel the bot is not in, a database or a port that cannot be opened:
a setting is wrong, and whoever set it reads a sentence. Anything else is a bug, with its traceback.
"""

from asyncpg.exceptions import PostgresError
from sqlalchemy.exc import DBAPIError

from bot.bootstrap import NoChannel
from bot.settings import Settings
from bot.slack import NotReached, Refused, TryLater, Unknown
from flows.programme_problems import Problem

_TOKEN = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
)


def explain(error: Exception, settings: Settings) -> Problem | None:
    """Return the setting to look at and why, or None when the error is a bug."""
    match error:
        case NoChannel():
            return _problem("PROGRAMME", "no_channel", channel=str(error))
        case Refused() if error.error in _TOKEN or "not_allowed_token" in error.error:
            return _problem("SLACK_BOT_TOKEN, SLACK_APP_TOKEN", "token", error=error.error)
        case Refused():
            return _problem("SLACK_API_URL", "refused", error=error.error)
        case NotReached() | Unknown() | TryLater():
            return _problem("SLACK_API_URL", "not_reached", url=settings.slack_api_url)
        case DBAPIError():
            return _problem("DATABASE_URL", "database", why=str(error.orig))
        case PostgresError():
            return _problem("DATABASE_URL", "database", why=str(error))
        case OSError():
            return _problem("DATABASE_URL, FILES_URL, HTTP_PORT", "system", why=str(error))
        case _:
            return None


def _problem(setting: str, kind: str, **facts: object) -> Problem:
    return Problem((setting,), f"cli.start.{kind}", facts)
