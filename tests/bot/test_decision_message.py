"""The deciders' message and KLG's card on the way to a decision keep Slack's limits, however much there is."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from bot.acts import card as cards
from bot.acts import decision, routing
from bot.blocks import chief_executive as blocks
from bot.blocks import decision as modals
from bot.blocks import route
from bot.blocks.card import Card, Changed, card
from bot.blocks.chief_executive import SHORT_HASH, Basis, Opinion
from bot.ids import Value
from flows import events
from flows.case import AWAITS_DECISION, Case, State
from flows.decided import Body, Reason, Routed, RouteReason, Verdict
from flows.errors import Stale
from flows.events import Stage
from flows.headroom import Headroom
from flows.programme import Role
from flows.rules import CostKind
from sandbox.surfaces import check_blocks, check_view
from tests.bot.decided import KJELL, gets, granted, recommended
from tests.bot.test_assessment_card import FACTS, LONGEST, NOBODY, OFFICE
from tests.bot.town import Town, buttons, texts_of, town
from tests.flows.filled import example
from tests.flows.klg import BOT, NOON
from tests.flows.test_assessment import after_outcome

MANY = tuple(
    gets("teknik-och-fastighetsnamnden", kind, year, 123_456_789)
    for year in range(2026, 2066)
    for kind in CostKind
)
EVERY_REASON = tuple(
    RouteReason(
        code=code,
        kind=CostKind.INVESTMENT,
        year=2026,
        amount=Decimal("123456789.50"),
        limit=Decimal("2500000.50"),
        used=Decimal("2499999.50"),
    )
    for code in Reason
)
MONEY = tuple(
    Headroom(
        year=one.year,
        kind=one.kind,
        amount=one.amount,
        cap=Decimal(2_000_000),
        delegated=Decimal("1999999.50"),
        money=Decimal(10_000_000),
        decided=Decimal("9999999.50"),
        reserved=Decimal("123456789.50"),
    )
    for one in MANY
)


def waiting(state: State = State.CHIEF_EXECUTIVE) -> Case:
    to = {State.COUNCIL_REVIEW: Body.COUNCIL}.get(state, Body.DRAFTING_COMMITTEE)
    route = Routed(
        at=NOON, by=BOT, to=to, reasons=EVERY_REASON, reserved=MANY, rule="Rutin " + "x" * 300
    )
    return after_outcome(events.Opinion.RECOMMEND).model_copy(
        update={"state": state, "route": route}
    )


def basis(**changed: Any) -> Basis:
    values: dict[str, Any] = {
        "case_id": "2026-0001",
        "case": waiting(),
        "facts": LONGEST,
        "holder": Markup("*Kommundirektören har det:* beslut."),
        "opinions": tuple(
            Opinion(f"Ledamot {n}", events.Opinion.ADVISE_AGAINST, "Därför & <b>. " * 200)
            for n in range(20)
        ),
        "forwarded": "Därför att. " * 250,
        "money": MONEY,
        "at": datetime(2026, 11, 22, tzinfo=UTC),
    }
    return Basis(**values | changed)


@pytest.mark.parametrize("state", [State.CHIEF_EXECUTIVE, State.DRAFTING_COMMITTEE])
def test_however_much_there_is_to_say_slack_takes_the_message(state: State):
    text, content = blocks.message(OFFICE, basis(case=waiting(state)))

    check_blocks(content, surface="message")
    assert len(text) <= 3000
    assert len(texts_of(content)) < 13_000  # where Slack has been seen to fail
    assert bool(buttons(content)) == (state is State.CHIEF_EXECUTIVE)


@pytest.mark.parametrize("state", sorted(AWAITS_DECISION))
def test_however_many_reasons_there_are_slack_takes_the_card(state: State):
    of = Card(
        case_id="2026-0001",
        case=waiting(state),
        facts=LONGEST,
        vote=NOBODY,
        changed=Changed(),
        pdf_sha256="0f" * 32,
        money=MONEY,
    )
    text, content = card(OFFICE, of)

    check_blocks(content, surface="message")
    assert len(text) <= 3000
    assert len(texts_of(content)) < 13_000


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("rows", [1, 60, len(MANY)])
def test_the_modal_has_a_row_for_each_amount_or_none_at_all(verdict: Verdict, rows: int):
    case = waiting()
    assert case.route is not None
    case = case.model_copy(
        update={"route": case.route.model_copy(update={"reserved": MANY[:rows]})}
    )
    value = Value("2026-0001", "application", 1, f"{verdict}:abc")
    view = modals.modal(OFFICE, value, case, title="x" * 120, verdict=verdict)

    check_view(view, surface="modal")
    amounts = [b for b in view["blocks"] if b.get("block_id", "").startswith("amount_")]
    shown = verdict is Verdict.GRANTED and rows <= modals.MOST_ROWS
    assert len(amounts) == (rows if shown else 0)


def test_every_reason_is_a_sentence_of_its_own():
    plain = basis(facts=replace(FACTS, title="Kort"), money=(), opinions=(), forwarded="")
    shown = texts_of(blocks.message(OFFICE, plain)[1])

    for words in (
        "Över taket för investering 2026", "Permanent kostnad", "flera budgetår", "är jävig",
        "Ersättning för kapitalkostnader", "Ny eller principiell verksamhet", "avstyrker",
        "Inga pengar är avsatta för 2026", "Pengarna räcker inte", "Ingen delegation gäller",
    ):  # fmt: skip
        assert words in shown


async def test_documents_issued_anew_with_their_dnr_reach_her_and_the_old_buttons_are_old(
    sqlite_url: str, tmp_path: Path
):
    async with town(sqlite_url, tmp_path) as here:
        case_id = await recommended(here)
        await here.act(partial(routing.at_start, office=here.office, case_id=case_id))
        before = (await here.case(case_id)).pdf_sha256
        await here.give_dnr(case_id, "KS 2026/214")
        await here.work()

        case = await here.case(case_id)
        assert case.issue == 2
        uploads = [u for u in await here.owed("upload") if u["lane"] == KJELL.partition(":")[2]]
        assert [u["files"][0]["sha256"] for u in uploads] == [before, case.pdf_sha256]
        with pytest.raises(Stale, match="old_version"):
            await press(here, case_id, before)
        assert await press(here, case_id, case.pdf_sha256) is None


def test_a_year_without_money_is_said_to_have_none():
    nothing = dict.fromkeys(("delegated", "money", "decided", "reserved"), Decimal(0))
    of = Headroom(
        year=2028, kind=CostKind.OPERATING, amount=Decimal(1_500_000), cap=None, **nothing
    )

    said = route.money(OFFICE, [of])

    assert said.replace("\u00a0", " ") == (
        "*Drift 2028:* 1 500 000 kr söks, och inga pengar är avsatta för året."
    )


async def test_klgs_card_shows_what_was_asked_for_beside_what_was_granted(
    sqlite_url: str, tmp_path: Path
) -> None:
    asked = [
        gets("socialnamnden", "operating", 2026, 400_000),
        gets("socialnamnden", "investment", 2026, 90_000),
    ]
    async with town(sqlite_url, tmp_path) as here:
        case_id = await granted(
            here, *asked, decided=[asked[0], gets("socialnamnden", "investment", 2026, 60_000)]
        )
        case = await here.case(case_id)

        await here.act(lambda tx: cards.show(tx, here.office, case_id, case))

        post = (await here.owed("post"))[-1]
        assert "Sökt: drift 400\u00a0000\u00a0kr, investering 90\u00a0000\u00a0kr" in post["text"]
        assert (
            "Beviljat: drift 400\u00a0000\u00a0kr, investering 60\u00a0000\u00a0kr" in post["text"]
        )
        [table] = [block for block in post["blocks"] if block["type"] == "table"]
        rows = [[cell["text"].replace("\u00a0", " ") for cell in row] for row in table["rows"]]
        assert rows[1:] == [
            ["2026 sökt", "400 000 kr", "90 000 kr", "490 000 kr"],
            ["2026 beviljat", "400 000 kr", "60 000 kr", "460 000 kr"],
        ]


async def test_with_no_chief_executive_in_slack_the_secretary_is_told(
    sqlite_url: str, tmp_path: Path
):
    people = tuple(p for p in example().people if Role.CHIEF_EXECUTIVE not in p.roles)
    programme = example().model_copy(update={"people": people})
    async with town(sqlite_url, tmp_path, programme=programme) as here:
        case_id = await recommended(here)
        await here.act(partial(routing.at_start, office=here.office, case_id=case_id))

        told = await here.said("T0SANDBOX:U0SARA")
        assert any("som inte finns i Slack" in said and case_id in said for said in told)


async def press(here: Town, case_id: str, sha256: str) -> Any:
    value = Value(case_id, Stage.APPLICATION, 1, f"granted:{sha256[:SHORT_HASH]}")
    told = {"office": here.office, "value": value, "by": KJELL, "reason": "Bra."}
    return await here.act(partial(decision.decide, **told))
