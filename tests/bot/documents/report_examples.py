"""Reports with everything in them, and with as little as there can be. Nacka's table is seed 002's."""

from datetime import UTC, date, datetime
from decimal import Decimal

from flows.case import State
from flows.decided import Body, Verdict
from flows.deviation import Row, Table
from flows.document_figures import AmountRow, AmountTable
from flows.documents import Attachment
from flows.ledger import Account
from flows.papers import CapLeft, DecisionLine
from flows.report_facts import ReportFacts, Unused
from flows.report_papers import (
    AnnualReport,
    CommitteeYear,
    Compared,
    Comparison,
    DelegationList,
    FollowUp,
    PartReport,
    Permanent,
    Reconciliation,
    Returned,
    Sender,
    StatusGroup,
    StatusLine,
)
from flows.reporting import Activity, Contract
from tests.bot.documents.decision_examples import (
    DRIFT,
    INVESTMENT,
    MEASURE,
    SOURCE,
    about,
    bare_about,
    pots,
)

NACKA = (
    ("Trygghetsvärdar", "1.6", "1.2", "1.4"),
    ("SSPF (skola, socialtjänst, polis, fritid)", "1.5", "1.6", "1.5"),
    ("Stöd till lokala arbetsgrupper", "0.6", "0.6", "0.9"),
    ("Kameraövervakning – centrala funktioner", "0.1", "0.0", "0.2"),
    ("Insatser i samverkan med lokala aktörer", "1.1", "0.8", "0.4"),
    ("Övriga insatser", "0.1", "0.09", "0.6"),
)


def sender(day: date = date(2027, 1, 25)) -> Sender:
    return Sender(
        municipality="Exempelkommunen",
        department="Avdelningen Trygghet och säkerhet",
        programme="särskild trygghetssatsning",
        klg="KLG Trygghet och säkerhet",
        day=day,
    )


def line(number: int, operating: int, investment: int = 0) -> DecisionLine:
    return DecisionLine(
        number=f"D 2026-{number:04}",
        case_number=f"2026-{number + 10:04}",
        registry_number=f"KS 2026/{number + 200}",
        measure=MEASURE if number == 1 else f"Nattvandring i stadsdel {number}",
        body=Body.CHIEF_EXECUTIVE,
        verdict=Verdict.GRANTED if operating or investment else Verdict.REJECTED,
        day=date(2026, 12, number),
        decided_by="Kjell Norén",
        committees=("Socialnämnden", "Kultur- och fritidsnämnden")[: number % 2 + 1]
        if operating
        else (),
        operating=Decimal(operating),
        investment=Decimal(investment),
        source=SOURCE,
    )


def lines() -> tuple[DecisionLine, ...]:
    return (line(1, 350_000, 500_000), line(2, 120_000), line(3, 0))


def report(**changes: object) -> ReportFacts:
    facts = ReportFacts(
        case_id="2026-0012",
        dnr="KS 2026/214",
        measure=MEASURE,
        key="2027-april",
        period="utökad uppföljning per april 2027",
        day=date(2027, 4, 30),
        version=2,
        handed_in_at=datetime(2027, 5, 12, 8, 30, tzinfo=UTC),
        authors=("Anna Ek", "Eva Lund"),
        forecast=True,
        last=False,
        operating=Table(
            rows=(
                Row(
                    label="Kultur- och fritidsnämnden",
                    budget=Decimal(325_000),
                    outcome=Decimal(350_000),
                    forecast=Decimal(400_000),
                ),
                Row(
                    label="Socialnämnden",
                    budget=Decimal("375000.50"),
                    outcome=Decimal(120_000),
                    forecast=Decimal(375_000),
                ),
            )
        ),
        investment=Table(
            rows=(
                Row(
                    label="Teknik- och fastighetsnämnden",
                    budget=Decimal(1_000_000),
                    outcome=Decimal(200_000),
                    forecast=Decimal(900_000),
                ),
            )
        ),
        deviation_reason="Värdarna började en månad tidigare än planerat.",
        unused=(Unused(committee="Teknik- och fastighetsnämnden", amount=Decimal(100_000)),),
        activity=Activity.AS_PLANNED,
        done="Fyra värdar är anställda och utbildade.\n\nBelysningen är upphandlad.",
        ahead="Belysningen sätts upp i september.",
        short_term="Fler vuxna syns på kvällarna. Fritidsgårdarna märker ett lugnare läge.",
        long_term="För tidigt att säga; trygghetsmätningen görs i oktober.",
        results="412 passerade kvällar utan allvarlig händelse på stråket.",
        contract=Contract(
            measure="Andel som känner sig otrygga kvällstid, kommunens trygghetsmätning",
            baseline="34 procent (2026)",
            goal="Högst 25 procent",
            when=date(2028, 10, 31),
        ),
        measured="31 procent",
        appendices=(Attachment(name="Trygghetsmätning.pdf", size=2_411_724),),
    )
    return facts.model_copy(update=changes)


def follow_up() -> FollowUp:
    return FollowUp(about=about(), report=report(), decision=line(1, 350_000, 500_000))


def bare_follow_up() -> FollowUp:
    bare = report(
        version=1,
        forecast=False,
        operating=None,
        investment=None,
        deviation_reason=None,
        unused=(),
        ahead=None,
        contract=None,
        measured=None,
        appendices=(),
        authors=(),
    )
    return FollowUp(about=bare_about(), report=bare)


