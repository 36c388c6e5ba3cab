"""The list of delegated decisions on its way to kommunstyrelsen's registrator (R000-6).

It goes out when it has been made; the secretaries, who put it on the agenda, get it as every list.
"""

from bot.acts import letters, papers, who, writing
from bot.office import Office
from bot.owed import Upload
from bot.perform import Transaction
from flows.programme import Role


def stored(tx: Transaction, office: Office, key: str, case_id: str | None) -> None:
    """Send the list to the meeting `key` to each registrator that the programme names by role."""
    del case_id
    meeting = key.partition("/")[0]  # a further list to the same meeting has "/2"
    registrars = office.programme.with_role(Role.REGISTRAR)
    files = papers.files(tx.db, "delegation_list", key)
    text = office.texts("dispatch.list.text", meeting=meeting)
    for registrar in registrars:
        letters.owe(
            tx,
            office,
            email=registrar.email,
            subject=office.texts.plain("dispatch.list.subject", meeting=meeting),
            text=text,
            files=files,
        )
        for person in who.reachable(tx.db, office, registrar.email):
            tx.owe(Upload(to=person.partition(":")[2], files=files, text=text))
    if not registrars:
        for person in who.with_role(tx.db, office, Role.SECRETARY):
            writing.tell(tx, person, office.texts("dispatch.list.nobody", meeting=meeting))
