"""What ids are called by the person who reads: people, channels, dates and emoji.

Slack stores ids and timestamps in its texts and lets each client word them; this is our client's wording.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_KILO = 1000
EMOJI = {
    "+1": "👍",
    "-1": "👎",
    "alarm_clock": "⏰",
    "arrow_right": "➡️",
    "ballot_box_with_check": "☑️",
    "bangbang": "‼️",
    "bell": "🔔",
    "books": "📚",
    "bulb": "💡",
    "calendar": "📅",
    "clipboard": "📋",
    "date": "📅",
    "eyes": "👀",
    "file_folder": "📁",
    "hourglass": "⌛",
    "hourglass_flowing_sand": "⏳",
    "house": "🏠",
    "inbox_tray": "📥",
    "information_source": "ℹ️",
    "large_blue_circle": "🔵",
    "large_green_circle": "🟢",
    "large_yellow_circle": "🟡",
    "lock": "🔒",
    "memo": "📝",
    "moneybag": "💰",
    "no_entry": "⛔",
    "page_facing_up": "📄",
    "paperclip": "📎",
    "pencil2": "✏️",
    "pushpin": "📌",
    "question": "❓",
    "red_circle": "🔴",
    "scales": "⚖️",
    "seedling": "🌱",
    "shield": "🛡️",
    "slightly_smiling_face": "🙂",
    "smile": "😄",
    "speech_balloon": "💬",
    "tada": "🎉",
    "thumbsup": "👍",
    "wave": "👋",
    "warning": "⚠️",
    "white_check_mark": "✅",
    "x": "❌",
}


@dataclass(frozen=True)
class Names:
    """What user and channel ids are called; an id that is not known keeps its own letters.

    Selects of people offer `users` without those in `gone`.
    """

    users: Mapping[str, str] = field(default_factory=dict, hash=False)
    channels: Mapping[str, str] = field(default_factory=dict, hash=False)
    gone: frozenset[str] = frozenset()

    def user(self, user_id: str) -> str:
        return self.users.get(user_id, user_id)

    def channel(self, channel_id: str) -> str:
        return self.channels.get(channel_id, channel_id)


def moment(ts: str | float) -> datetime:
    """Tell when a message's `ts` ("171.0002", seconds) was, in Swedish time."""
    return datetime.fromtimestamp(float(ts), tz=STOCKHOLM)


def clock(ts: str | float) -> str:
    return f"{moment(ts):%H:%M}"


def day(ts: str | float, *, today: datetime) -> str:
    """Word the day of a message as Slack's dividers do: Idag, Igår, or the whole date."""
    when = moment(ts)
    days_ago = (today.astimezone(STOCKHOLM).date() - when.date()).days
    if days_ago in (0, 1):
        return ("Idag", "Igår")[days_ago]
    return format_date(when, "EEEE d MMMM y", locale="sv").capitalize()


def _pretty(when: datetime, pattern: str, today: datetime) -> str:
    days_ago = (today.astimezone(STOCKHOLM).date() - when.date()).days
    near = {0: "idag", 1: "igår", -1: "i morgon"}
    return near.get(days_ago) or format_date(when, pattern, locale="sv")


def worded_date(seconds: float, pattern: str, *, today: datetime) -> str:
    """Fill Slack's date tokens (`{date_long}`, `{time}` …) for one moment, in Swedish."""
    when = moment(seconds)
    tokens = {
        "{date_num}": f"{when:%Y-%m-%d}",
        "{date}": format_date(when, "d MMMM y", locale="sv"),
        "{date_short}": format_date(when, "d MMM y", locale="sv"),
        "{date_long}": format_date(when, "EEEE d MMMM y", locale="sv"),
        "{date_pretty}": _pretty(when, "d MMMM y", today),
        "{date_short_pretty}": _pretty(when, "d MMM y", today),
        "{date_long_pretty}": _pretty(when, "EEEE d MMMM y", today),
        "{day_divider_pretty}": _pretty(when, "EEEE d MMMM", today),
        "{time}": f"{when:%H:%M}",
        "{time_secs}": format_time(when, "HH:mm:ss", locale="sv"),
        "{ago}": _pretty(when, "d MMMM y", today),
    }
    for token, words in tokens.items():
        pattern = pattern.replace(token, words)
    return pattern


def size(count: int) -> str:
    """Word a file's size: 812 byte, 34 kB, 1,2 MB."""
    if count < _KILO:
        return f"{count} byte"
    if count < _KILO**2:
        return f"{count // _KILO} kB"
    return f"{count / _KILO**2:.1f} MB".replace(".", ",")


def initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in dict.fromkeys([*words[:1], *words[-1:]])).upper() or "?"
