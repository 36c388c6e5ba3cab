"""What is measured while the bot works, as Prometheus reads it: one registry for each running bot.

docs/operations.md has an alert for each promise. Nothing a person has written stands in a label.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from storage.outbox import KINDS

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)


class Metrics:
    """The instruments. Those of `look` are set when somebody reads them (bot/health.py)."""

    def __init__(self) -> None:
        of = self.registry = CollectorRegistry()
        self.acks = Histogram(
            "lots_ack_seconds",
            "From Slack's delivery until it is committed and answered",
            ["kind"],
            registry=of,
            buckets=_SECONDS,
        )
        # A rate sees no first time: what an alert looks for stands at 0 from the start.
        for gesture in ("said", "press", "submission", "command"):
            self.acks.labels(gesture)
        self.refusals = Counter(
            "lots_refusals", "What somebody was refused, by reason", ["reason"], registry=of
        )
        for reason in ("not_ours", "not_slacks", "not_signed"):
            self.refusals.labels(reason)
        self.repeated = Counter("lots_repeated", "Gestures that Slack delivered again", registry=of)
        self.bugs = Counter("lots_bugs", "Listeners that failed", registry=of)
        self.deliveries = Counter(
            "lots_deliveries",
            "Attempts at what is owed, by kind and what came of them",
            ["kind", "outcome"],
            registry=of,
        )
        for kind in KINDS:
            for outcome in ("sent", "later", "failed", "indoubt"):
                self.deliveries.labels(kind, outcome)
        self.outbox_depth = Gauge("lots_outbox_depth", "Owed, not sent yet", ["kind"], registry=of)
        self.outbox_age = Gauge(
            "lots_outbox_oldest_seconds", "How long the oldest is due", ["kind"], registry=of
        )
        # What waits is due anew after each try: a Slack that never takes it is seen here.
        self.outbox_tries = Gauge(
            "lots_outbox_tries", "The most tries of what is not sent", ["kind"], registry=of
        )
        self.given_up = Gauge("lots_outbox_given_up", "What nobody was told", registry=of)
        self.timers_late = Gauge(
            "lots_timetable_age_seconds", "Since the timetable was last looked at", registry=of
        )
        self.slack = Gauge("lots_slack_connected", "1 when Slack reaches us", registry=of)
        self.database = Gauge("lots_database_seconds", "How long one question took", registry=of)
