"""Documents of decisions with everything in them, and with as little as there can be."""

from datetime import UTC, date, datetime
from decimal import Decimal

from flows.decided import Allocation, Body, CouncilOutcome, Financing, Reason, RouteReason, Verdict
from flows.decision_papers import (
    About,
    Asked,
    Council,
    DelegatedDecision,
    Dispatch,
    Investment,
    Later,
    Minutes,
    OfficerReport,
    Recipient,
)
from flows.document_figures import AmountRow
from flows.documents import Submitter
from flows.events import Opinion
from flows.officer_report import Consultation, Mbl, Purpose, Stance, WrittenReport
from flows.papers import CapLeft, Klg, PotLeft, Sums, sums
from flows.practice import Section, Signatory
from flows.recipients import Duty
from flows.references import read
from flows.rules import CostKind
from tests.bot.documents.example import capital_costs
from tests.flows.filled import example

DRIFT, INVESTMENT = CostKind.OPERATING, CostKind.INVESTMENT
MEASURE = "Trygghetsvärdar, fältarbete och belysta stråk i Centrum och Norrmalm"
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
SOURCE = "Rutin för den särskilda trygghetssatsningen, inledningen"


def gets(committee: str, kind: CostKind, year: int, kronor: str, code: str = "") -> Allocation:
    amount = Decimal(kronor.replace(" ", ""))
    return Allocation(committee=committee, kind=kind, year=year, amount=amount, activity_code=code)


def about(**changes: object) -> About:
    said = About(
        municipality="Exempelkommunen",
        department="Avdelningen Trygghet och säkerhet",
        programme="särskild trygghetssatsning",
        day=date(2026, 12, 1),
        registry_number="KS 2026/214",
        case_number="2026-0012",
        measure=MEASURE,
        submitters=(
            Submitter(
                committee="Kultur- och fritidsnämnden",
                administration="Kultur- och fritidsförvaltningen",
            ),
            Submitter(committee="Socialnämnden", administration="Socialförvaltningen"),
        ),
        version=2,
        pdf_sha256=HASH,
        submitted=date(2026, 11, 20),
    )
    return said.model_copy(update=changes)


def asked() -> Asked:
    return Asked(
        what=(
            "Fyra trygghetsvärdar arbetar kvällar och helger i Centrum och Norrmalm. De rör sig "
            "till fots, tar kontakt med unga och kallar på hjälp när den behövs.\n\n"
            "Två fältarbetare från socialtjänsten följer med fredagar och lördagar."
        ),
        goal=(
            "Fler unga och äldre ska känna sig trygga i Centrum och Norrmalm efter mörkrets "
            "inbrott, och färre händelser ska behöva polisens insats."
        ),
        start=date(2027, 3, 1),
        permanent=True,
        thereafter=Decimal(720_000),
        capital_costs=capital_costs(),
    )


def several_years() -> Sums:
    return sums(
        example(),
        (
            gets("kultur-och-fritidsnamnden", DRIFT, 2027, "325 000", "TR300"),
            gets("kultur-och-fritidsnamnden", DRIFT, 2028, "720 000", "TR300"),
            gets("socialnamnden", DRIFT, 2027, "375 000.50", "TR200"),
            gets("teknik-och-fastighetsnamnden", INVESTMENT, 2027, "1 000 000"),
            gets("teknik-och-fastighetsnamnden", INVESTMENT, 2028, "1 500 000"),
        ),
    )


def one_year() -> Sums:
    return sums(
        example(),
        (
            gets("socialnamnden", DRIFT, 2026, "200 000", "TR200"),
            gets("kultur-och-fritidsnamnden", DRIFT, 2026, "150 000", "TR300"),
            gets("socialnamnden", INVESTMENT, 2026, "500 000", "TR200"),
        ),
    )


def klg() -> Klg:
    return Klg(
        forum="KLG Trygghet och säkerhet",
        outcome=Opinion.RECOMMEND,
        day=date(2026, 11, 25),
        votes=3,
        eligible=3,
        reasons=("Stärker närvaron kvällstid. Bör samordnas med fritidsgårdarnas öppettider.",),
    )


