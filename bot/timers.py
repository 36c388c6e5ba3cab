"""Every timer of the bot. Each part keeps its own in its acts module, as `TIMERS`."""

from bot.acts import substitutes
from bot.timetable import Timer

TIMERS: tuple[Timer, ...] = (*substitutes.TIMERS,)
