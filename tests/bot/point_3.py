"""Point 3 in the conversation's tests: rows to fill in, and answers up to a question."""

from typing import Any

from tests.bot.desk import ANNA, Desk
from tests.flows.filled import values

HOSTS = {"what": "Trygghetsvärdar", "amount": "720 000", "start": "2027-09-01", "end": "2028-12-31"}
LIGHT = {"what": "Belysning", "payment:2027": "1 mkr", "in_use_from": "2028-01-01"}
POINT_3 = (
    "operating", "investments", "classification", "capital_bearer", "capital_reason", "property",
    "tff_contact", "tff_contact_on", "tff_contacted", "tff_contacted_how", "internal_rent",
    "investment_form", "investment_process", "own_financing", "long_term_financing",
    "finance_confirmed",
)  # fmt: skip


def up_to(key: str, **changed: Any) -> dict[str, Any]:
    """Answers up to the question, when the officer fills in the calculation herself."""
    given = values() | {"calculation_by": "officer"} | changed
    later = POINT_3[POINT_3.index(key) :] if key in POINT_3 else (key,)
    return {k: v for k, v in given.items() if k not in {*later, "split", "attested"}}


def nbsp(text: str) -> str:
    return text.replace("\u00a0", " ")


async def changes(here: Desk, draft: int, key: str, *, person: str = ANNA) -> str | None:
    """Press *Ändra* at a question."""
    value = f'[{draft},"{key}",0,""]'
    control = {"action_id": f"intake_change:{key}", "block_id": "x", "type": "button"}
    return await here.press(person, control | {"value": value})