def pots() -> tuple[PotLeft, ...]:
    def pot(year: int, kind: CostKind, amount: int, decided: int, reserved: int) -> PotLeft:
        return PotLeft(
            year=year,
            kind=kind,
            pot=Decimal(amount),
            decided=Decimal(decided),
            returned=Decimal(100_000) if kind is INVESTMENT else Decimal(0),
            committed=Decimal(250_000),
            reserved=Decimal(reserved),
            left=Decimal(amount - decided - reserved - 250_000)
            + (Decimal(100_000) if kind is INVESTMENT else 0),
        )

    return (
        pot(2027, DRIFT, 10_000_000, 1_200_000, 700_000),
        pot(2027, INVESTMENT, 20_000_000, 6_000_000, 1_000_000),
        pot(2028, DRIFT, 10_000_000, 0, 720_000),
        pot(2028, INVESTMENT, 20_000_000, 0, 1_500_000),
    )


def recipients() -> tuple[Recipient, ...]:
    duties = (Duty.REGISTRAR, Duty.DIRECTOR, Duty.CASE_OFFICER, Duty.FINANCE_MANAGER)
    return (
        *(
            Recipient(duty=duty, of=of, name="Mira Sandell" if duty is Duty.DIRECTOR else "")
            for of in ("socialförvaltningen", "kultur- och fritidsförvaltningen")
            for duty in duties
        ),
        Recipient(duty=Duty.INVESTMENT_STRATEGIST, name="Ivar Strand"),
        Recipient(duty=Duty.EXTRA, of="ekonomiavdelningen"),
        Recipient(duty=Duty.EXTRA, of="brottsförebyggande rådet", information=True),
    )


REASONS = (
    RouteReason(code=Reason.PERMANENT),
    RouteReason(code=Reason.MULTI_YEAR),
    RouteReason(
        code=Reason.CAP,
        kind=DRIFT,
        year=2027,
        amount=Decimal("700000.50"),
        limit=Decimal(2_000_000),
        used=Decimal(1_500_000),
    ),
)


def written() -> WrittenReport:
    return WrittenReport(
        points=(
            "Kultur- och fritidsnämnden och socialnämnden beviljas 700 000,50 kr i drift 2027.",
            "Teknik- och fastighetsnämnden beviljas 2 500 000 kr i investering 2027 och 2028.",
            "720 000 kr inarbetas i kultur- och fritidsnämndens budget för 2028.",
        ),
        purposes=(
            Purpose(
                committee="socialnämnden",
                text="Fältarbetarna når unga som vill lämna kriminalitet.",
            ),
            Purpose(
                committee="kultur- och fritidsnämnden", text="Trygghetsvärdarna är ute varje kväll."
            ),
            Purpose(
                committee="teknik- och fastighetsnämnden", text="Stråken till centrum lyses upp."
            ),
        ),
        background=(
            "Kommunstyrelsen beslutade 2026-03-24 § 41 om lägesbild och åtgärdsplan. "
            "Otryggheten i Centrum och Norrmalm har ökat tre år i rad.\n\nPolisen och kommunen "
            "har en gemensam lägesbild."
        ),
        finance="Drift söks för två år. Från 2029 tas kostnaden upp i Mål och budget.",
        children="Barn och unga har varit med och pekat ut platser och tider.",
        equality="Kvinnor är otrygga i högre grad än män. Åtgärden riktas mot de stråk de nämner.",
        goals=("Fler invånare känner sig trygga i sitt bostadsområde och i centrum",),
        consultation=Consultation(
            group="förvaltningsövergripande samordningsgruppen mot segregation",
            stance=Stance.RECOMMENDS,
        ),
        mbl=Mbl.INFORMATION,
        mbl_on=date(2026, 11, 24),
        documents=(read("KF 2019-12-09 § 197"), read("Lägesbild Centrum 2026-09-13")),
    )


SIGNATORIES = (
    Signatory(name="Karin Holm", title="Säkerhetschef", unit="Avdelningen Trygghet och säkerhet"),
    Signatory(name="Sara Wik", title="Utredare", unit="Avdelningen Trygghet och säkerhet"),
)


def council() -> Council:
    return Council(outcome=CouncilOutcome.DECIDED, day=date(2026, 11, 23), paragraph="§ 118")


def officer_report() -> OfficerReport:
    return OfficerReport(
        about=about(),
        asked=asked(),
        number=2,
        written=written(),
        sections=tuple(Section),
        sums=several_years(),
        reasons=REASONS,
        klg=klg(),
        council=council(),
        pots=pots(),
        recipients=recipients(),
        signatories=SIGNATORIES,
    )


def bare_officer_report() -> OfficerReport:
    return OfficerReport(
        about=bare_about(), asked=Asked(), sections=(), sums=one_nothing(), signatories=()
    )


