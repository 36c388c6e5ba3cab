"""Showing a draft whole, and inviting somebody to it."""

from bot.acts import allowed, writing
from bot.acts.details import sums
from bot.acts.writing import Writing
from bot.blocks import kit
from bot.blocks import summary as blocks
from bot.blocks.summary import Overview
from bot.ids import OPEN_DRAFT, About
from bot.office import Office
from bot.owed import Post
from bot.perform import Transaction
from flows.form import Who, next_ask
from storage import drafts
from storage.drafts import Position


def show(
    tx: Transaction,
    office: Office,
    opened: Writing,
    *,
    to: str,
    note: str = "",
    problems: tuple[str, ...] = (),
    page: int = 0,
) -> None:
    """Post the summary to the person; nothing is asked of her until she chooses."""
    standing = drafts.position(tx.db, to)
    note = writing.joined(writing.leaving(tx, office, standing, opening=opened.draft.id), note)
    made = overview(tx, office, opened, viewer=to, problems=problems)
    text, shown = blocks.message(office, made, page=page)
    if note:
        text, shown = f"{note}\n{text}", [kit.section(note), *shown]
    post = tx.owe(Post(to=opened.user(to), text=kit.cut(text, kit.TEXT), blocks=shown))
    writing.stand(tx, to, Position(opened.draft.id, post=post))


def overview(
    tx: Transaction,
    office: Office,
    opened: Writing,
    *,
    viewer: str,
    problems: tuple[str, ...] = (),
) -> Overview:
    rows = drafts.appendices_of(tx.db, opened.draft.id)
    officer = opened.who(viewer) is Who.OFFICER
    is_open = allowed.is_open(tx.db, opened)
    return Overview(
        draft=opened.draft.id,
        title=opened.title,
        items=opened.items,
        appendices=tuple((row.id, row.name, size(row.size)) for row in rows),
        complete=next_ask(opened.items) is None,
        may_submit=officer and opened.draft.state == drafts.OPEN,
        viewer=viewer,
        may_change=lambda key: is_open and allowed.is_hers(opened, key, person=viewer),
        problems=problems,
        sums=sums(office, opened.known) if opened.known.get("operating") is not None else (),
        report=opened.report is not None,
        submitted=opened.draft.case_id is not None,
    )


def size(count: int) -> str:
    """`12 kB`, `3,4 MB`; sizes of files as people read them."""
    if count < 1_000_000:  # noqa: PLR2004  where a megabyte begins
        return f"{max(1, round(count / 1000))} kB"
    return f"{count / 1_000_000:.1f} MB".replace(".", ",")


def invitation(
    office: Office, opened: Writing, key: str, *, by: str
) -> tuple[str, list[kit.Block]]:
    """The message to somebody who is invited, with a button that begins."""
    text = office.texts(f"intake.said.{key}", user=opened.user(by), title=opened.title)
    begin = kit.button(
        office.texts.plain("intake.words.button.begin"),
        OPEN_DRAFT,
        About(opened.draft.id),
        style="primary",
    )
    return text, [kit.section(text), kit.actions([begin])]
