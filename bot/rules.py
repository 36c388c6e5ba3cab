"""How outbox, timetable and catch-up wait. Tests scale it down; the proportions stay."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """In seconds, but where said."""

    timeout_s: float = 10  # the HTTP client's; a request is over by then
    slack_delay_s: float = 30  # how late Slack may still do what it was asked
    grace_s: float = 10  # between claim and request
    poll_s: float = 1
    post_every_s: float = 1  # per conversation
    post_burst: int = 5
    update_every_s: float = 60 / 45  # for the whole workspace: Slack allows about 50 a minute
    update_burst: int = 5
    share_patience_s: float = 60  # how long Slack may take to share a file it has
    job_lease_s: float = 60
    job_tries: int = 5
    job_retry_s: float = 2  # doubled for each try
    jobs_at_once: int = 2
    # What SIGTERM leaves for what is under way: 3 s for gestures, twice this for what is sent; 10 s in all.
    stop_within_s: float = 2.5
    timers_poll_s: float = 5
    catch_up_every_s: float = 300
    catch_up_retry_s: float = 20
    # conversations.history may be asked about fifty times a minute, and the outbox asks it too
    read_every_s: float = 60 / 35
    read_burst: int = 15

    @property
    def lease(self) -> timedelta:
        """Until then nobody else looks whether a message was sent."""
        return timedelta(seconds=self.grace_s + self.timeout_s + self.slack_delay_s)
