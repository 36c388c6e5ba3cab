"""The secretary records kommunstyrelsen's decision: the meeting first, then what it decided.

Both steps are made from the case as it is. The year's money is taken before anything is counted, so
that no two decisions give the same kronor (R000-14).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from pydantic import ValidationError
from sqlalchemy import Connection

from bot.acts import board, decided, standing, who, writing
from bot.blocks import board as board_blocks
from bot.blocks import board_heading, kit
from bot.blocks import board_record as blocks
from bot.blocks.kit import Block
from bot.ids import NotOurs, Value
from bot.office import Office
from bot.perform import Transaction
from flows import board_inputs, deadlines
from flows.application import calculation_of
from flows.board import met_last, refuse_unless
from flows.board_inputs import Choices
from flows.board_record import Heading, Minutes, Texts, Wanted, amount_field, cells, number
from flows.board_record import decided as decided_event
from flows.calculation import CapitalCostBearer
from flows.case import Case, State
from flows.dates import local_day
from flows.decided import Verdict
from flows.errors import InvalidAnswer, NotAllowed
from flows.events import PersonId
from flows.form import LONGEST
from flows.inputs import WrongInputs
from flows.ledger import Accounts, refuse_over_pot, totals
from flows.money import ZERO
from flows.programme import Role
from storage import cases, decisions, ledger, officer_reports


def ask(tx: Transaction, office: Office, *, value: Value, by: PersonId) -> Block:
    """The first step: which meeting, and who gets what when."""
    case = _open(tx.db, office, value, by=by)
    wanted = wanted_by(tx.db, office, value.case, case)
    pots = {money.year for money in office.programme.money}
    return board_heading.heading_modal(
        office,
        board.about(tx.db, office, value.case, case),
        wanted,
        met=met_last(office.programme, case, today=local_day(tx.now)),
        years=sorted(pots | set(wanted.years)),
    )


def go_on(
    tx: Transaction,
    office: Office,
    *,
    value: Value,
    by: PersonId,
    inputs: Mapping[str, str],
    chosen: Choices,
) -> Block:
    """The second step. Raises WrongInputs with everything that is wrong in the first."""
    case = _open(tx.db, office, value, by=by)
    wanted = wanted_by(tx.db, office, value.case, case)
    heading = board_inputs.heading(case, office.programme, wanted, inputs, chosen, at=tx.now)
    refuse_taken(tx.db, value.case, heading, name="paragraph")
    about = board.about(tx.db, office, value.case, case)
    filled = _filled(tx.db, office, value.case, case, wanted)
    fields = blocks.minutes_blocks(office, about, heading, wanted, filled)
    if len(fields) > kit.MOST_IN_VIEW:
        raise WrongInputs({"committees": InvalidAnswer("refusals.board.too_many_fields")})
    carried = Value(value.case, value.stage, value.version, heading.model_dump_json())
    return blocks.minutes_modal(office, carried, fields)


def record(
    tx: Transaction, office: Office, *, value: Value, by: PersonId, inputs: Mapping[str, str]
) -> None:
    """Put the decision on record. Raises WrongInputs with all that is missing or does not add up."""
    case = _open(tx.db, office, value, by=by)
    wanted = wanted_by(tx.db, office, value.case, case)
    heading = heading_of(case, office, wanted, value.what, at=tx.now)
    minutes = read_minutes(office, heading, wanted, inputs)
    refuse_taken(tx.db, value.case, heading, name=next(iter(inputs), ""))
    if heading.verdict is Verdict.GRANTED:
        refuse_what_is_not_there(minutes, wanted, money=ledger.taken(tx.db, years_of(minutes)))
    event = decided_event(
        case, value.case, minutes, keep_texts(tx, value.case, minutes), by=by, at=tx.now
    )
    after = cases.add(tx.db, value.case, [event], after=case)
    about = board.about(tx.db, office, value.case, after)
    name = who.name_of(tx.db, office, by)
    board.settle(tx, value.case, case, board_blocks.recorded(office, about, event, name=name))
    decided.follow(tx, office, value.case, after)
    text, content = board_blocks.ask_to_announce(
        office,
        about,
        event,
        deadlines.verify_by(office.calendar, event.day),
    )
    for person in who.with_role(tx.db, office, Role.SECRETARY):
        writing.tell(tx, person, text, content)


def wanted_by(db: Connection, office: Office, case_id: str, case: Case) -> Wanted:
    """What the version before kommunstyrelsen asks for."""
    of = calculation_of(standing.answers(db, office, case_id, case))
    invested = of.investments if of else ()
    borne_by = of.capital_costs_borne_by if of else None
    return Wanted(
        allocations=case.route.reserved if case.route else (),
        paid_in=tuple(sorted({year for one in invested for year in one.payments})),
        compensation=bool(invested) and borne_by is CapitalCostBearer.PROGRAMME,
    )


def _open(db: Connection, office: Office, value: Value, *, by: PersonId) -> Case:
    """The case, for a secretary, while it waits for kommunstyrelsen in the version that she saw."""
    board.require(db, office, by)
    case = board.load(db, value.case)
    refuse_unless(case, State.EXECUTIVE_BOARD, version=value.version)
    return case


def heading_of(
    case: Case, office: Office, wanted: Wanted, carried_in: str, *, at: datetime
) -> Heading:
    """The first step as the second carries it, judged again: it has been out of our hands."""
    try:
        carried = Heading.model_validate_json(carried_in)
    except ValidationError:
        raise NotOurs(carried_in) from None
    inputs = {name: str(getattr(carried, name)) for name in ("verdict", "day", "paragraph", "dnr")}
    chosen = {
        "committees": carried.committees,
        "kinds": tuple(carried.kinds),
        "years": tuple(str(year) for year in carried.years),
        "every": ("yes",) if carried.every else (),
    }
    return board_inputs.heading(case, office.programme, wanted, inputs, chosen, at=at)


def read_minutes(
    office: Office, heading: Heading, wanted: Wanted, inputs: Mapping[str, str]
) -> Minutes:
    """The second step. Raises WrongInputs with all that is missing or does not add up."""
    pots = {
        (kind, year): blocks.pot_name(office, kind, year)
        for kind in heading.kinds
        for year in heading.years
    }
    return board_inputs.minutes(office.programme, heading, wanted, inputs, pots=pots)


def refuse_taken(db: Connection, case_id: str, heading: Heading, *, name: str) -> None:
    taken = number(heading, case_id)
    if decisions.exists(db, taken):
        refusal = InvalidAnswer("refusals.board.number_taken", number=taken)
        raise WrongInputs({name: refusal})


def years_of(minutes: Minutes) -> set[int]:
    """The budget years of what is given, and of what pays for it."""
    return {year for year, _ in totals([*minutes.granted, *minutes.financing])}


def refuse_what_is_not_there(minutes: Minutes, wanted: Wanted, *, money: Accounts) -> None:
    """Nothing passes a pot, and a year without one gets nothing: that is kommunfullmäktige's matter."""
    try:
        refuse_over_pot(money, minutes.granted, financing=minutes.financing)
    except NotAllowed as refusal:
        facts, name = refusal.facts, refusal.key.rpartition(".")[2]
        (kind, year), committees = next(
            (at, written)
            for at, written in cells(minutes.heading, wanted).items()
            if at[1] == facts["year"] and at[0] == facts.get("kind", at[0])
        )
        field = amount_field(committees[0], kind, year)
        raise WrongInputs({field: NotAllowed(f"refusals.board.{name}", **facts)}) from None