def bare_about() -> About:
    submitters = (Submitter(committee="Socialnämnden"),)
    return about(
        registry_number="", measure="Nattvandring", submitters=submitters, pdf_sha256="", version=1
    )


def one_nothing() -> Sums:
    return Sums()


def delegated_decision() -> DelegatedDecision:
    return DelegatedDecision(
        about=about(),
        asked=asked().model_copy(update={"permanent": False, "thereafter": None}),
        number="D 2026-0001",
        verdict=Verdict.GRANTED,
        decided_at=datetime(2026, 12, 1, 13, 5, tzinfo=UTC),
        decided_by="Bo Bergman",
        instead_of="Kjell Norén",
        deputy_source="Kommunstyrelsen 2026-06-09 § 101",
        source=SOURCE,
        sums=one_year(),
        motivation="Åtgärden kan börja i år och stärker närvaron där otryggheten är störst.",
        reasons=(
            RouteReason(
                code=Reason.WITHIN_DELEGATION,
                kind=DRIFT,
                year=2026,
                amount=Decimal(350_000),
                limit=Decimal(2_000_000),
                used=Decimal(1_500_000),
            ),
        ),
        caps=(
            CapLeft(year=2026, kind=DRIFT, cap=Decimal(2_000_000), used=Decimal(1_850_000)),
            CapLeft(year=2026, kind=INVESTMENT, cap=Decimal(2_500_000), used=Decimal(500_000)),
        ),
        pots=pots()[:2],
        disqualified=("Mira Sandell",),
        klg=klg(),
        recipients=recipients(),
    )


def bare_delegated_decision() -> DelegatedDecision:
    return DelegatedDecision(
        about=bare_about(),
        asked=Asked(),
        number="D 2026-0002",
        verdict=Verdict.REJECTED,
        decided_at=datetime(2026, 12, 1, 13, 5, tzinfo=UTC),
        decided_by="Kjell Norén",
        source=SOURCE,
        sums=Sums(),
    )


def dispatch() -> Dispatch:
    return Dispatch(
        about=about(),
        asked=asked(),
        number="KS 2026-12-15 § 22 (2026-0012)",
        body=Body.EXECUTIVE_BOARD,
        verdict=Verdict.GRANTED,
        decided_on=date(2026, 12, 15),
        proposed_points=written().points,
        proposed_by="drafting_committee",
        proposed_on=date(2026, 12, 7),
        view=written().background,
        klg=klg(),
        council=council(),
        basis=written().documents,
        minutes=Minutes(
            paragraph="§ 22",
            dnr="KS 2020/66",
            points=written().points,
            proposals=(
                "Ordföranden konstaterar att det endast finns ett förslag till beslut och att "
                "kommunstyrelsen beslutar i enlighet med förslaget."
            ),
            reservations=("Sven Gustafsson (M)",),
            not_participating=(
                "Linus Björkman (M)",
                "Michael Fridebäck (M)",
                "Alexandra Anstrell (M)",
            ),
            disqualified=("Bo Ek (C)",),
            verified=date(2026, 12, 18),
            announced=date(2026, 12, 21),
        ),
        sums=several_years(),
        asked_sums=sums(example(), (gets("socialnamnden", DRIFT, 2027, "5 000 000", "TR200"),)),
        investment=Investment(
            total=Decimal(2_500_000),
            years=(2027, 2028),
            payments=AmountRow(label="", amounts=(Decimal(1_000_000), Decimal(1_500_000))),
        ),
        later=(
            Later(
                year=2028,
                committee="Kultur- och fritidsnämnden",
                kind="operating",
                amount=Decimal(720_000),
            ),
            Later(
                year=2028,
                committee="Teknik- och fastighetsnämnden",
                kind="investment",
                amount=Decimal(1_500_000),
            ),
        ),
        financing=(
            Financing(
                source="Kommunstyrelsens investeringsreserv",
                kind=INVESTMENT,
                year=2027,
                amount=Decimal(2_500_000),
            ),
        ),
        recipients=recipients(),
    )


def bare_dispatch() -> Dispatch:
    return Dispatch(
        about=bare_about(),
        asked=Asked(),
        number="D 2026-0002",
        body=Body.CHIEF_EXECUTIVE,
        verdict=Verdict.REMITTED,
        decided_on=date(2026, 12, 1),
        decided_by="Kjell Norén",
        source=SOURCE,
        sums=Sums(),
    )
