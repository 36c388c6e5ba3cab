"""A rich application: three nämnder, three years, an investment with components, a new version."""

from datetime import UTC, date, datetime
from decimal import Decimal

from flows.document_figures import (
    AmountRow,
    AmountsByKind,
    AmountTable,
    CapitalCosts,
    CapitalCostYear,
    Component,
    FinanceOfficer,
    Investment,
    InvestmentLine,
    KindRow,
    Operating,
    OperatingLine,
    PropertyInvestment,
)
from flows.documents import (
    Anchoring,
    Application,
    Attachment,
    Calculations,
    Chair,
    Changes,
    Concerned,
    ConcernedCommittee,
    Contact,
    Conversation,
    EffectContract,
    Extra,
    FirstAssessment,
    OwnBudget,
    Proposal,
    Statement,
    Submitter,
)

YEARS = (2027, 2028, 2029)
CULTURE, SOCIAL, TECHNICAL = (
    "Kultur- och fritidsnämnden",
    "Socialnämnden",
    "Teknik- och fastighetsnämnden",
)


def kronor(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount.replace(" ", "")) for amount in amounts)


def row(label: str, *amounts: str, thereafter: str | None = None) -> AmountRow:
    later = kronor(thereafter)[0] if thereafter else None
    return AmountRow(label=label, amounts=kronor(*amounts), thereafter=later)


def facts_example() -> Application:
    return Application(
        municipality="Falkviks kommun",
        stage="application",
        measure="Trygghetsvärdar, fältarbete och belysta stråk i Centrum och Norrmalm",
        submitters=(
            Submitter(committee=CULTURE, administration="Kultur- och fritidsförvaltningen"),
            Submitter(committee=SOCIAL, administration="Socialförvaltningen"),
        ),
        day=date(2026, 11, 22),
        registry_number="KS 2026/214",
        case_number="TS-2026-012",
        version=2,
        contact=Contact(
            name="Anna Lindqvist",
            role="verksamhetsutvecklare",
            email="anna.lindqvist@falkvik.example",
            phone="0123-456 78",
        ),
        changes=Changes(
            since_version=1,
            lines=(
                "Punkt 3, Likviditetsfördelning: 2027 var 2 500 000 kr, är nu 1 000 000 kr.",
                "Punkt 4, Socialnämnden: hur nämnden har inkluderats är förtydligat.",
            ),
        ),
        first_assessment=FirstAssessment(forum="KLG Trygghet och säkerhet", day=date(2026, 10, 14)),
        proposal=proposal(),
        own_budget=own_budget(),
        calculations=calculations(),
        concerned=concerned(),
        anchoring=anchoring(),
        attachments=(
            Attachment(name="Blankett för investeringsprojekt.pdf", size=184_320),
            Attachment(name="Kalkyl trygghetsvärdar.xlsx", size=23_552),
            Attachment(name="Lägesbild Centrum och Norrmalm 2026.pdf", size=2_411_724),
        ),
    )


def proposal() -> Proposal:
    return Proposal(
        what=(
            "Fyra trygghetsvärdar arbetar kvällar och helger i Centrum och Norrmalm. De rör sig "
            "till fots, tar kontakt med unga och kallar på hjälp när den behövs.\n\n"
            "Två fältarbetare från socialtjänsten följer med fredagar och lördagar.\n"
            "Stråken mellan stationen, biblioteket och fritidsgården får ny belysning."
        ),
        reinforces=(
            "Fritidsgårdarnas öppethållande, socialtjänstens fältarbete och den gemensamma "
            "lägesbilden med polisen. Åtgärden lägger till vuxna på de tider då ingen av "
            "verksamheterna är på plats i dag."
        ),
        goal=(
            "Fler unga och äldre ska känna sig trygga i Centrum och Norrmalm efter mörkrets "
            "inbrott, och färre händelser ska behöva polisens insats."
        ),
        scope="cross_sector",
        added_value=(
            "Tre förvaltningar delar bemanning, lägesbild och uppföljning. Det ger kommunen en "
            "gemensam närvaro som ingen nämnd kan stå för ensam."
        ),
        political_direction=(
            "Åtgärden hör till inriktningen Trygga mötesplatser i Mål och budget 2026 med "
            "flerårsplan 2027–2029."
        ),
        new_activity=True,
        new_activity_note="Kommunen har inte haft egna trygghetsvärdar tidigare.",
        effect=EffectContract(
            measure="Andel som känner sig otrygga kvällstid, kommunens trygghetsmätning",
            baseline="34 procent (2026)",
            goal="Högst 25 procent",
            when=date(2028, 10, 31),
        ),
        extra=(
            Extra(
                question="Hur påverkar åtgärden barn och unga?",
                answer="Unga har varit med och pekat ut platser och tider.",
            ),
        ),
    )