def _filled(
    db: Connection,
    office: Office,
    case_id: str,
    case: Case,
    wanted: Wanted,
) -> blocks.Filled:
    """The proposal of the tjänsteskrivelse, else one made of what is asked; and the investment's sums."""
    saved = officer_reports.get(db, case_id)
    points: Sequence[str] = saved.report.points if saved else ()
    if not points:
        title = board.about(db, office, case_id, case).title
        points = blocks.proposal(office, title, wanted.allocations)
    of = calculation_of(standing.answers(db, office, case_id, case))
    payments: dict[int, Decimal] = {}
    for line in of.investments if of else ():
        for year, amount in line.payments.items():
            payments[year] = payments.get(year, ZERO) + amount
    total = sum(payments.values(), ZERO)
    return blocks.Filled(
        points="\n".join(points)[:LONGEST], total_estimate=total or None, payments=payments
    )


def keep_texts(tx: Transaction, case_id: str, minutes: Minutes) -> Texts:
    """The free text of the record: a point or a name a line, removable without touching the event."""

    def keep(lines: Sequence[str]) -> int | None:
        return board.stored(tx, case_id, "\n".join(lines))

    granted = minutes.heading.verdict is Verdict.GRANTED
    return Texts(
        points=keep(minutes.points) if granted else None,
        reservations=keep(minutes.names.reservations),
        not_participating=keep(minutes.names.not_participating),
        disqualified=keep(minutes.names.disqualified),
        proposals=board.stored(tx, case_id, minutes.proposals),
        reason=board.stored(tx, case_id, minutes.reason),
    )
