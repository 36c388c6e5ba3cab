"""Logs: one line per event on standard error, as `key=value`; a journal adds the time it was read.

Slack's libraries write whole payloads at DEBUG and in some warnings. An answer or a name must never
reach a log, so they are kept quiet whatever LOG_LEVEL says.
"""

import logging
import sys

import structlog

_QUIET = {
    "slack_bolt": logging.ERROR,
    "slack_sdk": logging.WARNING,
    "aiohttp": logging.WARNING,
    "alembic": logging.WARNING,
}


def write_logs(level: str) -> None:
    """Send structlog's and the libraries' lines of at least `level` to standard error."""
    number = logging.getLevelNamesMapping()[level]
    logging.basicConfig(level=max(number, logging.INFO), stream=sys.stderr, format="%(message)s")
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(max(number, least))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