def part_report() -> PartReport:
    return PartReport(
        about=sender(date(2026, 12, 4)),
        meeting=date(2026, 12, 11),
        decisions=lines(),
        caps=(
            CapLeft(year=2026, kind=DRIFT, cap=Decimal(2_000_000), used=Decimal(470_000)),
            CapLeft(year=2026, kind=INVESTMENT, cap=Decimal(2_500_000), used=Decimal(500_000)),
        ),
        pots=pots()[:2],
        groups=(
            StatusGroup(state=State.ASSESSMENT, count=1, lines=(status(20),)),
            StatusGroup(
                state=State.FOLLOW_UP, count=60, lines=tuple(status(n) for n in range(30, 80))
            ),
        ),
        reports=(report(), report(measure="Nattvandring", contract=None, case_id="2026-0013")),
    )


def status(number: int) -> StatusLine:
    return StatusLine(
        case_number=f"2026-{number:04}",
        registry_number="" if number % 3 else f"KS 2026/{number}",
        measure=f"Belysta stråk, etapp {number}",
        since=date(2026, 11, 3),
    )


def bare_part_report() -> PartReport:
    return PartReport(
        about=sender(),
        meeting=date(2026, 12, 11),
        decisions=(),
        caps=(),
        pots=(),
        groups=(),
        reports=(),
    )


def annual_report() -> AnnualReport:
    names = (
        "Kommunstyrelsen",
        "Socialnämnden",
        "Kultur- och fritidsnämnden",
        "Teknik- och fastighetsnämnden",
        "Barn- och utbildningsnämnden",
    )
    return AnnualReport(
        about=sender(),
        year=2026,
        accounts=(
            Account(
                year=2026,
                kind=DRIFT,
                pot=Decimal(10_000_000),
                decided_by_board=Decimal(3_000_000),
                decided_by_chief_executive=Decimal("1290000.50"),
                transferred=Decimal(3_000_000),
            ),
            Account(
                year=2026,
                kind=INVESTMENT,
                pot=Decimal(20_000_000),
                adjustments=Decimal(2_500_000),
                decided_by_board=Decimal(2_500_000),
                returned=Decimal(400_000),
                reserved_for_board=Decimal(1_000_000),
            ),
        ),
        committees=tuple(
            CommitteeYear(
                committee=name,
                proposals=2 if at in {1, 2} else 0,
                municipal=1 if at == 1 else 0,
                operating=Decimal("4290000.50") if at == 1 else Decimal(0),
                investment=Decimal(2_500_000) if at == 2 else Decimal(0),
                returned=Decimal(400_000) if at == 2 else Decimal(0),
            )
            for at, name in enumerate(names)
        ),
        comparisons=(nacka(),),
        decisions=lines(),
        effects=(report(),),
    )


def nacka() -> Comparison:
    def mkr(amount: str) -> Decimal:
        return Decimal(amount) * 1_000_000

    return Comparison(
        kind=DRIFT,
        rows=tuple(
            Compared(
                proposal=mkr(proposal),
                row=Row(label=label, budget=mkr(budget), outcome=mkr(outcome)),
            )
            for label, proposal, outcome, budget in NACKA
        ),
    )


def bare_annual_report() -> AnnualReport:
    return AnnualReport(
        about=sender(),
        year=2026,
        accounts=(Account(year=2026, kind=DRIFT), Account(year=2026, kind=INVESTMENT)),
        committees=(CommitteeYear(committee="Socialnämnden", proposals=0, municipal=0),),
    )


def reconciliation() -> Reconciliation:
    years = (2027, 2028, 2029, 2030)
    label = f"{MEASURE} (2026-0012)"

    def row(*amounts: str) -> AmountRow:
        return AmountRow(label=label, amounts=tuple(map(Decimal, amounts)))

    return Reconciliation(
        about=sender(date(2026, 9, 1)),
        year=2027,
        capital_costs=AmountTable(years=years, rows=(row("0", "126750", "251112.50", "244000"),)),
        compensated=(label,),
        capital_costs_until=2048,
        commitments=AmountTable(years=years, rows=(row("0", "2220000", "0", "0"),)),
        returned=(
            Returned(
                measure="Kameror vid resecentrum",
                case_number="2025-0003",
                committee="Teknik- och fastighetsnämnden",
                kind=INVESTMENT,
                year=2026,
                amount=Decimal(400_000),
            ),
        ),
        permanent=(
            Permanent(
                measure=MEASURE,
                case_number="2026-0012",
                amount=Decimal(720_000),
                financing="Tas upp i Mål och budget från 2030, inom nämndens ram.",
            ),
        ),
    )


def bare_reconciliation() -> Reconciliation:
    return Reconciliation(about=sender(), year=2027)


def delegation_list() -> DelegationList:
    other = line(4, 10_000).model_copy(update={"source": "Kommunstyrelsen 2026-06-09 § 101"})
    return DelegationList(about=sender(), meeting=date(2026, 12, 15), decisions=(*lines(), other))


def bare_delegation_list() -> DelegationList:
    return DelegationList(about=sender(), meeting=date(2026, 12, 15), decisions=())
