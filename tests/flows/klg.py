"""A small KLG and a case before it, for tests: Karin convenes, Lars, Mira and Nils are members."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flows.assessment import Said, Seen
from flows.case import Case, Event, replay
from flows.events import OPINIONS, DocumentsStored, Opinion, Stage, Submitted
from flows.panel import Member, Panel
from flows.rules import AssessmentRule, Majority

NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
KARIN, LARS, MIRA, NILS = "T:KARIN", "T:LARS", "T:MIRA", "T:NILS"
ANNA, SARA = "T:ANNA", "T:SARA"  # who wrote it; the secretary
BOT = "T:BOT"
MEMBERS = (
    Member(KARIN, "Karin Holm", "kommunstyrelseforvaltningen"),
    Member(LARS, "Lars Berg", "teknik-och-fastighetsforvaltningen"),
    Member(MIRA, "Mira Sandell", "socialforvaltningen"),
    Member(NILS, "Nils Åkerman", "kultur-och-fritidsforvaltningen"),
)
KLG = Panel(MEMBERS, convener=KARIN, secretaries=(SARA,))
SINCE = NOON.date().replace(month=1, day=1)


def rule(kind: Majority = Majority.MAJORITY, count: int | None = None) -> AssessmentRule:
    return AssessmentRule(since=SINCE, source="rutinen", rule=kind, count=count)


def submitted(stage: Stage = Stage.PROPOSAL, version: int = 1, **changes: Any) -> Submitted:
    values: dict[str, Any] = {
        "by": ANNA,
        "at": NOON,
        "stage": stage,
        "version": version,
        "administrations": ("socialforvaltningen",),
        "authors": (ANNA,),
    }
    return Submitted(**(values | changes))


def stored(version: int = 1, issue: int = 1) -> DocumentsStored:
    return DocumentsStored(
        by=BOT, at=NOON, version=version, issue=issue, pdf_sha256="a" * 64, docx_sha256="b" * 64
    )


def before_klg(stage: Stage = Stage.PROPOSAL, **changes: Any) -> Case:
    """A first version whose documents are stored."""
    return replay([submitted(stage, **changes), stored()])


def seen(case: Case) -> Seen:
    return Seen(case.stage, case.version)


def says(opinion: Opinion, reason: int | None = 1) -> Said:
    """An opinion with whatever it needs."""
    favourable = opinion in {Opinion.IN_LINE, Opinion.RECOMMEND}
    asks = opinion in {Opinion.UNCLEAR, Opinion.COMPLETE}
    return Said(opinion, None if favourable else reason, ("goal",) if asks else ())


def opinions(stage: Stage) -> tuple[Opinion, Opinion, Opinion]:
    first, second, third = OPINIONS[stage]
    return first, second, third


def after(case: Case, events: list[Event]) -> Case:
    for event in events:
        case = case.after(event)
    return case


def later(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)
