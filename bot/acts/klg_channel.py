"""KLG's channel is closed to us: the secretary is told what to do, and sends what waited when it is done.

What Slack refuses for good is otherwise seen by the operator alone, and KLG would wait for nothing.
"""

from bot.acts import who
from bot.acts.writing import tell
from bot.blocks import kit
from bot.ids import CHANNEL_AGAIN
from bot.office import Office
from bot.perform import Transaction
from flows.programme import Role
from storage import outbox
from storage.outbox import Claimed

# Slack's name for why, and ours.
_WHY = {
    "is_archived": "archived",
    "channel_not_found": "removed",
    "not_in_channel": "removed",
    "restricted_action": "silenced",
    "restricted_action_read_only_channel": "silenced",
}


def refused(tx: Transaction, row: Claimed, error: str, *, office: Office) -> None:
    """Slack has refused the row for good: the first of those in the channel is told of, and why."""
    if row.lane != office.klg_channel or error not in _WHY:
        return
    if any(number != row.id for number in _given_up(tx, office)):
        return
    facts = {
        "channel": office.klg_channel,
        "why": _WHY[error],
        "klg": office.programme.names.group,
    }
    text = office.texts("errors.channel.closed", **facts)
    again = kit.button(office.texts.plain("errors.channel.button"), CHANNEL_AGAIN, style="primary")
    for secretary in who.with_role(tx.db, office, Role.SECRETARY):
        tell(tx, secretary, text, [kit.section(text), kit.actions([again])])


def again(tx: Transaction, office: Office, *, by: str) -> None:
    """Send what the channel never got, in its order. Raises NotAllowed for all but a secretary."""
    who.require_role(tx.db, office, by, Role.SECRETARY)
    numbers = _given_up(tx, office)
    for number in numbers:
        outbox.again(tx.db, number, at=tx.real)
    tell(tx, by, office.texts("errors.channel.again", count=len(numbers)))


def _given_up(tx: Transaction, office: Office) -> list[int]:
    return [row.id for row in outbox.failed(tx.db) if row.lane == office.klg_channel]
