"""How each kind of message is sent: find the conversation, the parent, look when in doubt, send."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.leases import held
from bot.pace import Pace
from bot.perform import Perform, Transaction
from bot.rules import Rules
from bot.sending import Failed, InDoubt, Later, Moved, Outcome, Sent, post, publish
from bot.slack import Slack, Unknown
from bot.uncertain import find
from bot.uploads import Files, upload
from storage import conversations, deliveries, outbox
from storage.outbox import Claim, Claimed

log = structlog.get_logger(__name__)

_CONNECTIONS = 32
_PARENT_WAIT_S = 1.0


class Attempts:
    """Call it with a claimed row. It raises what Slack.call raises."""

    def __init__(
        self,
        perform: Perform,
        slack: Slack,
        *,
        files: Files,
        now: Callable[[], datetime],
        rules: Rules,
        claim: Claim,
    ) -> None:
        self._perform = perform
        self._slack = slack
        self._files = files
        self._now = now
        self._rules = rules
        self._claim = claim
        self._pace = Pace(interval_s=rules.post_every_s, burst=rules.post_burst)
        self._connections = asyncio.Semaphore(_CONNECTIONS)

    async def __call__(self, row: Claimed) -> Outcome:
        lane = str(row.lane)
        if row.kind == "publish":
            async with self._connections:
                return await publish(self._slack, row)
        if lane[0] in "UW":
            return await self._open(row, user=lane)
        thread: str | None = None
        if row.refers_to is not None:
            parent = await self.parent(row.refers_to)
            if not isinstance(parent, Sent):
                return parent
            thread = parent.ts
        turn = self._pace.take(lane)
        if turn:
            await asyncio.sleep(turn)
        async with self._connections:
            if row.kind == "upload":
                return await self._upload(row, lane, thread=thread)
            return await self._post(row, lane, thread=thread)

    async def parent(self, outbox_id: int) -> Outcome:
        """Where the message stands that this one belongs to; Later when it is still to be sent."""
        known = await self._perform.read(lambda db: outbox.delivery(db, outbox_id))
        if known.ts is None:  # perhaps sent a moment ago: a transaction takes its mark along
            known = await self._perform.unkeyed(lambda tx: outbox.delivery(tx.db, outbox_id))
        if known.ts is not None:
            return Sent(known.channel, known.ts)
        if known.state == "failed":
            return Failed("parent_failed")
        return Later(_PARENT_WAIT_S, "its parent is not sent")

    async def _open(self, row: Claimed, *, user: str) -> Outcome:
        """The person's direct message; what is queued for her goes there, this row first."""
        try:
            answer = await self._slack.call("conversations.open", {"users": user})
        except Unknown as unclear:
            return Later(1, str(unclear))  # opening it again changes nothing
        channel = str(answer["channel"]["id"])

        def move(tx: Transaction) -> None:
            deliveries.put_back(tx.db, row, owner=self._claim.owner, due_at=tx.real)
            conversations.add(tx.db, channel, user=user, at=tx.real)

        await self._perform.unkeyed(move)
        return Moved(channel)

    async def _post(self, row: Claimed, channel: str, *, thread: str | None) -> Outcome:
        since = row.doubt_since
        if since is not None:
            ts = await find(self._slack, row.id, channel=channel, since=since, thread=thread)
            if ts is not None:
                log.info("found in Slack, not sent again", id=row.id)
                return Sent(channel, ts)
            log.info("not found in Slack, sent again", id=row.id)
        if not await self._long_enough(row):
            return InDoubt("taken over")
        return await post(self._slack, row, channel=channel, thread=thread)

    async def _upload(self, row: Claimed, channel: str, *, thread: str | None) -> Outcome:
        async def keep(file_ids: list[str] | None) -> bool:
            return await self._perform.unkeyed(
                lambda tx: deliveries.keep_files(
                    tx.db, row, owner=self._claim.owner, file_ids=file_ids
                )
            )

        async with held(self._perform, row, claim=self._claim):
            return await upload(
                self._slack,
                row,
                channel=channel,
                thread=thread,
                files=self._files,
                keep=keep,
                patience_s=self._rules.share_patience_s,
            )

    async def _long_enough(self, row: Claimed) -> bool:
        """The lease outlives the request and what Slack may do after it; renewed when it does not.

        False when somebody else has taken the row over, or has found its message.
        """
        after = timedelta(seconds=self._rules.timeout_s + self._rules.slack_delay_s)
        if row.doubt_since is None and self._now() + after <= row.lease_until:
            return True
        return await self._perform.unkeyed(
            lambda tx: deliveries.renew(tx.db, row, claim=self._claim, now=tx.real)
        )
