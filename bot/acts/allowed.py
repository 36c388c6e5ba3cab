"""Which answers a person may give or change now: hers to answer, in a draft that is open for it."""

from bot.acts.writing import Writing
from bot.office import Office
from bot.words import part
from flows import form
from flows.errors import NotAllowed
from flows.form import Who
from storage import drafts


def may_change(opened: Writing, key: str, *, person: str) -> bool:
    return _why_not(opened, key, person=person) is None


def require(office: Office, opened: Writing, key: str, *, person: str) -> None:
    """Raises NotAllowed, with what can be changed instead, unless the person may answer this now."""
    reason = _why_not(opened, key, person=person)
    if reason == "only_reopened":
        labels = [
            part(office, item.ask, "label")
            for item in opened.items
            if item.ask.key in (opened.draft.reopened or ())
        ]
        raise NotAllowed("refusals.intake.only_reopened", labels=", ".join(labels))
    if reason is not None:
        raise NotAllowed(f"refusals.intake.{reason}")


def _why_not(opened: Writing, key: str, *, person: str) -> str | None:
    """The key of the refusal, if there is one."""
    item = form.find(opened.items, key)
    if item is None:
        return "no_longer_asked"
    if opened.draft.state != drafts.OPEN:
        return "not_open"
    if opened.who(person) is Who.FINANCE and item.ask.who(opened.known) is not Who.FINANCE:
        return "only_finance_questions"
    reopened = opened.draft.reopened
    if reopened is not None and key not in reopened and item.answer is not None:
        return "only_reopened"
    return None
