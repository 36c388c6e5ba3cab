"""What a municipality calls its bodies and its money stands in its programme, and in no text."""

import re
from pathlib import Path

from bot.render import TEMPLATES, Texts
from flows.programme import Names

LINDVIKA = Names(
    programme="trygghetspotten",
    klg="trygghetsgruppen",
    safety_department="säkerhetsenheten",
    drafting_committee="brottsförebyggande rådet",
)
ITS_OWN = re.compile(
    r"\bKLG\b|Trygghetsberedning|kommunstyrelsens trygghetssatsning|Exempelkommunen"
)
ABOUT_US = {"cli/demo.toml", "cli/personal.toml"}  # the demo is of Exempelkommunen


def written(path: Path) -> str:
    """What of a template is shown: without comments."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))


def test_no_text_names_a_body_by_what_one_municipality_calls_it():
    folders = (TEMPLATES / "messages", TEMPLATES / "documents")
    paths = [p for folder in folders for p in folder.glob("*/*") if p.suffix in {".toml", ".html"}]
    named = {
        str(path.relative_to(TEMPLATES / "messages"))
        for path in paths
        if ITS_OWN.search(written(path)) and "/programme/" not in str(path)
    }

    assert named <= ABOUT_US


def test_a_body_is_called_what_the_programme_calls_it():
    texts = Texts(names=LINDVIKA)

    assert texts.plain("assessment.opinions.outcome.recommend") == "Trygghetsgruppen tillstyrker"
    assert "på brottsförebyggande rådet." in texts("assessment.waits.drafting_committee")


def test_the_group_that_assesses_may_have_a_short_name():
    named = LINDVIKA.model_copy(update={"klg_short": "TG"})

    assert Texts(names=named).plain("assessment.opinions.outcome.complete") == (
        "TG begär komplettering"
    )
