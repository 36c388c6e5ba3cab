"""One attempt at one outbox row, and what came of it.

Slack's answers become four outcomes: sent, later (nothing was done), failed (Slack said no), and in
doubt (it may have been done, or still be). Only the last leaves the row as it is.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from bot.perform import Perform, Transaction
from bot.slack import NotReached, Refused, Slack, TryLater, Unknown
from storage import deliveries
from storage.outbox import Claimed

log = structlog.get_logger(__name__)

EVENT_TYPE = "lots_outbox"
_LONGEST_WAIT_S = 30.0
_TOKEN_WAIT_S = 60.0
_TRIES_OF_A_BUG = 5

# The whole app is shut out, not this message: it waits until the operator has mended it.
_SHUT_OUT = {
    "account_inactive",
    "accesslimited",
    "invalid_auth",
    "not_authed",
    "org_login_required",
    "team_access_not_granted",
    "team_added_to_org",
    "token_expired",
    "token_revoked",
}
# What the operator can do. Anything else is a bug of ours or a message to somebody who has left.
ADVICE = {
    "channel_not_found": "check the channel's id in the programme, and invite the bot to it",
    "not_in_channel": "invite the bot to the channel, then send the message again",
    "is_archived": "unarchive the channel or name another in the programme",
    "messages_tab_disabled": "switch on the Messages tab of the app (docs/slack-app.yaml)",
    "missing_scope": "compare the app's scopes with docs/slack-app.yaml and reinstall it",
    "restricted_action": "let the bot post in the channel",
    "user_disabled": "the person's account is closed: name another in the programme",
    "user_not_found": "the person is not in the workspace: check the programme",
    "file_uploads_disabled": "allow files in the workspace",
    "storage_limit_reached": "the workspace is out of room for files",
    "parent_failed": "send the message that this one belongs to again first",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """It stands in Slack: where, and as which message."""

    channel: str | None = None
    ts: str | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing was done this time; try again after so many seconds."""

    after_s: float
    error: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Slack refuses it for good."""

    error: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Perhaps done, perhaps still to be done by Slack: wait until the lease has run out, and look."""

    error: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Not sent yet: it waits in this lane now."""

    lane: str


Outcome = Sent | Later | Failed | InDoubt | Moved
# Whom a row that Slack refuses for good, with its reason, is told to, in the same transaction.
RefusedRow = Callable[[Transaction, Claimed, str], None]


def nobody(_tx: Transaction, _row: Claimed, _error: str) -> None:
    """The operator reads it in the log, and with `lots outbox`."""


async def outcome_of(row: Claimed, attempt: Awaitable[Outcome]) -> Outcome:
    """What came of the attempt, whatever Slack did."""
    try:
        return await attempt
    except TryLater as wait:
        return Later(wait.after, "ratelimited")
    except NotReached as away:
        return Later(min(_LONGEST_WAIT_S, 0.5 * 2 ** min(row.attempts, 10)), str(away))
    except Refused as no:
        return _refused(row, no)
    except Unknown as doubt:
        log.warning("in doubt whether it was sent", id=row.id, kind=row.kind, why=str(doubt))
        return InDoubt(str(doubt))
    except Exception:
        log.exception("a bug while sending", id=row.id, kind=row.kind, attempts=row.attempts)
        return Failed("bug") if row.attempts >= _TRIES_OF_A_BUG else InDoubt("bug")


async def settle(
    perform: Perform,
    row: Claimed,
    outcome: Outcome,
    *,
    owner: str,
    refused: RefusedRow = nobody,
) -> None:
    """Store what came of it. In doubt: the row stays ours until the lease has run out."""
    perform.metrics.deliveries.labels(row.kind, type(outcome).__name__.lower()).inc()
    match outcome:
        case Sent(channel=channel, ts=ts):
            perform.mark_sent(row.id, channel=channel, ts=ts)
        case Later(after_s=after_s, error=error):
            wait = timedelta(seconds=after_s)
            await perform.unkeyed(
                lambda tx: deliveries.put_back(
                    tx.db, row, owner=owner, due_at=tx.real + wait, error=error
                )
            )
        case Failed(error=error):

            def give_up(tx: Transaction) -> None:
                if deliveries.give_up(tx.db, row, owner=owner, error=error, at=tx.real):
                    refused(tx, row, error)

            await perform.unkeyed(give_up)
        case InDoubt() | Moved():
            pass


async def post(slack: Slack, row: Claimed, *, channel: str, thread: str | None) -> Sent:
    """A message that carries its outbox id, so that it can be found again."""
    body: dict[str, Any] = {
        "channel": channel,
        "text": row.payload["text"],
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": EVENT_TYPE, "event_payload": {"id": row.id}},
    }
    if row.payload["blocks"]:
        body["blocks"] = row.payload["blocks"]
    if thread is not None:
        body["thread_ts"] = thread
    answer = await slack.call("chat.postMessage", body)
    return Sent(answer["channel"], answer["ts"])


async def publish(slack: Slack, row: Claimed) -> Sent:
    """A person's App Home; repeated freely."""
    user = str(row.lane).removeprefix("home:")
    await slack.call("views.publish", {"user_id": user, "view": row.payload["view"]})
    return Sent()


async def change(slack: Slack, row: Claimed, *, channel: str, ts: str) -> Sent:
    """New contents of a message; repeated freely. Without blocks the old ones go."""
    body = {
        "channel": channel,
        "ts": ts,
        "text": row.payload["text"],
        "blocks": row.payload["blocks"],
    }
    await slack.call("chat.update", body)
    return Sent()


def _refused(row: Claimed, no: Refused) -> Outcome:
    if no.error in _SHUT_OUT:
        log.critical("Slack shuts the bot out; check SLACK_BOT_TOKEN", id=row.id, error=no.error)
        return Later(_TOKEN_WAIT_S, no.error)
    log.error(
        "given up: Slack refuses it",
        id=row.id,
        kind=row.kind,
        lane=row.lane,
        error=no.error,
        details=no.args[1:],
        advice=ADVICE.get(no.error, "a bug: report it with this line"),
    )
    return Failed(no.error)
