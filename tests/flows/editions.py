"""Applications as the document is given them: an edition, its facts, and the other road through the form."""

from datetime import date
from typing import Any

from flows.application_facts import Edition, application
from flows.documents import Application
from flows.events import Stage
from flows.programme import Programme
from tests.flows.filled import KFF, NAMES, SF, TFF, answers, values, with_own_questions

DAY = date(2026, 11, 20)
SOCIAL_CALLS_TFF = values()
# The roads not taken above: what is within the frame, and TFF proposing itself.
TFF_CALLS_SOCIAL = values() | {
    "administrations": (TFF,),
    "own_budget": True,
    "concerned": (SF, KFF),
}
TFF_CALLS_SOCIAL |= {
    f"included.{SF}": "Har varit med.",
    f"costs_included.{SF}": False,
    f"costs_excluded_reason.{SF}": "Ryms.",
}


def edition(stage: Stage = Stage.APPLICATION, **known: Any) -> Edition:
    given: dict[str, Any] = {"version": 1, "case_number": "2026-0001", "names": NAMES} | known
    return Edition(stage=stage, day=DAY, **given)


def facts(
    given: dict[str, Any], *, programme: Programme | None = None, **known: Any
) -> Application:
    programme = programme or with_own_questions()
    stage = known.get("stage", Stage.APPLICATION)
    return application(programme, answers(programme, given, stage=stage), edition(**known))
