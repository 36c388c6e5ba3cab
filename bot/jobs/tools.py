"""What a job works with: the way to the database, the office, the file store and Slack."""

from dataclasses import dataclass

from bot.files import FileStore
from bot.mail import Server
from bot.office import Office
from bot.perform import Perform
from bot.slack import Slack


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    perform: Perform
    office: Office
    files: FileStore
    slack: Slack
    mail: Server | None = None  # no e-mail is sent without one
