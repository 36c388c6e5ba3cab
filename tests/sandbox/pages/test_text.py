"""Texts as the browser interface shows them: Slack's markup, Swedish dates, and no HTML of anybody else's."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.pages.mrkdwn import mrkdwn, plain
from sandbox.pages.names import Names, day, initials, size, worded_date
from sandbox.pages.rich_text import rich_text

NAMES = Names(users={"U0SARA": "Sara Wik"}, channels={"C0KLG": "klg-trygghet"})
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TAGS = {"b", "i", "s", "code", "pre", "a", "br", "blockquote", "span", "time"}


class Reader(HTMLParser):
    """Collects the tags, links and text of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*fet* _kursiv_ ~struken~", "<b>fet</b> <i>kursiv</i> <s>struken</s>"),
        ("*_båda_*", "<b><i>båda</i></b>"),
        ("2*3*4 och snake_case_namn", "2*3*4 och snake_case_namn"),
        ("* inte fet *", "* inte fet *"),
        ("`*kod* &amp; mer`", "<code>*kod* &amp; mer</code>"),
        ("före\n```rad 1\nrad 2```\nefter", "före<pre>rad 1\nrad 2</pre>efter"),
        ("&gt; citat\n&gt; mer\nsvar", "<blockquote>citat<br>mer</blockquote>svar"),
        ("ett\ntvå", "ett<br>två"),
        ("fråga <@U0SARA>", 'fråga <span class="mention">@Sara Wik</span>'),
        (
            "<#C0KLG> <!here>",
            '<span class="mention">#klg-trygghet</span> <span class="mention">@here</span>',
        ),
        ("A &lt; B &amp;amp; C", "A &lt; B &amp;amp; C"),
        (":okänd: kl 10:30:00", ":okänd: kl 10:30:00"),
    ],
)
def test_mrkdwn_is_shown_as_slack_shows_it(text, html):
    assert mrkdwn(text, NAMES) == html


def test_a_link_opens_in_its_own_tab_and_knows_nothing_of_ours():
    html = mrkdwn("<https://a_b.se/?x=1&amp;y=2|rutinen>", NAMES)
    assert read(html).links == ["https://a_b.se/?x=1&y=2"]
    assert read(html).text == "rutinen"
    assert 'rel="noopener noreferrer"' in html


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_link_that_could_run_is_only_text(url):
    assert read(mrkdwn(f"<{url}|tryck>", NAMES)).links == []
    element = {"type": "link", "url": url, "text": "tryck"}
    section = {"type": "rich_text_section", "elements": [element]}
    assert read(rich_text({"elements": [section]}, NAMES)).links == []


def test_a_date_is_worded_in_swedish_and_falls_back_when_it_is_none():
    dated = mrkdwn("<!date^1795348800^{date_long} kl. {time}|2026-11-22>", NAMES, today=NOON)
    assert read(dated).text == "söndag 22 november 2026 kl. 13:00"
    assert read(mrkdwn("<!date^snart|2026-11-22>", NAMES)).text == "2026-11-22"
    assert worded_date(1795348800, "{date_pretty}", today=NOON) == "idag"


def test_a_day_is_called_today_yesterday_or_by_its_date():
    assert day("1795348800.1", today=NOON) == "Idag"
    assert day("1795262400.1", today=NOON) == "Igår"
    assert day("1795176000.1", today=NOON) == "Fredag 20 november 2026"


def test_emoji_names_become_emoji_in_plain_text_too():
    assert plain("klart :tada: <b>") == "klart 🎉 &lt;b&gt;"


def test_rich_text_shows_lists_quotes_styles_and_people():
    block = {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U0SARA"}, {"type": "text", "text": " <i>\nsa", "style": {"bold": True}}]},
            {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "ett"}]}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x < y"}]},
        ],
    }  # fmt: skip
    assert rich_text(block, NAMES) == (
        '<span><span class="mention">@Sara Wik</span><b> &lt;i&gt;<br>sa</b></span>'
        '<ol data-indent="1"><li><span>ett</span></li></ol><pre>x &lt; y</pre>'
    )


@given(st.text(alphabet="ab <>&*_~`:|!@#^/\"'\n;=gtl", max_size=60))
def test_no_text_at_all_becomes_other_html_than_slacks(text):
    seen = read(mrkdwn(text, NAMES))
    assert seen.tags <= TAGS
    assert all(link.startswith(("http", "mailto:", "tel:", "/")) for link in seen.links)


@given(st.text(alphabet="åäö <>&\"';=/script", max_size=60))
def test_what_a_person_typed_is_read_back_letter_by_letter(text):
    stored = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    seen = read(mrkdwn(stored, NAMES))
    assert seen.text == text or text.startswith(">")
    assert seen.tags <= {"blockquote"}


def test_sizes_and_initials_are_short():
    assert [size(812), size(34_567), size(1_234_567)] == ["812 byte", "34 kB", "1,2 MB"]
    assert [initials("Anna Ek"), initials("Trygghetslots"), initials("")] == ["AE", "T", "?"]
