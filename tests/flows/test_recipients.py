"""Who gets a decision: from the decision, the programme and who keeps the case."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from flows.decided import Allocation, Body, Decided, Verdict
from flows.practice import ExtraRecipient, RecipientKind
from flows.programme import Administration, Committee, Programme, Recipients, Role
from flows.recipients import Contact, Duty, Recipient, recipients
from flows.rules import CostKind
from tests.flows.filled import example

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
KEEPS = {"socialforvaltningen": Contact(name="Anna Ek", email="anna.ek@exempelkommunen.se")}


def money(committee: str, kind: str = "operating", kronor: int = 100_000) -> Allocation:
    return Allocation(committee=committee, kind=CostKind(kind), year=2026, amount=Decimal(kronor))


def decided(*allocations: Allocation, **changed: Any) -> Decided:
    given = {
        "at": NOON,
        "by": "T1:U1",
        "body": Body.EXECUTIVE_BOARD,
        "verdict": Verdict.GRANTED,
        "number": "KS 2026-12-15 § 22 (2026-0001)",
        "day": date(2026, 12, 15),
        "version": 1,
        "pdf_sha256": "0" * 64,
        "rule": "",
        "allocations": allocations,
    }
    return Decided(**given | changed)


def sent_to(
    decision: Decided,
    programme: Programme | None = None,
    submitting: tuple[str, ...] = ("socialforvaltningen",),
) -> tuple[Recipient, ...]:
    return recipients(decision, programme or example(), submitting=submitting, officers=KEEPS)


def with_extras(*extras: ExtraRecipient) -> Programme:
    return example().model_copy(update={"dispatch": extras})


def extra(name: str, **more: Any) -> ExtraRecipient:
    return ExtraRecipient(name=name, email="nagon@exempelkommunen.se", **more)


TWO = (money("socialnamnden"), money("kultur-och-fritidsnamnden"))


@pytest.mark.requirement("R000-48")
def test_two_affected_administrations_with_drift_only_are_eight_deliveries():
    found = sent_to(decided(*TWO))

    assert [one.key for one in found] == [
        f"{duty}:{administration}"
        for administration in ("socialforvaltningen", "kultur-och-fritidsforvaltningen")
        for duty in ("registrar", "director", "case_officer", "finance_manager")
    ]
    assert all(one.contact.email for one in found)
    assert all(one.kind is RecipientKind.DISPATCH for one in found)


@pytest.mark.requirement("R000-49")
def test_with_investment_the_strategist_is_the_ninth():
    found = sent_to(decided(*TWO, money("socialnamnden", "investment")))

    assert len(found) == 9
    assert found[-1].key == "investment_strategist"
    assert found[-1].contact.name == "Ivar Strand"


def test_an_investment_of_nothing_is_none():
    assert len(sent_to(decided(*TWO, money("socialnamnden", "investment", 0)))) == 8


@pytest.mark.requirement("R000-48")
def test_a_delegated_decision_goes_to_the_same_people():
    delegated = decided(*TWO, body=Body.CHIEF_EXECUTIVE, number="D 2026-0001")

    assert sent_to(delegated) == sent_to(decided(*TWO))


def test_a_rejection_goes_to_those_that_submitted():
    found = sent_to(decided(verdict=Verdict.REJECTED))

    assert {one.of for one in found} == {"socialforvaltningen"}
    assert len(found) == 4


def test_who_keeps_the_case_gets_it_before_the_one_that_the_programme_names():
    assert _officer(sent_to(decided(*TWO)), "socialforvaltningen") == "anna.ek@exempelkommunen.se"
    omar = _officer(sent_to(decided(*TWO)), "kultur-och-fritidsforvaltningen")
    assert omar == "omar.haddad@exempelkommunen.se"


def _officer(found: tuple[Recipient, ...], administration: str) -> str:
    key = f"case_officer:{administration}"
    return next(one.contact.email for one in found if one.key == key)


@pytest.mark.requirement("R000-48")
def test_a_duty_that_nobody_has_is_there_without_an_address():
    found = sent_to(decided(*TWO), _without_registrar())

    missing = [one for one in found if not one.contact.email]
    assert [one.key for one in missing] == ["registrar:socialforvaltningen"]
    assert len(found) == 8


def _without_registrar() -> Programme:
    programme = example()
    (social,) = (c for c in programme.committees if c.id == "socialnamnden")
    bare = social.administrations[0].model_copy(update={"recipients": Recipients()})
    without = social.administrations[0].recipients.model_copy(update={"registrar": None})
    changed = bare.model_copy(update={"recipients": without})
    committee = social.model_copy(update={"administrations": (changed,)})
    others = tuple(c for c in programme.committees if c.id != "socialnamnden")
    return programme.model_copy(update={"committees": (*others, committee)})


def test_without_a_strategist_in_the_programme_that_is_missing():
    programme = example()
    people = tuple(p for p in programme.people if Role.INVESTMENT_STRATEGIST not in p.roles)
    found = sent_to(
        decided(money("socialnamnden", "investment")),
        programme.model_copy(update={"people": people}),
    )

    assert found[-1] == Recipient(key="investment_strategist")


def _two_under_one() -> Programme:
    programme = example()
    (social,) = (c for c in programme.committees if c.id == "socialnamnden")
    second = Administration(id="omsorg", name="omsorgsförvaltningen", recipients=Recipients())
    committee = Committee(
        **social.model_dump() | {"administrations": (*social.administrations, second)}
    )
    others = tuple(c for c in programme.committees if c.id != "socialnamnden")
    return programme.model_copy(update={"committees": (*others, committee)})


def test_of_a_committee_with_several_administrations_those_that_submitted_answer_for_it():
    found = sent_to(decided(money("socialnamnden")), _two_under_one())

    assert {one.of for one in found} == {"socialforvaltningen"}


def test_when_none_of_them_submitted_all_of_them_are_told():
    found = sent_to(
        decided(money("socialnamnden")),
        _two_under_one(),
        submitting=("kultur-och-fritidsforvaltningen",),
    )

    assert {one.of for one in found} == {
        "kultur-och-fritidsforvaltningen",
        "socialforvaltningen",
        "omsorg",
    }


def test_a_committee_that_the_programme_no_longer_has_is_missing_and_not_forgotten():
    found = sent_to(decided(money("avskaffad")))

    assert [one.contact.email for one in found if one.of == "avskaffad"] == [""] * 4


@pytest.mark.requirement("R001-20", "R001-21")
def test_what_the_programme_adds_is_dispatched_or_sent_for_information():
    programme = with_extras(
        *(
            extra(name, kind=RecipientKind.DISPATCH)
            for name in ("Akt", "Trygghetskommissionen", "ekonomiavdelningen")
        ),
        extra("kultur- och fritidsförvaltningen"),
        extra("social- och äldreförvaltningen"),
    )

    added = [one for one in sent_to(decided(*TWO), programme) if one.duty is Duty.EXTRA]

    assert [one.contact.name for one in added if one.kind is RecipientKind.DISPATCH] == [
        "Akt",
        "Trygghetskommissionen",
        "ekonomiavdelningen",
    ]
    assert len([one for one in added if one.kind is RecipientKind.INFORMATION]) == 2


@pytest.mark.requirement("R003-10")
def test_six_named_recipients_and_a_name_over_two_lines_is_one_of_them():
    names = (
        "SON",
        "KFN",
        "säkerhetschef",
        "kultur- och\n  fritidsdirektör",
        "social- och omsorgsdirektör",
        "utförardirektör",
    )

    found = sent_to(decided(*TWO), with_extras(*map(extra, names)))

    added = [one.contact.name for one in found if one.duty is Duty.EXTRA]
    assert len(added) == 6
    assert added[3] == "kultur- och fritidsdirektör"


def test_two_of_the_same_name_are_two():
    found = sent_to(decided(*TWO), with_extras(extra("Akt"), extra("Akt ")))

    assert [one.key for one in found[-2:]] == ["extra:Akt", "extra:Akt:2"]


def test_an_extra_for_some_committees_or_for_investments_gets_only_those():
    programme = with_extras(
        extra("teknik", committees=("teknik-och-fastighetsnamnden",)),
        extra("social", committees=("socialnamnden",)),
        extra("invest", investment_only=True),
    )

    assert _extras(sent_to(decided(*TWO), programme)) == ["social"]
    invests = decided(money("teknik-och-fastighetsnamnden", "investment"))
    assert _extras(sent_to(invests, programme)) == ["teknik", "social", "invest"]


def _extras(found: tuple[Recipient, ...]) -> list[str]:
    return [one.contact.name for one in found if one.duty is Duty.EXTRA]
