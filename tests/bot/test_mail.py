"""What becomes of a letter at a real mail server, and that a password is never sent in the clear."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.mail import Accepted, Later, Refused, Unclear, server
from tests.bot.mailbox import Mailbox, mailbox
from tests.bot.test_letters import letter

TO = "anna.ek@exempelkommunen.se"


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as made:
        yield made


async def test_what_is_taken_is_accepted(box: Mailbox):
    assert await box.server.send(letter()) == Accepted()
    assert box.to == [TO]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("550 5.1.1 No such user", Refused("550 5.1.1 No such user")),
        ("451 4.7.1 Greylisted", Later("451 4.7.1 Greylisted")),
    ],
)
async def test_the_recipient_is_refused_for_good_or_for_now(box, answer, outcome):
    box.refuses[TO] = answer

    assert await box.server.send(letter()) == outcome


@pytest.mark.parametrize(("answer", "kind"), [("552 Too big", Refused), ("452 Full", Later)])
async def test_the_letter_itself_is_refused_for_good_or_for_now(box, answer, kind):
    box.once = [answer]

    assert isinstance(await box.server.send(letter()), kind)
    assert not box.taken


async def test_a_line_that_is_cut_after_the_letter_leaves_it_unclear(box: Mailbox):
    box.hangs_up = 1

    assert isinstance(await box.server.send(letter()), Unclear)
    assert len(box.taken) == 1


async def test_a_server_that_thinks_for_too_long_leaves_it_unclear(box: Mailbox):
    class Slow(Mailbox):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
            await asyncio.sleep(2)
            return "250 OK"

    async with _listening(Slow()) as port:
        slow = replace(box.server, port=port, taken_s=0.2)
        assert isinstance(await slow.send(letter()), Unclear)


async def test_nobody_there_is_for_now(box: Mailbox):
    assert isinstance(await replace(box.server, port=9).send(letter()), Later)


async def test_a_sender_that_is_refused_says_nothing_of_the_recipient(box: Mailbox):
    class Strict(Mailbox):
        async def handle_MAIL(
            self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
        ) -> str:
            return "550 Not yours"

    async with _listening(Strict()) as port:
        assert await replace(box.server, port=port).send(letter()) == Later("550 Not yours")


async def test_an_address_that_cannot_be_written_is_refused(box: Mailbox):
    assert await box.server.send(letter(email="åsa@x.se")) == Refused("not_an_address")


async def test_a_password_goes_only_to_a_server_that_is_who_it_says(box: Mailbox):
    """It offers no STARTTLS: the connection ends before the password."""
    demanding = replace(box.server, user="lots", password="hemlig", start_tls=True)

    assert isinstance(await demanding.send(letter()), Later)
    assert not box.taken


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_logging_in_and_being_refused(box: Mailbox):
    def check(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password == b"hemlig"
        return AuthResult(success=right)

    inside = Mailbox()
    async with _listening(inside, authenticator=check, auth_require_tls=False) as port:
        known = replace(box.server, port=port, user="lots", password="hemlig")
        assert await known.send(letter()) == Accepted()
        wrong = await replace(known, password="fel").send(letter())
    assert isinstance(wrong, Later)
    assert "hemlig" not in repr(known)
    assert len(inside.taken) == 1


async def test_a_certificate_that_nobody_vouches_for_is_refused(box: Mailbox, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*await _self_signed(tmp_path))
    inside = Mailbox()
    async with _listening(inside, tls_context=context) as port:
        assert isinstance(
            await replace(box.server, port=port, start_tls=True).send(letter()), Later
        )
    assert not inside.taken


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.kommunen.se", ("mail.kommunen.se", 25, False, None)),
        ("smtps://u:p@mail.kommunen.se", ("mail.kommunen.se", 465, True, True)),
        ("smtp+starttls://mail.kommunen.se", ("mail.kommunen.se", 587, False, True)),
        ("smtp://u:p@mail.kommunen.se:2525", ("mail.kommunen.se", 2525, False, True)),
        ("smtp://u:p@127.0.0.1:1025", ("127.0.0.1", 1025, False, None)),
    ],
)
def test_the_address_says_how(url, expected):
    found = server(url, sender="lots@kommunen.se", sender_name="Lots")

    assert (found.host, found.port, found.tls, found.start_tls) == expected


def test_a_password_may_hold_anything():
    found = server("smtps://a%40b:p%40%2F%3A@h", sender="l@k.se", sender_name="")

    assert (found.user, found.password) == ("a@b", "p@/:")
    assert repr(found) == "Server(h:465)"


@asynccontextmanager
async def _listening(box: Mailbox, **options: Any) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: SMTP(box, **options), "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        await listening.wait_closed()


async def _self_signed(folder: Any) -> tuple[str, str]:
    key, certificate = f"{folder}/key.pem", f"{folder}/cert.pem"
    made = await asyncio.create_subprocess_exec(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
        *("-subj", "/CN=127.0.0.1", "-keyout", key, "-out", certificate),
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await made.wait() == 0
    return certificate, key
