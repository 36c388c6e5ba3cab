"""Every timer of the bot. Each part keeps its own in its acts module, as `TIMERS`."""

from bot.timetable import Timer

TIMERS: tuple[Timer, ...] = ()
