"""People we have not met: Slack is asked who they are before anything they do is judged."""

from functools import partial

import structlog
from slack_sdk.errors import SlackApiError

from bot.acts import who
from bot.listeners.shell import Shell

log = structlog.get_logger()


async def know(shell: Shell, *people: str) -> None:
    """Make sure that each "TEAM:USER" stands among our people. Somebody Slack hides stays unknown."""
    for person in people:
        if person in shell.met:
            continue
        if await shell.perform.read(partial(who.is_known, person=person)) or await _meet(
            shell, person
        ):
            shell.met.add(person)


async def _meet(shell: Shell, person: str) -> bool:
    """False when Slack did not say: it is asked again the next time she does something."""
    try:
        found = await shell.client.users_info(user=person.partition(":")[2])
    except SlackApiError as failure:
        # Unknown people may nothing; they are told so by the act.
        log.warning("person_unknown_to_slack", error=failure.response.get("error"))
        return False
    user = dict(found["user"])
    await shell.perform.unkeyed(lambda tx: who.remember(tx, shell.office, user))
    return True