def own_budget() -> OwnBudget:
    return OwnBudget(
        within_frame=False,
        analysis=(
            "Nämnden har prövat att omfördela inom fritidsgårdarnas ram. Det skulle stänga två "
            "gårdar två kvällar i veckan, vilket motverkar syftet. 100 000 kr kan tas ur ramen "
            "det första året."
        ),
        long_term_financing=(
            "Trygghetsvärdarna tas upp i Mål och budget från 2030, inom kultur- och "
            "fritidsnämndens ram."
        ),
    )


def calculations() -> Calculations:
    return Calculations(
        start=date(2027, 3, 1),
        end=None,
        budget_years=YEARS,
        finance_officer=FinanceOfficer(
            name="Eva Ek",
            administration="Kultur- och fritidsförvaltningen",
            confirmed_at=datetime(2026, 11, 18, 13, 5, tzinfo=UTC),
        ),
        operating=operating(),
        investment=investment(),
        capital_costs=capital_costs(),
        own_financing=AmountsByKind(
            years=YEARS,
            rows=(KindRow(kind="operating", amounts=kronor("100 000", "50 000", "0")),),
        ),
        applied=AmountsByKind(
            years=YEARS,
            rows=(
                KindRow(
                    kind="operating",
                    amounts=kronor("600 000", "1 120 000", "945 000"),
                    thereafter=Decimal(720_000),
                ),
                KindRow(kind="investment", amounts=kronor("1 000 000", "1 500 000", "0")),
            ),
        ),
        property_investment=PropertyInvestment(
            implementer="Teknik- och fastighetsförvaltningen",
            contacted="Nils Norberg, Teknik- och fastighetsförvaltningen,",
            day=date(2026, 9, 30),
            internal_rent="Internhyran för fritidsgården påverkas inte.",
        ),
    )


def operating() -> Operating:
    return Operating(
        lines=(
            OperatingLine(
                what="Trygghetsvärdar, fyra tjänster på deltid",
                start=date(2027, 9, 1),
                permanent=True,
                one_off=False,
                full_year=Decimal(720_000),
            ),
            OperatingLine(
                what="Fältarbete fredag och lördag",
                start=date(2027, 3, 1),
                end=date(2029, 6, 30),
                permanent=False,
                one_off=False,
                full_year=Decimal(450_000),
            ),
            OperatingLine(
                what="Utbildning i lågaffektivt bemötande",
                start=date(2027, 8, 1),
                end=date(2027, 8, 31),
                permanent=False,
                one_off=True,
            ),
        ),
        per_year=AmountTable(
            years=YEARS,
            rows=(
                row(
                    "Trygghetsvärdar, fyra tjänster på deltid",
                    *("240 000", "720 000", "720 000"),
                    thereafter="720 000",
                ),
                row("Fältarbete fredag och lördag", "375 000", "450 000", "225 000"),
                row("Utbildning i lågaffektivt bemötande", "85 000", "0", "0"),
            ),
        ),
    )


