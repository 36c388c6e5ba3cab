"""When a document has been made: put it on record, and tell whoever waits for it.

`FOLLOWS` says what follows each kind of document; a part that waits for one adds its line there.
"""

from collections.abc import Callable, Iterable, Mapping

from pydantic import BaseModel

from bot.acts import (
    digest,
    dispatch,
    dispatch_list,
    papers,
    report_about,
    report_klg,
    who,
    writing,
)
from bot.acts.documents import Stored
from bot.office import Office
from bot.owed import Upload
from bot.perform import Transaction
from flows.decided import Decided, PapersStored
from flows.papers import PaperName
from flows.programme import Role
from flows.report_papers import PartReport
from storage import cards, cases
from storage import papers as rows
from storage.papers import Paper

Follow = Callable[[Transaction, Office, str, str | None], None]  # the key, and the case if any


def store(
    tx: Transaction,
    office: Office,
    name: PaperName,
    key: str,
    *,
    case_id: str | None,
    files: Iterable[Stored],
    facts: BaseModel,
) -> None:
    """Put the originals on record; does nothing when they are already there. `facts` are the document's."""
    if rows.of(tx.db, name, key):
        return
    title = file_title(office, name, key)
    made = {file.format: file for file in files}
    rows.add(
        tx.db,
        [
            Paper(
                name=name,
                key=key,
                format=file.format,
                case_id=case_id,
                sha256=file.sha256,
                title=f"{title}.{file.format}",
                size=file.size,
                at=tx.now,
            )
            for file in made.values()
        ],
    )
    if case_id is not None:
        event = PapersStored(
            at=tx.now,
            by=f"{office.team}:{office.bot_user}",
            name=name,
            key=key,
            pdf_sha256=made["pdf"].sha256,
            docx_sha256=made["docx"].sha256,
        )
        cases.add(tx.db, case_id, [event], after=cases.load(tx.db, case_id))
    if isinstance(facts, PartReport):  # what is said of it is what stands in it
        digest.part_report_stored(tx, office, key, reports=len(facts.reports))
    for follow in FOLLOWS[name]:
        follow(tx, office, key, case_id)


def failed(tx: Transaction, office: Office, name: PaperName, key: str) -> None:
    """Every try has failed: the secretaries would wait in vain."""
    text = office.texts("papers.files.failed", title=file_title(office, name, key))
    for person in who.with_role(tx.db, office, Role.SECRETARY):
        writing.tell(tx, person, text)


def file_title(office: Office, name: PaperName, key: str) -> str:
    """What people see the file as, without its ending: `Delegationsbeslut D 2026-0001`."""
    about = _of_report(office, key) if name == "follow_up" else key
    # A slash would end the file's name.
    return office.texts.plain(f"papers.files.title.{name}", about=about).replace("/", "-")


def _of_report(office: Office, key: str) -> str:
    """`2026-0001, årsbokslut 2026, version 2` of the key "2026-0001/2026-year_end/2"."""
    case_id, report, *version = key.split("/")
    return office.texts.plain(
        "papers.files.report",
        case_id=case_id,
        period=report_about.name(office, report),
        version=next(iter(version), ""),
    )


def _to_secretaries(name: PaperName) -> Follow:
    """They put it on an agenda, or check it."""

    def follow(tx: Transaction, office: Office, key: str, case_id: str | None) -> None:
        del case_id
        text = office.texts("papers.files.stored", title=file_title(office, name, key))
        for person in who.with_role(tx.db, office, Role.SECRETARY):
            user = person.partition(":")[2]
            tx.owe(Upload(to=user, files=papers.files(tx.db, name, key), text=text))

    return follow


def _to_card(name: PaperName) -> Follow:
    """Into the thread of KLG's card, where the case's history is."""

    def follow(tx: Transaction, office: Office, key: str, case_id: str | None) -> None:
        assert case_id is not None
        text = office.texts("papers.files.stored", title=file_title(office, name, key))
        thread = cards.get(tx.db, case_id, cases.load(tx.db, case_id).stage)
        files = papers.files(tx.db, name, key)
        tx.owe(Upload(to=office.klg_channel, files=files, text=text, thread=thread))

    return follow


def _to_decider(tx: Transaction, office: Office, key: str, case_id: str | None) -> None:
    """Whoever decided gets her own decision, to sign."""
    assert case_id is not None
    text = office.texts("papers.files.decision", number=key, case_id=case_id)
    files = papers.files(tx.db, "delegated_decision", key)
    for event in cases.history(tx.db, case_id):
        if isinstance(event, Decided) and event.number == key:
            tx.owe(Upload(to=event.by.partition(":")[2], files=files, text=text))


# What follows when a document is there, by its name. A part that waits for one adds its line.
FOLLOWS: Mapping[PaperName, tuple[Follow, ...]] = {
    "officer_report": (_to_secretaries("officer_report"),),
    "delegated_decision": (
        _to_decider,
        _to_card("delegated_decision"),
        dispatch.papers_stored,
    ),
    "dispatch": (_to_secretaries("dispatch"), dispatch.papers_stored),
    "follow_up": (report_klg.stored,),
    "part_report": (),  # told with how many reports it has: `store`
    "annual_report": (digest.annual_stored,),
    "reconciliation": (digest.reconciliation_stored,),
    "delegation_list": (_to_secretaries("delegation_list"), dispatch_list.stored),
}
