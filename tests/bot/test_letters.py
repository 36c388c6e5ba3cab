"""Whatever people have typed, a letter has one recipient, the headers we gave it and the text as it was."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import compat32, default
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.letters import Attachment, Letter, NotAnAddress, written

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
HEADERS = {
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
    *("Content-Language", "MIME-Version", "Content-Type"),
}


def letter(
    *,
    name: str = "Anna Ek",
    subject: str = "Bifall",
    body: str = "Hej\n",
    file: str = "Beslut.pdf",
    email: str = "anna.ek@exempelkommunen.se",
) -> Letter:
    return Letter(
        message_id="0123456789abcdef",
        name=name,
        email=email,
        subject=subject,
        body=body,
        at=NOON,
        reply_to="sara.wik@exempelkommunen.se",
        attachments=(Attachment(name=file, content=b"%PDF\r\n.\r\n\x00\xff"),),
    )


def sent(one: Letter) -> EmailMessage:
    data = written(one, sender="lots@kommunen.se", sender_name="Trygghetslots, Örkelljunga")
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 998
    read = message_from_bytes(data, policy=default)
    assert isinstance(read, EmailMessage)
    return read


def body_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_swedish_comes_through_whole():
    message = sent(
        letter(name="Åsa Öberg", subject="Avslag, Trygg å", body="Räksmörgås\n", file="Å ä ö.pdf")
    )

    assert str(message["To"]) == "Åsa Öberg <anna.ek@exempelkommunen.se>"
    assert str(message["From"]) == '"Trygghetslots, Örkelljunga" <lots@kommunen.se>'
    assert str(message["Subject"]) == "Avslag, Trygg å"
    assert str(message["Message-ID"]) == "<0123456789abcdef@kommunen.se>"
    assert body_of(message) == "Räksmörgås\n"
    (file,) = message.iter_attachments()
    assert file.get_filename() == "Å ä ö.pdf"
    assert file.get_payload(decode=True) == b"%PDF\r\n.\r\n\x00\xff"


@given(*[st.text(max_size=300)] * 3)
def test_nothing_typed_becomes_a_header(name: str, subject: str, file: str):
    message = sent(letter(name=name, subject=subject, file=file))

    assert set(message.keys()) == HEADERS
    (to,) = message["To"].addresses
    assert to.addr_spec == "anna.ek@exempelkommunen.se"
    assert len([*message.iter_attachments()]) == 1


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=2000)
)
def test_the_text_comes_through_as_it_was(body: str):
    assert body_of(sent(letter(body=f"{body}\n"))).rstrip("\n") == body.rstrip("\n")


@given(st.lists(st.sampled_from(["Fältare", "på", "fritiden", "§ 22", "KS"]), max_size=25))
def test_no_subject_loses_a_space_however_it_is_folded(words: list[str]):
    subject = " ".join(["Bifall", *words])

    assert str(sent(letter(subject=subject))["Subject"]) == subject


@given(
    st.lists(st.sampled_from(["Ängström,", "Eva", "på", "§ 22", '"Lots"', "Örn <x>"]), max_size=20)
)
def test_no_name_loses_a_space_however_long_it_is(words: list[str]):
    name = " ".join(["Avdelningen", *words])

    data = written(letter(name=name), sender="lots@kommunen.se", sender_name="Trygghetslots")

    # Python's reader of addresses keeps the space between two encoded words; others do not.
    (to,) = getaddresses([message_from_bytes(data, policy=compat32)["To"]])
    assert str(make_header(decode_header(to[0]))) == name
    assert to[1] == "anna.ek@exempelkommunen.se"


def test_a_long_subject_is_cut():
    assert len(str(sent(letter(subject="ord " * 500))["Subject"])) <= 200


@pytest.mark.parametrize("email", ["åsa@kommunen.se", "a,b@x.se", "<a@x.se>", "a b@x.se", ""])
def test_what_is_no_address_is_refused(email: str):
    with pytest.raises(NotAnAddress):
        written(letter(email=email), sender="lots@kommunen.se", sender_name="")
