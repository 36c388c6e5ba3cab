"""An application as it was handed in, for tests: what it costs, and every row that it left behind."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.acts import version, writing
from bot.office import Office
from bot.perform import Transaction
from flows.calculation import Duration, InvestmentLine, OperatingLine, Recurrence
from flows.case import Case
from flows.dates import local_day
from flows.decided import Allocation
from flows.events import DocumentsStored, Stage, Submitted
from flows.intake import FORM_VERSION, Dialogue, NamedPerson, TalkedWith
from flows.programme import Programme
from flows.rules import CostKind
from flows.split import SplitRow
from storage import cases, documents, drafts, submissions
from tests.bot.town import TEAM, answered
from tests.flows.filled import ANNA, values

PDF, WORD = b"%PDF-1.7 underlag", b"PK underlag"  # stand in the town's file store


def costing(programme: Programme, amounts: Sequence[Allocation]) -> dict[str, Any]:
    """An application that costs exactly the amounts, all of it temporary and linked to the direction."""
    keys = tuple(dict.fromkeys(a.committee for a in amounts))
    found = [c for key in keys if (c := programme.committee(key)) is not None]
    applicant, *others = [committee.administrations[0].id for committee in found]
    years = sorted({a.year for a in amounts})
    made = {
        key: value
        for key, value in values().items()
        if key.partition(".")[0] not in {"included", "costs_included", "costs_excluded_reason"}
    }
    made |= {
        "administrations": (applicant,),
        "title": "Kvällsöppna mötesplatser",
        "new_activity": False,
        "dialogue": (
            Dialogue(
                on=date(2026, 9, 24),
                talked_with=TalkedWith.CHAIR,
                committee=keys[0],
                note="Idén presenterades.",
            ),
        ),
        "finance_officer": NamedPerson(name="Eva Lund", person=f"{TEAM}:U0EVA"),
        "start": date(years[0], 3, 1),
        "end": date(years[-1], 12, 31),
        "operating": tuple(_cost(a) for a in amounts if a.kind is CostKind.OPERATING),
        "investments": tuple(_purchase(a) for a in amounts if a.kind is CostKind.INVESTMENT),
        "capital_bearer": "committee",
        "property": False,
        "own_financing": (),
        "others_concerned": bool(others),
        "concerned": tuple(others),
        **{f"included.{one}": "Har varit med." for one in others},
        **{f"costs_included.{one}": True for one in others},
    }
    if others:
        made["split"] = tuple(
            SplitRow(committee=a.committee, kind=a.kind, year=a.year, amount=a.amount)
            for a in amounts
        )
    else:
        del made["split"]
    return made


def _cost(of: Allocation) -> OperatingLine:
    return OperatingLine(
        what=f"Insats {of.committee}",
        amount=of.amount,
        start=date(of.year, 3, 1),
        duration=Duration.TEMPORARY,
        recurrence=Recurrence.ONE_OFF,
    )


def _purchase(of: Allocation) -> InvestmentLine:
    return InvestmentLine(
        what=f"Inköp {of.committee}",
        payments={of.year: of.amount},
        in_use_from=date(of.year, 10, 1),
        useful_life=10,
    )


def hand_in(
    tx: Transaction, office: Office, given: dict[str, Any], files: tuple[str, str]
) -> tuple[str, Case]:
    """Write the draft, the submission and its documents; returns the case, which KLG now assesses."""
    draft_id = drafts.add(
        tx.db, owner=ANNA, stage=Stage.APPLICATION, form_version=FORM_VERSION, at=tx.now
    )
    answered(tx, office, draft_id, given, by=ANNA, stage=Stage.APPLICATION)
    case_id = cases.new_id(tx.db, local_day(tx.now).year)
    drafts.change(tx.db, draft_id, state=drafts.SUBMITTED, case_id=case_id)
    written = version.snapshot(writing.load(tx.db, office, draft_id))
    written["appendices"] = {"value": [], "by": ANNA, "at": tx.now.isoformat()}
    submissions.add(tx.db, case_id, 1, stage=Stage.APPLICATION, answers=written)
    submitted = Submitted(
        at=tx.now,
        by=ANNA,
        stage=Stage.APPLICATION,
        version=1,
        administrations=given["administrations"],
        authors=(ANNA,),
    )
    case = cases.add(tx.db, case_id, [submitted], after=Case())
    pdf, word = files
    for format_, sha256, content in (("pdf", pdf, PDF), ("docx", word, WORD)):
        documents.add(
            tx.db,
            case_id,
            version=1,
            issue=1,
            format=format_,
            sha256=sha256,
            name=f"Ansökan {case_id} version 1.{format_}",
            size=len(content),
        )
    stored = DocumentsStored(
        at=tx.now, by=f"{TEAM}:U0BOT", version=1, issue=1, pdf_sha256=pdf, docx_sha256=word
    )
    return case_id, cases.add(tx.db, case_id, [stored], after=case)
