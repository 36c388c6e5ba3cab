"""Every timer of the bot. Each part keeps its own in its acts module, as `TIMERS`."""

from bot.acts import deputies, digest, paper_lists, reminders, reporting, substitutes, transfer
from bot.timetable import Timer

TIMERS: tuple[Timer, ...] = (
    *deputies.TIMERS,
    *digest.TIMERS,
    *paper_lists.TIMERS,
    *reminders.TIMERS,
    *reporting.TIMERS,
    *substitutes.TIMERS,
    *transfer.TIMERS,
)
