"""What the secretaries of avdelningen Trygghet och säkerhet are told when a submission comes (R000-16)."""

from bot.acts import who, writing
from bot.blocks import inbox as blocks
from bot.office import Office
from bot.perform import Transaction
from flows.programme import Role
from storage import cases


def arrived(tx: Transaction, office: Office, case_id: str) -> None:
    """Tell each secretary what came, when and from whom, and ask for its dnr."""
    row = cases.listed(tx.db, case_id)
    assert row is not None
    text, content = blocks.arrived(office, row)
    for person in who.with_role(tx.db, office, Role.SECRETARY):
        writing.tell(tx, person, text, content)
