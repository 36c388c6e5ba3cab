"""Every timer of the bot. Each part keeps its own in its acts module, as `TIMERS`."""

from bot.acts import digest, reporting, substitutes, transfer
from bot.timetable import Timer

TIMERS: tuple[Timer, ...] = (
    *digest.TIMERS,
    *reporting.TIMERS,
    *substitutes.TIMERS,
    *transfer.TIMERS,
)
