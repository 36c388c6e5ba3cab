"""Ids of what can be pressed, and the small value inside a button.

A button carries what it is about and what the person saw, never what is true: that is loaded.
An action id is unique within its message, so an id may have a suffix after ":".
"""

from dataclasses import dataclass
from typing import Any, Self

import orjson

# --- intake ------------------------------------------------------------------------------------
START = "intake_start"
OPEN_DRAFT = "intake_open"
ANSWER = "intake_answer"  # an option, a date, a person: the answer itself
ANSWER_CHOSEN = "intake_answer_chosen"  # sends what is chosen in a multi select
CHANGE = "intake_change"
BACK = "intake_back"
SHOW = "intake_show"
PAUSE = "intake_pause"
HELP = "intake_help"
SKIP = "intake_skip"
LEAVE = "intake_leave"
LEAVE_CONFIRMED = "intake_leave_confirmed"
INVITE = "intake_invite"
INVITED = "intake_invited"  # a modal
ROW_ADD = "intake_row_add"
ROW_CHANGE = "intake_row_change"
ROW_REMOVE = "intake_row_remove"
ROWS_DONE = "intake_rows_done"
ROW = "intake_row"  # a modal
SPLIT = "intake_split"
SPLIT_TABLE = "intake_split_table"  # a modal
WORKBOOK = "intake_workbook"
ASK_FINANCE = "intake_ask_finance"
PAGE = "intake_page"
DRAFT_PDF = "intake_draft_pdf"
REMOVE_APPENDIX = "intake_remove_appendix"
SUBMIT = "intake_submit"
CHAIR_CONFIRM = "chair_confirm"

# --- assessment --------------------------------------------------------------------------------
ASSESS = "assessment_assess"  # ":in_line", ":unclear", …
REASON = "assessment_reason"  # a modal: why, and what is to be completed
DISQUALIFY = "assessment_disqualify"
CLOSE = "assessment_close"
CLOSED = "assessment_closed"  # a modal: the outcome, and why
TAKE_FORWARD = "assessment_take_forward"
FORWARDED = "assessment_forwarded"  # a modal: why

# --- the chief executive's decision --------------------------------------------------------------
DECIDE = "decision_decide"  # ":granted", ":rejected", ":remitted"
DECIDED = "decision_decided"  # a modal: the amounts, and why
DECIDER_DISQUALIFIED = "decision_disqualified"

# --- KLG's channel ------------------------------------------------------------------------------
CHANNEL_AGAIN = "channel_again"

# --- follow-up reports -------------------------------------------------------------------------
REPORT_AMOUNTS = "report_amounts"
REPORT_AMOUNTS_GIVEN = "report_amounts_given"  # a modal
REPORT_RECEIVE = "report_receive"
REPORT_SEND_BACK = "report_send_back"
REPORT_SENT_BACK = "report_sent_back"  # a modal: why

# --- money ---------------------------------------------------------------------------------------
TRANSFER = "transfer"
TRANSFERRED = "transfer_done"  # a modal: the booking's reference
RETURN = "returning"
RETURNED = "returning_done"  # a modal: from whom, and how much
ADJUST = "adjustment"
ADJUSTED = "adjustment_done"  # a modal
MONEY_YEAR = "money_year"
MONEY_ROWS = "money_rows"
MONEY_OLDER = "money_older"
MONEY_CASE = "money_case"

# --- the political route -------------------------------------------------------------------------
REVIEW = "board_review"
REVIEWED = "board_reviewed"  # a modal: what came of kommunfullmäktige's review
PROPOSE = "board_propose"
PROPOSED = "board_proposed"  # a modal: what Trygghetsberedningen said
RECORD = "board_record"
RECORD_HEADING = "board_record_heading"  # a modal: the meeting, and who gets what when
RECORDED = "board_recorded"  # a modal upon it: the decision itself
CORRECT = "board_correct"
CORRECT_HEADING = "board_correct_heading"  # a modal: the meeting, and who gets what when
CORRECTED = "board_corrected"  # a modal upon it: the decision as it is to be read, and why
ANNOUNCE = "board_announce"
ANNOUNCED = "board_announced"  # a modal: minutes verified and announced
OFFICER_REPORT = "officer_report_write"
OFFICER_REPORT_WRITTEN = "officer_report_written"  # a modal

# --- App Home and the inbox ----------------------------------------------------------------------
HOME_PAGE = "home_page"  # ":inbox:older": turns one part to another page
DNR = "inbox_dnr"
DNR_GIVEN = "inbox_dnr_given"  # a modal
SEARCH = "home_search"
SEARCHED = "home_searched"  # a modal
EXPORT = "home_export"

# --- expedition ----------------------------------------------------------------------------------
DISPATCH_AGAIN = "dispatch_again"

# --- reminders -----------------------------------------------------------------------------------
SNOOZE = "reminders_snooze"
REMINDED = "reminders_link"  # opens a link, and nothing else

# --- substitutes in KLG --------------------------------------------------------------------------
SUBSTITUTES = "substitutes"  # opens the form
SUBSTITUTE_NAMED = "substitutes_named"  # a modal
SUBSTITUTE_END = "substitutes_end"


MOST = 2**31 - 1  # what a database's integer holds; no id, version or year of ours is above it


class NotOurs(ValueError):  # noqa: N818  a refusal to believe it
    """What a button or a form carried was never written by us: forged, or of another version."""


@dataclass(frozen=True, slots=True)
class About:
    """What a button in the conversation is about: draft, question, the answer's number seen, and more."""

    draft: int
    key: str = ""
    saw: int = 0
    what: str = ""

    def __str__(self) -> str:
        return _dump([self.draft, self.key, self.saw, self.what])

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises NotOurs for anything we did not write."""
        return cls(*_parts(text, int, str, int, str))

    @property
    def number(self) -> int:
        """`what` as the number of a row, a page or an appendix."""
        return number(self.what)


@dataclass(frozen=True, slots=True)
class Value:
    """What a button about a case is about: the stage and version that the person saw, and what it says."""

    case: str
    stage: str
    version: int
    what: str = ""

    def __str__(self) -> str:
        return _dump([self.case, self.stage, self.version, self.what])

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises NotOurs for anything we did not write."""
        return cls(*_parts(text, str, str, int, str))


@dataclass(frozen=True, slots=True)
class Budget:
    """What a button about money is about: a budget year, a nämnd ("": the pot), the last row seen."""

    year: int
    committee: str = ""
    before: int = 0

    def __str__(self) -> str:
        return _dump([self.year, self.committee, self.before])

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises NotOurs for anything we did not write."""
        return cls(*_parts(text, int, str, int))


def _dump(value: object) -> str:
    return orjson.dumps(value).decode()


def number(text: str) -> int:
    """A whole number as we write it in a button. Raises NotOurs for anything else, and above MOST."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MOST))):
        raise NotOurs(text)
    found = int(text)
    if found > MOST:
        raise NotOurs(text)
    return found


def _parts(text: str, *kinds: type) -> list[Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise NotOurs(text) from None
    if not isinstance(found, list) or [type(part) for part in found] != [*kinds]:
        raise NotOurs(text)
    if not all("\0" not in part if isinstance(part, str) else 0 <= part <= MOST for part in found):
        raise NotOurs(text)
    return found
