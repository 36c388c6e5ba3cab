"""The sandbox as a mail server: what is sent can be read in the browser, and is there the next time."""

from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import aiohttp
import aiosmtplib
import pytest

from bot.demo import free_port
from sandbox.server import serve
from sandbox.site import Site
from sandbox.workspace import load

ANNA = "anna.ek@exempelkommunen.se"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[tuple[Site, int]]:
    port = free_port()
    async with serve(load(), mail_port=port, state=tmp_path / "state.json") as made:
        yield made, port


def letter(to: str = ANNA, subject: str = "Bifall <b>D 2026-0001</b>") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "lots@exempelkommunen.se"
    message["To"] = to
    message["Subject"] = subject
    message.set_content("Beslutet gäller <script>åtgärden</script>.")
    message.add_attachment(
        b"%PDF-1.7", maintype="application", subtype="pdf", filename="Beslut å.pdf"
    )
    message.add_attachment(b"PK", maintype="application", subtype="zip", filename="Paket.zip")
    return message


async def send(port: int, message: EmailMessage) -> None:
    await aiosmtplib.send(message, hostname="127.0.0.1", port=port)


async def get(site: Site, path: str) -> tuple[int, bytes, str]:
    async with aiohttp.ClientSession() as browser, browser.get(f"{site.url}{path}") as answer:
        disposition = answer.headers.get("Content-Disposition", "")
        return answer.status, await answer.read(), disposition


async def test_a_letter_stands_under_its_recipient(site: tuple[Site, int]):
    here, port = site
    await send(port, letter())

    _, page, _ = await get(here, "/mail")

    assert "Anna Ek" in page.decode()
    assert "Bifall &lt;b&gt;D 2026-0001" in page.decode()


async def test_a_letter_can_be_read_and_its_attachments_opened(site: tuple[Site, int]):
    here, port = site
    await send(port, letter())
    (mail,) = here.world.mails.values()

    _, page, _ = await get(here, f"/mail/{mail.id}")
    status, pdf, how = await get(here, f"/mail/{mail.id}/0/Beslut")
    _, packed, saved = await get(here, f"/mail/{mail.id}/1/Paket.zip")

    assert "&lt;script&gt;åtgärden" in page.decode()
    assert "Beslut å.pdf" in page.decode()
    assert (status, pdf, packed) == (200, b"%PDF-1.7", b"PK")
    assert how.startswith("inline")
    assert saved.startswith("attachment")


async def test_what_is_not_there_is_not_found(site: tuple[Site, int]):
    here, port = site
    await send(port, letter())
    (mail,) = here.world.mails.values()

    assert (await get(here, "/mail/M0NONE"))[0] == 404
    assert (await get(here, f"/mail/{mail.id}/7/x"))[0] == 404


async def test_letters_are_there_the_next_time(tmp_path: Path):
    port = free_port()
    async with serve(load(), mail_port=port, state=tmp_path / "state.json"):
        await send(port, letter())
    async with serve(load(), mail_port=free_port(), state=tmp_path / "state.json") as again:
        (mail,) = again.world.mails.values()
        status, page, _ = await get(again, f"/mail/{mail.id}")

    assert status == 200
    assert "Beslut å.pdf" in page.decode()
