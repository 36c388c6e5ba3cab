"""A refusal in words: what stands in the way, with what differs line by line where there is that."""

from typing import Any

from markupsafe import Markup

from bot.acts.details import difference_texts
from bot.office import Office
from flows.errors import FlowError


def text(office: Office, refusal: FlowError) -> str:
    """The refusal for mrkdwn."""
    return office.texts(refusal.key, **_facts(office, refusal))


def plain(office: Office, refusal: FlowError) -> str:
    """The refusal for a modal's error, where nothing is markup."""
    return office.texts.plain(refusal.key, **_facts(office, refusal)).replace("*", "")


def _facts(office: Office, refusal: FlowError) -> dict[str, Any]:
    facts: dict[str, Any] = dict(refusal.facts)
    if "differences" in facts:
        facts["lines"] = Markup("\n").join(difference_texts(office, facts.pop("differences")))
    return facts
