"""The app's clock on the first page: shown, moved forward, and never by another site."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from sandbox.app_clock import SWEDEN, AppClock
from sandbox.errors import Impossible
from sandbox.server import serve
from sandbox.site import Site
from sandbox.workspace import load


@pytest.fixture
def clock(tmp_path: Path) -> AppClock:
    file = tmp_path / "clock"
    file.write_text("2026-03-28T10:15:00+01:00")
    return AppClock(file)


@pytest.fixture
async def site(clock: AppClock, tmp_path: Path) -> AsyncIterator[Site]:
    async with serve(load(), app_clock=tmp_path / "clock") as running:
        yield running


def shown(clock: AppClock) -> str:
    return clock.now().strftime("%Y-%m-%d %H:%M")


def test_a_new_clock_says_what_time_it_is(tmp_path: Path):
    new = AppClock(tmp_path / "clock")

    assert abs(new.now() - datetime.now(SWEDEN)) < timedelta(seconds=5)


def test_a_day_forward_is_the_same_hour_the_day_after_the_clocks_change_too(clock: AppClock):
    clock.forward(1)

    assert shown(clock) == "2026-03-29 10:15"


def test_a_day_is_reached_in_its_morning(clock: AppClock):
    clock.to("2027-05-03")

    assert shown(clock) == "2027-05-03 10:00"


@pytest.mark.parametrize("day", ["2026-03-28", "2026-01-01", "", "snart", "2999-01-01"])
def test_time_goes_forward_only(clock: AppClock, day: str):
    with pytest.raises(Impossible):
        clock.to(day)

    assert shown(clock) == "2026-03-28 10:15"


async def post(site: Site, *, origin: str | None = None, **form: str) -> int:
    headers = {"Origin": origin} if origin else {}
    address = f"{site.url}/app-clock"
    async with (
        aiohttp.ClientSession() as browser,
        browser.post(address, data=form, headers=headers, allow_redirects=False) as answer,
    ):
        return answer.status


async def front(site: Site) -> str:
    async with aiohttp.ClientSession() as browser, browser.get(site.url) as page:
        return await page.text()


async def test_the_first_page_shows_and_moves_it(site: Site):
    assert "2026-03-28 kl. 10.15" in await front(site)
    assert await post(site, days="7", origin=site.url) == 303
    assert "2026-04-04 kl. 10.15" in await front(site)
    assert await post(site, day="2026-08-31") == 303
    assert "2026-08-31 kl. 10.00" in await front(site)


@pytest.mark.parametrize("form", [{"days": "-1"}, {"days": "9999"}, {"day": "igår"}, {}])
async def test_what_is_no_move_changes_nothing(site: Site, form: dict[str, str]):
    assert await post(site, **form) == 400
    assert "2026-03-28 kl. 10.15" in await front(site)


async def test_another_site_moves_nothing(site: Site):
    assert await post(site, days="7", origin="https://example.org") == 403
    assert "2026-03-28 kl. 10.15" in await front(site)


async def test_a_sandbox_without_one_shows_none(tmp_path: Path):
    async with serve(load()) as running:
        assert "Boten tror" not in await front(running)
        assert await post(running, days="1") == 404
