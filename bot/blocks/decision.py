"""The modal in which the chief executive decides: what she grants, row by row, and why."""

from bot import ids, words
from bot.blocks import kit
from bot.office import Office
from bot.render import kr
from flows.case import Case
from flows.decided import Verdict

REASON = "reason"
LONGEST_REASON = 3000
MOST_ROWS = 60  # that a modal has room for, with what stands beside them


def amount_block(position: int) -> str:
    """The block and action of the amount of a reserved row."""
    return f"amount_{position}"


def modal(
    office: Office, value: ids.Value, case: Case, *, title: str, verdict: Verdict
) -> kit.Block:
    """Ask for the motivation; to grant, also for the amounts, with what was asked for filled in."""
    texts = office.texts
    about = texts(
        f"decision.modal.about.{verdict}", case_id=value.case, title=title, version=case.version
    )
    blocks = [kit.section(about)]
    if verdict is Verdict.GRANTED and len(case.reserved) <= MOST_ROWS:
        blocks += _amounts(office, case)
    reason = kit.field(
        REASON,
        texts.plain("decision.modal.reason"),
        kit.text_input(REASON, lines=True, longest=LONGEST_REASON),
        hint=texts.plain(f"decision.modal.hint.{verdict}"),
    )
    return kit.modal(
        ids.DECIDED,
        texts.plain(f"decision.said.verdicts.{verdict}"),
        [*blocks, reason],
        metadata=value,
        submit=texts.plain("decision.modal.submit"),
        close=texts.plain("decision.modal.cancel"),
    )


def _amounts(office: Office, case: Case) -> list[kit.Block]:
    texts = office.texts
    return [
        kit.field(
            amount_block(position),
            texts.plain(
                "decision.modal.amount",
                committee=words.committee(office, row.committee),
                kind=texts.plain(f"decision.said.kinds.{row.kind}"),
                year=row.year,
            ),
            kit.text_input(amount_block(position), initial=kr(row.amount), longest=60),
            hint=texts.plain("decision.modal.amount_hint", asked=row.amount),
        )
        for position, row in enumerate(case.reserved)
    ]
