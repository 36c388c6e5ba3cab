"""The alerts of docs/operations.md: each reads what there is at /metrics, is silent on a calm day, and fires."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.health import Looked
from bot.owed import Post
from storage import deliveries
from storage.outbox import Claim
from tests.bot.test_health import looked, page
from tests.bot.town import NOON, Town, town

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
Series = dict[tuple[str, frozenset[tuple[str, str]]], float]
SELECTOR = r"(?P<name>lots_\w+)(?:\{(?P<labels>[^}]*)\})?"
FORMS = {
    "now": re.compile(rf"{SELECTOR} (?P<sign>[>=]+) (?P<than>[\d.]+)"),
    "grows": re.compile(rf"(?:increase|rate)\({SELECTOR}\[\w+\]\) > 0"),
    "quantile": re.compile(
        rf"histogram_quantile\((?P<share>[\d.]+), rate\({SELECTOR}\[\w+\]\)\) > (?P<than>[\d.]+)"
    ),
}  # fmt: skip


def alerts() -> dict[str, str]:
    """The expression of each promise, as the table has it; those of Prometheus's own metrics left out."""
    rows = re.findall(
        r"^\| ([^|]+) \| `(.+?)`[^|`]*\|$", OPERATIONS.read_text("utf-8"), re.MULTILINE
    )
    return {promise: said.replace("\\|", "|") for promise, said in rows if "lots_" in said}


def read(text: str) -> Series:
    return {
        (one.name, frozenset(one.labels.items())): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def fits(labels: dict[str, str], wanted: str) -> bool:
    for name, how, value in re.findall(r'(\w+)(=~|!=|=)"([^"]*)"', wanted or ""):
        found = labels.get(name, "")
        same = bool(re.fullmatch(value, found)) if how == "=~" else value == found
        if same is (how == "!="):
            return False
    return True


def fires(said: str, before: Series, after: Series) -> bool:
    """Whether the expression is true after; what a rate is of must have been there before."""
    kind, found = next((k, m) for k, form in FORMS.items() if (m := form.fullmatch(said)))
    ours = {
        key: value
        for key, value in after.items()
        if key[0] == found["name"] and fits(dict(key[1]), found["labels"])
    }
    assert ours, f"nothing at /metrics is {found['name']} {found['labels']}"
    if kind == "now":
        than = float(found["than"])
        return any(v > than if found["sign"] == ">" else v == than for v in ours.values())
    grown = {key: value - before[key] for key, value in ours.items() if key in before}
    if kind == "grows":
        return any(value > 0 for value in grown.values())
    return _quantile(grown, float(found["share"])) > float(found["than"])


def _quantile(grown: Series, share: float) -> float:
    """As Prometheus: the bucket that holds it, and the last finite bound for what is above them all."""
    bounds: dict[float, float] = {}
    for (_, labels), value in grown.items():
        bound = float(dict(labels)["le"])
        bounds[bound] = bounds.get(bound, 0) + value
    of = share * bounds[float("inf")]
    holds = min((bound for bound, count in bounds.items() if count >= of and of), default=0)
    return max(b for b in bounds if b < float("inf")) if holds == float("inf") else holds


async def owes(here: Town, number: int = 1) -> None:
    for _ in range(number):
        await here.act(lambda tx: tx.owe(Post(to="U0ANNA", text="hej")))


async def tried(here: Town, times: int, *, give_up: bool = False) -> None:
    """One message that Slack does not take."""
    await owes(here)
    claim = Claim(owner="o", lease=timedelta(minutes=1))
    for _ in range(times):
        at = here.now
        (row,) = await here.act(
            lambda tx, at=at: deliveries.claim_due(
                tx.db, kinds=["post"], claim=claim, now=at + timedelta(hours=1), limit=1
            )
        )
        if give_up:
            await here.act(
                lambda tx, row=row: deliveries.give_up(
                    tx.db, row, owner="o", error="is_archived", at=tx.now
                )
            )
        else:
            await here.act(
                lambda tx, row=row, at=at: deliveries.put_back(tx.db, row, owner="o", due_at=at)
            )


class Away:
    """A database that does not answer."""

    async def read(self, _query: object) -> None:
        raise ConnectionError


async def slow(_here: Town, what: Looked) -> Looked:
    for _ in range(3):
        what.metrics.acks.labels("press").observe(2.6)
    return what


async def late(here: Town, what: Looked) -> Looked:
    await owes(here)
    return replace(what, now=lambda: here.now + timedelta(minutes=11))


async def many(here: Town, what: Looked) -> Looked:
    await owes(here, 501)
    return replace(what, now=lambda: here.now)


async def in_vain(here: Town, what: Looked) -> Looked:
    await tried(here, 21)
    return replace(what, now=lambda: here.now)


async def refused_by_slack(here: Town, what: Looked) -> Looked:
    await tried(here, 1, give_up=True)
    return what


async def failed(_here: Town, what: Looked) -> Looked:
    what.metrics.deliveries.labels("job", "failed").inc()
    return what


async def stuck(_here: Town, what: Looked) -> Looked:
    return replace(what, timetable_age_s=lambda: 301)


async def without_slack(here: Town, _what: Looked) -> Looked:
    return looked(here, connected=False)


async def without_a_database(_here: Town, what: Looked) -> Looked:
    return replace(what, perform=Away())  # type: ignore[arg-type]


async def a_bug(_here: Town, what: Looked) -> Looked:
    what.metrics.bugs.inc()
    return what


async def forged(_here: Town, what: Looked) -> Looked:
    what.metrics.refusals.labels("not_signed").inc()
    return what


DAYS: dict[str, Callable[[Town, Looked], Awaitable[Looked]]] = {
    "people are answered in time": slow,
    "nothing owed is forgotten": late,
    "the queue is worked off": many,
    "nothing is tried in vain": in_vain,
    "nothing is given up in silence": refused_by_slack,
    "what is owed is delivered": failed,
    "reminders and digests come": stuck,
    "Slack reaches us": without_slack,
    "the database answers": without_a_database,
    "no bug goes unseen": a_bug,
    "somebody tries what she may not": forged,
}


def test_there_is_a_bad_day_for_each_alert():
    assert DAYS.keys() == alerts().keys()


@pytest.mark.parametrize("promise", DAYS)
async def test_each_alert_is_silent_on_a_calm_day_and_fires_on_its_own_bad_one(
    sqlite_url: str, tmp_path: Path, promise: str
):
    async with town(sqlite_url, tmp_path) as here:
        calm = replace(looked(here), now=lambda: NOON)
        _, text = await page(calm, "/metrics")
        before = read(text)
        assert not [name for name, said in alerts().items() if fires(said, before, before)]

        _, text = await page(await DAYS[promise](here, calm), "/metrics")
        assert fires(alerts()[promise], before, read(text))
