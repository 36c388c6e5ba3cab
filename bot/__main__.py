"""The command `lots`: run the bot, try it, check what it starts with, bring its database up to date.

Settings are read here and passed on as values. What is wrong with them is said in one sentence,
with exit code 2; only a bug shows a traceback.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from cyclopts import App, Group

from bot.check import check, read, sentence
from bot.demo import Demo, DemoError, demo, free_port
from bot.programme import ProgrammeError
from bot.render import Texts
from bot.settings import Settings, SettingsError
from flows.programme import Programme

WRONG = 2  # the exit code of a wrong or missing setting


def main() -> None:
    """Read the command line and do what it says."""
    _commands(Texts())()


def _commands(texts: Texts) -> App:
    commands = Group(texts.plain("cli.help.commands"))
    choices = Group(texts.plain("cli.help.choices"))
    app = App(
        name="lots",
        help=texts.plain("cli.help.lots"),
        version_flags=[],
        group_commands=commands,
        group_parameters=choices,
    )
    app["--help"].help = texts.plain("cli.help.help")
    app.command(_run, name="run", help=texts.plain("cli.help.run"))
    app.command(_demo, name="demo", help=texts.plain("cli.help.demo"))
    app.command(_check, name="check", help=texts.plain("cli.help.check"))
    app.command(_verify, name="verify", help=texts.plain("cli.help.verify"))
    app.command(_document, name="document", help=texts.plain("cli.help.document"))
    database = App(name="db", help=texts.plain("cli.help.db"), group_commands=commands)
    database.command(_upgrade, name="upgrade", help=texts.plain("cli.help.upgrade"))
    app.command(database)
    app.command(_backup, name="backup", help=texts.plain("cli.help.backup"))
    app.command(_restore, name="restore", help=texts.plain("cli.help.restore"))
    app.command(_retention, name="retention", help=texts.plain("cli.help.retention"))
    app.command(_person, name="person", help=texts.plain("cli.help.person"))
    app.command(_rebuild, name="rebuild", help=texts.plain("cli.help.rebuild"))
    owed = App(name="outbox", help=texts.plain("cli.help.outbox"), group_commands=commands)
    owed.default(_undelivered)
    owed.command(_again, name="again", help=texts.plain("cli.help.again"))
    app.command(owed)
    return app


def _run() -> None:
    settings, programme = _read_or_leave()
    from bot.logs import write_logs
    from bot.process import serve
    from storage.migrations import upgrade

    write_logs(settings.log_level)
    with _said_in_one_sentence(settings):
        upgrade(settings.database_url)
        serve(settings, programme)


async def _demo(*, port: int = 8021, folder: Path = Path("var/demo")) -> None:
    texts = Texts()
    where = Demo(folder, port, free_port())

    def ready() -> None:
        said = texts.plain("cli.demo.ready", address=where.address, folder=str(folder))
        print(f"\n{said}\n", flush=True)

    print(texts.plain("cli.demo.starting"), flush=True)
    from bot.process import stop_on_signal

    try:
        await demo(where, stop=stop_on_signal(), ready=ready)
    except DemoError as error:
        _leave(texts.plain(error.key, **error.facts), code=1)
    print(texts.plain("cli.demo.stopped"))


def _check() -> None:
    can_start, lines = check(Texts())
    print("\n".join(lines))
    sys.exit(0 if can_start else WRONG)


def _verify(file: Path | None = None) -> None:
    """Of a file it needs neither settings nor a network: it is run where the package is kept."""
    from bot.verify import Wrong, verify

    if file is None:
        asyncio.run(_verify_database())  # leaves
        return
    texts = Texts()
    try:
        found = verify(file)
    except OSError as error:
        _leave(texts.plain("cli.verify.unreadable", file=str(file), why=error.strerror), code=1)
    if isinstance(found, Wrong):
        _leave(texts.plain(f"cli.verify.{found.key}", file=str(file), **found.facts), code=1)
    print(texts.plain("cli.verify.right", right=found))


async def _verify_database() -> None:
    settings, _ = _read_or_leave()
    from bot.verifying import verify_database

    with _said_in_one_sentence(settings):
        right = await verify_database(settings.database_url, Texts(), say=print)
    sys.exit(0 if right else 1)


def _document(file: Path, *, folder: Path = Path("var/documents")) -> None:
    """Needs no settings: it shows what a change in a template leads to."""
    from bot.documents.preview import NoFacts, WrongTemplate, preview

    texts = Texts()
    try:
        pdf, docx = preview(file, folder)
    except OSError as error:
        _leave(texts.plain("cli.verify.unreadable", file=str(file), why=error.strerror), code=1)
    except NoFacts:
        _leave(texts.plain("cli.document.no_facts", file=str(file)), code=1)
    except WrongTemplate as error:
        _leave(texts.plain("cli.document.wrong_template", why=str(error)), code=1)
    print(texts.plain("cli.document.made", pdf=str(pdf), docx=str(docx)))


def _upgrade() -> None:
    settings, _ = _read_or_leave()
    from storage.migrations import upgrade

    with _said_in_one_sentence(settings):
        upgrade(settings.database_url)


def _backup(file: Path) -> None:
    settings, _ = _read_or_leave()
    from bot import backup, clock
    from bot.files import FileStore

    texts = Texts()
    with _said_in_one_sentence(settings):
        try:
            counted = backup.take(
                settings.database_url, FileStore(settings.files_url), file, at=clock.now()
            )
        except FileExistsError:
            _leave(texts.plain("cli.backup.exists", file=str(file)), code=WRONG)
    print(texts.plain("cli.backup.taken", file=str(file), counted=counted))


def _restore(file: Path) -> None:
    settings, _ = _read_or_leave()
    from bot import backup
    from bot.files import FileStore
    from storage.backup import NotEmpty
    from storage.migrations import upgrade

    texts = Texts()
    with _said_in_one_sentence(settings):
        upgrade(settings.database_url)
        try:
            counted = backup.restore(settings.database_url, FileStore(settings.files_url), file)
        except NotEmpty:
            _leave(texts.plain("cli.backup.not_empty"), code=WRONG)
        except backup.NoBackup:
            _leave(texts.plain("cli.backup.no_backup", file=str(file)), code=WRONG)
    print(texts.plain("cli.backup.restored", file=str(file), counted=counted))


async def _retention() -> None:
    settings, programme = _read_or_leave()
    from bot import clock
    from bot.database import database
    from bot.files import FileStore
    from bot.retention import apply

    texts, files = Texts(names=programme.names), FileStore(settings.files_url)
    now = clock.of(settings.test_clock)
    with _said_in_one_sentence(settings):
        async with database(settings.database_url, now=now, real=clock.now) as perform:
            applied = await apply(perform, files, texts, programme.retention, at=now())
    print(texts.plain("cli.personal.retention", applied=applied, plan=programme.retention))


async def _person(email: str) -> None:
    settings, programme = _read_or_leave()
    from bot import clock
    from bot.database import database
    from storage import personal

    texts = Texts(names=programme.names)
    with _said_in_one_sentence(settings):
        async with database(settings.database_url, now=clock.now) as perform:
            found = await perform.read(lambda db: personal.accounts(db, email))
            ids = [person for person, _ in found]
            held = await perform.read(lambda db: personal.held(db, email, ids))
    for person, name in found:
        print(texts.plain("cli.personal.account", person=person, name=name))
    for one in held:
        print(texts.plain(f"cli.personal.{one.place}", one=one))
    if not held:
        print(texts.plain("cli.personal.nothing", email=email))


async def _rebuild() -> None:
    settings, _ = _read_or_leave()
    from bot import clock
    from bot.database import database
    from bot.rebuilding import rebuilt

    texts, right = Texts(), True
    with _said_in_one_sentence(settings):
        async with database(settings.database_url, now=clock.now) as perform:
            async for difference in rebuilt(perform):
                right = False
                print(texts.plain("cli.rebuild.difference", difference=difference))
    print(texts.plain("cli.rebuild.done", right=right))
    sys.exit(0 if right else 1)


async def _undelivered() -> None:
    settings, _ = _read_or_leave()
    from bot.undelivered import listed

    texts = Texts()
    with _said_in_one_sentence(settings):
        for row in await listed(settings.database_url):
            print(texts.plain("cli.outbox.row", row=row))


async def _again(number: int) -> None:
    settings, _ = _read_or_leave()
    from bot.undelivered import send_again

    with _said_in_one_sentence(settings):
        done = await send_again(settings.database_url, number)
    print(Texts().plain(f"cli.outbox.{'again' if done else 'unknown'}", number=number))
    sys.exit(0 if done else WRONG)


@contextmanager
def _said_in_one_sentence(settings: Settings) -> Iterator[None]:
    """Say which setting Slack, the database or the system does not accept, and leave."""
    try:
        yield
    except Exception as error:
        from bot.start import explain

        problem = explain(error, settings)
        if problem is None:
            raise
        _leave(sentence(Texts(), problem), code=WRONG)


def _read_or_leave() -> tuple[Settings, Programme]:
    """Return what the bot starts with, or say the first thing that is wrong with it and leave."""
    try:
        return read()
    except (SettingsError, ProgrammeError) as error:
        texts = Texts()
        first, *others = error.problems
        said = [sentence(texts, first)]
        if others:
            said.append(texts.plain("cli.check.more", count=len(others)))
        _leave(" ".join(said), code=WRONG)


def _leave(sentence: str, *, code: int) -> NoReturn:
    print(sentence, file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