COMPONENTS = (
    Component(what="Stolpar och kabel", amount=Decimal(1_500_000), useful_life_years=20),
    Component(what="Armaturer", amount=Decimal(800_000), useful_life_years=10),
    Component(
        what="Styrsystem",
        amount=Decimal(200_000),
        useful_life_years=5,
        residual_value=Decimal(20_000),
    ),
)


def investment() -> Investment:
    return Investment(
        lines=(
            InvestmentLine(
                what="Belysning längs gång- och cykelstråk",
                amount=Decimal(2_500_000),
                in_use_from=date(2028, 7, 1),
                residual_value=Decimal(20_000),
                components=COMPONENTS,
            ),
        ),
        payments=AmountTable(
            years=YEARS,
            rows=(row("Belysning längs gång- och cykelstråk", "1 000 000", "1 500 000", "0"),),
        ),
        forms=("bilaga 1, Blankett för investeringsprojekt",),
        process_followed=True,
    )


def capital_costs() -> CapitalCosts:
    """In use from 1 July 2028: the first and the last year of each part are half."""
    years = []
    for year in range(2028, 2049):
        depreciation = interest = Decimal(0)
        for part in COMPONENTS:
            age = year - 2028
            if age > part.useful_life_years:
                continue
            months = 6 if age in {0, part.useful_life_years} else 12
            yearly = (part.amount - part.residual_value) / part.useful_life_years
            opening = part.amount - yearly * (age - Decimal("0.5") if age else 0)
            depreciation += yearly * months / 12
            interest += opening * Decimal("0.025") * months / 12
        years.append(
            CapitalCostYear(
                year=year,
                depreciation=round(depreciation, 2),
                interest=round(interest, 2),
                rate_percent=Decimal("2.5"),
                preliminary=year > 2028,
            )
        )
    return CapitalCosts(
        years=tuple(years),
        full_year=Decimal(253500),
        rate_source="kommunfullmäktige, Mål och budget 2026",
    )


def concerned() -> Concerned:
    return Concerned(
        committees=(
            ConcernedCommittee(
                committee=SOCIAL,
                administration="Socialförvaltningen",
                how_included="Enhetschefen för fältarbetet har skrivit förslaget tillsammans med "
                "oss. Schemat är förankrat i ledningsgruppen.",
                costs_included=True,
            ),
            ConcernedCommittee(
                committee=TECHNICAL,
                administration="Teknik- och fastighetsförvaltningen",
                how_included="Har tagit fram kalkylen för belysningen och genomför den.",
                costs_included=False,
                explanation="Elen för belysningen ryms i nämndens ram och ingår inte.",
            ),
        ),
        operating_split=AmountTable(
            years=YEARS,
            rows=(
                row(CULTURE, "325 000", "720 000", "720 000", thereafter="720 000"),
                row(SOCIAL, "375 000", "450 000", "225 000"),
            ),
        ),
        investment_split=AmountTable(
            years=YEARS, rows=(row(TECHNICAL, "1 000 000", "1 500 000", "0"),)
        ),
    )


def anchoring() -> Anchoring:
    return Anchoring(
        conversations=(
            Conversation(
                day=date(2026, 9, 24),
                counterpart="chair",
                committee=CULTURE,
                note="Idén presenterades. Ordföranden vill se fältarbetet med från början.",
            ),
            Conversation(
                day=date(2026, 11, 17),
                counterpart="presidium",
                committee=SOCIAL,
                note="Genomgång av den färdiga kalkylen.",
            ),
        ),
        attested=Statement(name="Anna Lindqvist", at=datetime(2026, 11, 20, 8, 15, tzinfo=UTC)),
        chairs=(
            Chair(
                name="Karin Berg",
                committee="kultur- och fritidsnämnden",
                asked=True,
                confirmed_at=datetime(2026, 11, 20, 14, 40, tzinfo=UTC),
            ),
        ),
    )
