"""Every answer that is printed changes the document, on either road through the form."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from bot.documents.template import rendered
from flows import intake
from flows.application_facts import NOT_PRINTED, application
from flows.calculation import CapitalCostBearer
from flows.form import Kind
from flows.intake import NamedPerson
from tests.flows.editions import SOCIAL_CALLS_TFF, TFF_CALLS_SOCIAL, edition
from tests.flows.filled import (
    KFF,
    LIGHTING,
    TFF,
    WARDENS,
    answers,
    example,
    items,
    split,
    values,
    with_own_questions,
)


def asked(given: dict[str, Any]) -> Iterable[str]:
    return (item.ask.key for item in items(with_own_questions(), given))


def another(key: str, kind: Kind, value: Any) -> Any:
    """A different answer to the same question."""
    match kind:
        case Kind.TEXT | Kind.LINE | Kind.CONTACT:
            return f"{value} Ändrat."
        case Kind.YES_NO | Kind.CONFIRM:
            return not value
        case Kind.DATE:
            return value + timedelta(days=1)
        case Kind.PERSON:
            return NamedPerson(name="Nya Namnet")
    return {
        "secrecy": "classified",
        "administrations": (KFF,),
        "scope": "own_operations",
        "dialogue": (value[0].model_copy(update={"note": "En annan anteckning."}),)
        if key == "dialogue"
        else (),
        "calculation_by": "officer",
        "operating": (WARDENS.model_copy(update={"what": "Fältarbetare"}),),
        "investments": (LIGHTING.model_copy(update={"what": "Kameror"}),),
        "capital_bearer": CapitalCostBearer.COMMITTEE,
        "tff_contacted": (KFF,),
        "own_financing": (),
        "concerned": (TFF,),
        "split": (split("socialnamnden", "operating", 2027, 1),),
    }[key]


def printed(given: dict[str, Any]) -> str:
    """The document's text; a confirmation that is not given has no answer at all."""
    programme = with_own_questions()
    found = answers(programme, given)
    kept = {k: a for k, a in found.items() if not (a.value is False and k in CONFIRMED)}
    return rendered("application", application(programme, kept, edition()))


CONFIRMED = {"classification", "investment_process", "finance_confirmed", "attested"}
ROADS = [("social", SOCIAL_CALLS_TFF), ("tff", TFF_CALLS_SOCIAL)]


@pytest.mark.requirement("R000-21", "R000-22", "R000-23", "R000-24", "R000-25", "R000-27")
@pytest.mark.requirement("R000-35", "R000-36", "R000-37", "R000-52")
@pytest.mark.parametrize(
    ("given", "key"),
    [
        pytest.param(given, key, id=f"{name}-{key}")
        for name, given in ROADS
        for key in asked(given)
        if key not in NOT_PRINTED
    ],
)
def test_changing_an_answer_changes_what_the_document_says(given: dict[str, Any], key: str) -> None:
    kind = next(item.ask.kind for item in items(with_own_questions(), given) if item.ask.key == key)

    changed = given | {key: another(key, kind, given[key])}

    assert printed(changed) != printed(given)


def test_every_question_is_met_on_one_road_or_the_other() -> None:
    form = intake.form(with_own_questions())
    every = {entry.key for entry in form if hasattr(entry, "key")}
    each = {entry.ask(TFF).key for entry in form if not hasattr(entry, "key")}

    met = {key for _, given in ROADS for key in asked(given)}

    assert every | each <= met


@pytest.mark.parametrize("key", sorted(NOT_PRINTED))
def test_what_is_asked_for_the_bots_sake_is_not_printed(key: str) -> None:
    kind = next(i.ask.kind for i in items(example(), SOCIAL_CALLS_TFF) if i.ask.key == key)
    changed = SOCIAL_CALLS_TFF | {key: another(key, kind, SOCIAL_CALLS_TFF[key])}

    assert printed(changed) == printed(SOCIAL_CALLS_TFF)


def test_a_draft_can_be_printed_after_any_number_of_answers() -> None:
    programme = with_own_questions()
    found = [item for item in items(programme, values()) if item.answer is not None]

    for count in range(len(found) + 1):
        some = {item.ask.key: item.answer for item in found[:count] if item.answer is not None}
        document = application(programme, some, edition(draft=True))
        assert "Utkast" in rendered("application", document)
