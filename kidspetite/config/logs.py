"""One line of JSON per event, with the request id and no personal data."""

from __future__ import annotations

import logging
import logging.config
import re
from typing import Any

import structlog

_PERSONAL = {
    "email", "e-mail", "to", "name", "phone", "address", "line1", "line2", "city", "postal_code", "password", "token",
    "authorization", "cookie", "card", "text", "gift_message", "session",
}  # fmt: skip
_MAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
# +12125550123, also as an address carries it (%2B), and (212) 555-0123; a plain row of digits is somebody's id.
_PHONE = re.compile(r"(?:\+|%2B)\d{7,15}\b|(?<![\w-])(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4}\b", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"(?<!\d)(?:\d[ -]?){13,19}(?!\d)")


def without_personal_data(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Blank out fields that name a person, and mail addresses, phone and card-like numbers inside any text."""
    for key, value in event.items():
        if key.lower() in _PERSONAL:
            event[key] = "…"
        elif isinstance(value, str):
            event[key] = _PHONE.sub("…", _LONG_NUMBER.sub("…", _MAIL.sub("…", value)))
    return event


class Lines(structlog.stdlib.ProcessorFormatter):
    """What edge/access.py writes is a line already."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name == "kidspetite.access" and type(record.msg) is str:
            return record.msg
        return super().format(record)


def configure_logging(*, pretty: bool) -> None:
    """Route Django's, procrastinate's and our own logs through one JSON line format on standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_personal_data,
    ]
    renderer: Any = structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer(default=str)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {"()": Lines, "processor": renderer, "foreign_pre_chain": shared}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": "INFO"},
            "loggers": {
                "django.request": {"level": "ERROR"},
                "django.security": {"level": "WARNING"},
                "procrastinate": {"level": "WARNING"},
                "httpx": {"level": "WARNING"},
            },
        }
    )
