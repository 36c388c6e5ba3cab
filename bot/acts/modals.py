"""The modals of the conversation, made from the draft as it is when they are opened."""

from bot.acts import allowed, intake, writing
from bot.acts.writing import Writing
from bot.blocks import kit, rows
from bot.blocks import reporting as blocks
from bot.ids import INVITED, About
from bot.office import Office
from bot.perform import Transaction
from flows import calculation, reporting
from flows.application import calculation_of
from flows.calculation import TimeFrame
from flows.errors import NotAllowed, Stale
from flows.intake import receivers


def row(
    tx: Transaction, office: Office, *, person: str, about: About, index: int | None
) -> kit.Block:
    """The modal for a new row, or for the one at `index`."""
    opened = _asked(tx, office, person=person, about=about)
    kept = opened.rows(about.key)
    of = kept[index] if index is not None and index < len(kept) else None
    submitting = receivers(
        office.programme, {"administrations": opened.known.get("administrations", ())}
    )
    frame = frame_of(opened)
    return rows.row(
        office,
        About(about.draft, about.key, about.saw, "" if index is None else str(index)),
        committees=submitting or tuple(one.id for one in office.programme.committees),
        years=frame.budget_years if frame else (intake.today(tx).year,),
        today=intake.today(tx),
        of=of,
    )


def split(tx: Transaction, office: Office, *, person: str, about: About) -> kit.Block:
    """The table of point 4: an amount for each committee, kind and year that has a cost."""
    opened = _asked(tx, office, person=person, about=about)
    of = calculation_of(opened.known)
    if of is None:
        raise NotAllowed("refusals.intake.no_longer_asked")
    cells = [
        (kind.value, year, cost)
        for kind, by_year in calculation.costs(of).items()
        for year, cost in by_year.items()
        if cost
    ]
    committees = receivers(office.programme, opened.known)
    if len(cells) * (len(committees) + 1) + 1 > kit.MOST_IN_VIEW:
        raise NotAllowed("refusals.intake.split_too_large")
    return rows.split(
        office,
        about,
        committees=committees,
        cells=cells,
        of=opened.rows("split"),
    )


def report_amounts(tx: Transaction, office: Office, *, person: str, about: About) -> kit.Block:
    """The table of a report: an amount for each nämnd and kind that was granted money that year.

    Of more lines than a modal holds, those without an amount come first.
    """
    opened = _asked(tx, office, person=person, about=about)
    if opened.report is None:
        raise NotAllowed("refusals.intake.no_longer_asked")
    kept = {(row.committee, row.kind, row.year): row.amount for row in opened.rows(about.key)}
    places = sorted(
        reporting.places(opened.report, about.key).items(), key=lambda found: found[0] in kept
    )
    shown = places[: blocks.MOST_AMOUNTS]
    return blocks.amounts(office, about, places=shown, of=kept)


def invite(tx: Transaction, office: Office, *, person: str, about: About) -> kit.Block:
    """Whom to write together with."""
    opened = writing.open_for(tx.db, office, about.draft, person=person)
    texts = office.texts
    choose: kit.Block = {
        "type": "multi_users_select",
        "action_id": "value",
        "placeholder": kit.plain(texts.plain("intake.words.choose_person"), limit=150),
    }
    title = opened.title or texts.plain("intake.question.untitled")
    return kit.modal(
        INVITED,
        texts.plain("intake.words.button.invite"),
        [
            kit.section(texts("intake.said.invite_offer", title=title)),
            kit.field("people", texts.plain("intake.words.colleagues"), choose),
        ],
        metadata=about,
        submit=texts.plain("intake.words.button.invite_send"),
        close=texts.plain("intake.words.button.close"),
    )


def frame_of(opened: Writing) -> TimeFrame | None:
    start, end = opened.known.get("start"), opened.known.get("end")
    return TimeFrame(start=start, end=end) if start and end else None


def _asked(tx: Transaction, office: Office, *, person: str, about: About) -> Writing:
    opened = allowed.question(tx, office, about.draft, about.key, person=person)
    if opened.number(about.key) != about.saw:
        raise Stale("refusals.intake.old_button")
    return opened
