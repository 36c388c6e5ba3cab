"""Work that takes longer than a person waits, by the name it is owed under (bot/jobs_at_work.py)."""

from collections.abc import Mapping

from bot.jobs import (
    ask_report,
    decision,
    digest,
    documents,
    draft_pdf,
    export,
    fetch_file,
    home,
    letter,
    mail,
    package,
    papers,
    reminders,
    workbook,
)
from bot.jobs.tools import Tools
from bot.jobs_at_work import Run, WhenFailed
from bot.office import Office

JOBS: Mapping[str, Run[Tools]] = {
    decision.NAME: decision.show,
    digest.NAME: digest.make,
    documents.NAME: documents.make_documents,
    draft_pdf.NAME: draft_pdf.make_draft,
    export.NAME: export.make,
    fetch_file.NAME: fetch_file.fetch,
    ask_report.NAME: ask_report.ask,
    home.NAME: home.show,
    letter.NAME: letter.send,
    mail.LOG: mail.log,
    mail.NAME: mail.send,
    package.NAME: package.pack,
    papers.NAME: papers.make_paper,
    reminders.NAME: reminders.remind,
    workbook.NAME: workbook.make,
}


def when_failed(office: Office) -> Mapping[str, WhenFailed]:
    """What is said when every try of a job has failed."""
    return {
        digest.NAME: lambda arguments: digest.failed(office, arguments),
        documents.NAME: lambda arguments: documents.failed(office, arguments),
        draft_pdf.NAME: lambda arguments: draft_pdf.failed(office, arguments),
        export.NAME: lambda arguments: export.failed(office, arguments),
        fetch_file.NAME: lambda arguments: fetch_file.failed(office, arguments),
        letter.NAME: lambda arguments: letter.failed(office, arguments),
        mail.NAME: lambda arguments: mail.failed(office, arguments),
        package.NAME: lambda arguments: package.failed(office, arguments),
        papers.NAME: lambda arguments: papers.failed(office, arguments),
        workbook.NAME: lambda arguments: workbook.failed(office, arguments),
    }
