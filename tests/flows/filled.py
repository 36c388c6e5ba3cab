"""A filled-in application, as the answers of a form: what the document, the card and App Home show."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from flows import form, intake
from flows.calculation import (
    CapitalCostBearer,
    Component,
    Duration,
    InvestmentLine,
    OperatingLine,
    OwnFinancingRow,
    Recurrence,
)
from flows.events import Stage
from flows.form import Answer, Ask
from flows.intake import Dialogue, NamedPerson, TalkedWith
from flows.programme import ExtraQuestion, Programme
from flows.rules import CostKind
from flows.split import SplitRow

EXAMPLE = Path(__file__).parents[2] / "templates" / "programme" / "exempelkommunen.toml"
AT = datetime(2026, 11, 20, 8, 15, tzinfo=UTC)
ANNA, EVA, BIRGITTA = "T0SANDBOX:U0ANNA", "T0SANDBOX:U0EVA", "T0SANDBOX:U0BIRGITTA"
NAMES = {ANNA: "Anna Ek", EVA: "Eva Lund", BIRGITTA: "Birgitta Dahl"}
SF, KFF, TFF = (
    "socialforvaltningen",
    "kultur-och-fritidsforvaltningen",
    "teknik-och-fastighetsforvaltningen",
)

WARDENS = OperatingLine(
    what="Trygghetsvärdar",
    amount=Decimal(720_000),
    start=date(2027, 9, 1),
    duration=Duration.PERMANENT,
    recurrence=Recurrence.RECURRING,
)
TRAINING = OperatingLine(
    what="Utbildning",
    amount=Decimal(85_000),
    start=date(2027, 10, 1),
    duration=Duration.TEMPORARY,
    recurrence=Recurrence.ONE_OFF,
)
LIGHTING = InvestmentLine(
    what="Belysning",
    payments={2027: Decimal(1_000_000), 2028: Decimal(1_500_000)},
    in_use_from=date(2028, 1, 1),
    components=(
        Component(what="Stolpar", amount=Decimal(1_500_000), useful_life=20),
        Component(what="Armaturer", amount=Decimal(1_000_000), useful_life=10),
    ),
)


def example() -> Programme:
    return Programme.model_validate(tomllib.loads(EXAMPLE.read_text("utf-8")))


def with_own_questions() -> Programme:
    """The example municipality, with a question of its own in every point."""
    own = [
        ExtraQuestion(key=f"egen-{point}", point=point, text=f"Egen fråga {point}?", help="Skriv.")
        for point in (1, 2, 3, 4)
    ]
    own[0] = own[0].model_copy(update={"heading": "Konsekvenser för barn"})
    return example().model_copy(update={"extra_questions": tuple(own)})


def values() -> dict[str, Any]:
    """Socialförvaltningen applies; kultur och fritid and TFF are concerned."""
    return {
        "secrecy": "nothing_secret",
        "administrations": (SF,),
        "title": "Trygghetsvärdar i centrum",
        "contact": "Anna Ek, utvecklare\n070-123 45 67",
        **{key: f"Text om {key}." for key in TEXTS},
        "scope": "cross_sector",
        "direction_linked": True,
        "new_activity": True,
        "effect_when": date(2028, 10, 31),
        "dialogue": (
            Dialogue(
                on=date(2026, 9, 24),
                talked_with=TalkedWith.CHAIR,
                committee="socialnamnden",
                note="Idén presenterades.",
            ),
        ),
        "own_budget": False,
        "finance_officer": NamedPerson(name="Eva Lund", person=EVA),
        "calculation_by": "finance",
        "start": date(2027, 3, 1),
        "end": date(2028, 12, 31),
        "operating": (WARDENS, TRAINING),
        "investments": (LIGHTING,),
        "classification": True,
        "capital_bearer": CapitalCostBearer.PROGRAMME,
        "property": True,
        "tff_contact_on": date(2026, 9, 30),
        "tff_contacted": (SF,),
        "investment_process": True,
        "own_financing": (
            OwnFinancingRow(kind=CostKind.OPERATING, year=2027, amount=Decimal(50_000)),
        ),
        "finance_confirmed": True,
        "others_concerned": True,
        "concerned": (KFF, TFF),
        **{f"included.{one}": f"{one} har varit med." for one in (KFF, TFF)},
        f"costs_included.{KFF}": True,
        f"costs_included.{TFF}": False,
        f"costs_excluded_reason.{TFF}": "Elen ryms i ramen.",
        "split": (
            split("socialnamnden", "operating", 2027, 200_000),
            split("kultur-och-fritidsnamnden", "operating", 2027, 125_000),
            split("socialnamnden", "operating", 2028, 720_000),
            split("socialnamnden", "operating", 2029, 720_000),
            split("teknik-och-fastighetsnamnden", "investment", 2027, 1_000_000),
            split("teknik-och-fastighetsnamnden", "investment", 2028, 1_500_000),
        ),
        "attested": True,
        **{f"extra.egen-{point}": f"Eget svar {point}." for point in (1, 2, 3, 4)},
    }


TEXTS = (
    "what", "reinforces", "goal", "added_value", "motivation", "direction", "new_activity_reason",
    "effect_measure", "effect_baseline", "effect_goal", "analysis", "own_budget_reason",
    "long_term_financing", "capital_reason", "tff_contact", "tff_contacted_how", "internal_rent",
    "investment_form",
)  # fmt: skip


def split(committee: str, kind: str, year: int, amount: int) -> SplitRow:
    return SplitRow(committee=committee, kind=CostKind(kind), year=year, amount=Decimal(amount))


def items(
    programme: Programme, given: Mapping[str, Any], *, stage: Stage = Stage.APPLICATION
) -> tuple[form.Item, ...]:
    """The questions that apply to these values; what is confirmed was confirmed last."""
    known: dict[str, Any] = {}

    def answer_to(ask: Ask) -> Answer | None:
        if ask.key not in given:
            return None
        by = EVA if ask.key == "finance_confirmed" else ANNA
        basis = form.fingerprint(ask, known)
        known[ask.key] = given[ask.key]
        return Answer(value=given[ask.key], by=by, at=AT, basis=basis)

    return tuple(form.items(intake.form(programme), answer_to, stage=stage))


def answers(
    programme: Programme, given: Mapping[str, Any], *, stage: Stage = Stage.APPLICATION
) -> dict[str, Answer]:
    found = items(programme, given, stage=stage)
    return {item.ask.key: item.answer for item in found if item.answer is not None}
