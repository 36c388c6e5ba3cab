"""What follows a decision, whoever made it: everybody concerned is told, and what it begins is begun.

`follow` is called in the transaction of every Decided event, when it has been stored. Each part that a
decision begins (its papers, the expedition, the budget transfer, the plan of reports) has a line in it.
"""

from bot.acts import (
    card,
    chief_executive,
    dispatch,
    home,
    officers,
    reporting,
    standing,
    transfer,
    who,
    writing,
)
from bot.blocks import decided as blocks
from bot.office import Office
from bot.perform import Transaction
from flows.case import Case
from flows.programme import Role


def follow(tx: Transaction, office: Office, case_id: str, case: Case) -> None:
    """Tell KLG, the officers, the deciders and the secretaries, and begin what the decision begins."""
    title = card.facts(tx.db, office, case_id, case).title
    told = standing.told(tx.db, office, case_id, case, title=title)
    assert told is not None
    text, content = blocks.message(office, told)
    card.show(tx, office, case_id, case)
    card.say(tx, office, case_id, case, text, content)
    officers.tell(tx, office, case_id, case, because=(text, content))
    for person in who.with_role(tx.db, office, Role.SECRETARY):
        writing.tell(tx, person, text, content)
    chief_executive.show(tx, office, case_id, case)
    chief_executive.refresh(tx, case_id, case)
    home.case_changed(tx, office, case_id, case)
    transfer.begin(tx, office, case_id, case)
    reporting.granted(tx, office, case_id, case)
    dispatch.begin(tx, office, case_id, case)
