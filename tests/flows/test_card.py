"""What KLG sees at a glance: the sums applied for, and every flag exactly when it holds."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from flows.calculation import CapitalCostBearer
from flows.card import Flag, YearSum, card_facts
from flows.completion import asks, can_be_completed
from flows.events import Stage
from flows.intake import Scope
from tests.flows.filled import LIGHTING, SF, TRAINING, WARDENS, example, items, values

# Nothing to watch out for: one purchase of training, one year, cross-sector.
PLAIN: dict[str, Any] = {
    "new_activity": False,
    "operating": (TRAINING,),
    "investments": (),
    "own_financing": (),
    "property": False,
    "capital_bearer": CapitalCostBearer.COMMITTEE,
    "start": date(2026, 1, 1),
    "end": date(2026, 12, 31),
}
WITH_INVESTMENT = {"investments": (LIGHTING.model_copy(update={"payments": {2026: Decimal(1)}}),)}


def facts(**changed: Any):
    return card_facts(example(), values() | PLAIN | changed)


def test_a_plain_case_has_no_flags():
    assert facts().flags == ()


@pytest.mark.parametrize(
    ("changed", "flag"),
    [
        ({"scope": Scope.OWN_OPERATIONS}, Flag.NOT_CROSS_SECTOR),
        ({"scope": Scope.SEVERAL_OPERATIONS}, Flag.NOT_CROSS_SECTOR),
        ({"new_activity": True}, Flag.NEW_ACTIVITY),
        ({"direction_linked": False}, Flag.NOT_LINKED),
        ({"own_budget": True}, Flag.WITHIN_BUDGET),
        ({"property": True}, Flag.PROPERTY),
        ({"operating": (WARDENS,)}, Flag.PERMANENT),
        ({"operating": (WARDENS,)}, Flag.SEVERAL_YEARS),
        (WITH_INVESTMENT | {"capital_bearer": CapitalCostBearer.PROGRAMME}, Flag.CAPITAL_COSTS),
        (
            WITH_INVESTMENT | {"start": date(2099, 1, 1), "end": date(2099, 12, 31)},
            Flag.PRELIMINARY_RATE,
        ),
    ],
)
def test_a_flag_is_raised_when_it_holds(changed: dict[str, Any], flag: Flag):
    assert flag in facts(**changed).flags


@pytest.mark.requirement("R000-3")
def test_a_single_sector_proposal_is_flagged_and_not_stopped():
    assert facts(scope=Scope.OWN_OPERATIONS).flags == (Flag.NOT_CROSS_SECTOR,)


@pytest.mark.requirement("R000-31")
def test_half_a_year_over_new_year_is_several_years():
    later = TRAINING.model_copy(update={"start": date(2027, 2, 1)})
    found = facts(
        operating=(TRAINING.model_copy(update={"start": date(2026, 11, 1)}), later),
        end=date(2027, 3, 31),
    )

    assert found.flags == (Flag.SEVERAL_YEARS,)


def test_a_time_frame_over_several_years_with_money_in_one_is_not_several_years():
    within = TRAINING.model_copy(update={"start": date(2026, 11, 1)})

    assert facts(operating=(within,), end=date(2027, 3, 31)).flags == ()


def test_a_rate_is_flagged_only_when_the_first_budget_year_has_none():
    known = [rate.year for rate in example().interest_rates]
    last = max(known)
    line = LIGHTING.model_copy(
        update={"payments": {last: Decimal(100)}, "in_use_from": date(last, 12, 1)}
    )
    frame = {"start": date(last, 1, 1), "end": date(last, 12, 31), "operating": ()}

    assert Flag.PRELIMINARY_RATE not in facts(investments=(line,), **frame).flags


@pytest.mark.requirement("R000-53", "R000-54")
def test_capital_costs_are_in_the_sums_only_under_the_exception():
    frame = {"start": date(2028, 1, 1), "end": date(2028, 12, 31), "operating": ()}
    line = LIGHTING.model_copy(update={"payments": {2028: Decimal(2_500_000)}})
    main_rule = facts(investments=(line,), **frame)
    exception = facts(
        investments=(line,),
        capital_bearer=CapitalCostBearer.PROGRAMME,
        capital_reason="Särskilt.",
        **frame,
    )

    assert (main_rule.operating, main_rule.investment) == (0, 2_500_000)
    assert exception.operating > 0
    assert exception.investment == 2_500_000


def test_the_sums_are_what_is_applied_for_by_kind_and_year():
    found = card_facts(example(), values() | {"capital_bearer": CapitalCostBearer.COMMITTEE})

    assert found.sums[0] == YearSum(2027, Decimal(275_000), Decimal(1_000_000))
    assert found.investment == Decimal(2_500_000)
    assert found.total == found.operating + found.investment
    assert found.thereafter == Decimal(720_000)


def test_a_proposal_has_no_sums_yet():
    known = {
        i.ask.key: i.answer.value
        for i in items(example(), values(), stage=Stage.PROPOSAL)
        if i.answer
    }
    found = card_facts(example(), known)

    assert (found.sums, found.total, found.thereafter) == ((), 0, 0)
    assert found.administrations == ("socialförvaltningen",)
    assert found.committees == ("socialnämnden",)


def test_klg_can_ask_for_every_question_but_confirmations_and_secrecy():
    keys = [item.ask.key for item in items(example(), values())]
    left_out = set(keys) - {ask.key for ask in can_be_completed(example(), keys)}

    assert left_out == {
        "secrecy",
        "classification",
        "investment_process",
        "finance_confirmed",
        "attested",
    }


def test_questions_come_in_the_order_they_are_asked():
    keys = [item.ask.key for item in items(example(), values())]

    found = [ask.key for ask in asks(example(), reversed(keys))]

    assert [key for key in found if "." not in key] == [key for key in keys if "." not in key]
    assert sorted(found) == sorted(keys)
    assert [ask.key for ask in asks(example(), ["goal", "appendices", "what"])] == ["what", "goal"]
    assert f"included.{SF}" in [ask.key for ask in asks(example(), [f"included.{SF}"])]
