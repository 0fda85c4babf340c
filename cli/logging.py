"""How a process logs: one line per event, Accord's own and its libraries' alike, on stderr."""

import logging
import sys
from typing import Any

import structlog

from cli.settings import Settings

# Chatty at `info` about what our own events already say.
_QUIET = ("alembic", "httpx", "httpcore", "aiosqlite", "uvicorn.access")


def configure(settings: Settings) -> None:
    """Send every event to stderr, as JSON or for a person; calling it twice changes nothing."""
    in_colour = sys.stderr.isatty()
    form = settings.log_format or ("console" if in_colour else "json")
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        *([_trace_id] if settings.otlp_endpoint else []),
    ]
    rendering: list[structlog.typing.Processor] = (
        [
            # Without the values of variables, which may be anything: keys, passwords, texts.
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            structlog.processors.JSONRenderer(),
        ]
        if form == "json"
        else [
            structlog.dev.ConsoleRenderer(
                colors=in_colour, exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *rendering,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    logging.captureWarnings(capture=True)
    # uvicorn brings handlers of its own when it is started with its own configuration.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        library = logging.getLogger(name)
        library.handlers = []
        library.propagate = True
    if settings.log_level != "debug":
        for name in _QUIET:
            logging.getLogger(name).setLevel(logging.WARNING)


def _trace_id(_logger: Any, _method: str, event: structlog.typing.EventDict) -> Any:
    """The trace that a line belongs to, where traces are made."""
    from opentelemetry import trace  # noqa: PLC0415 - only where it is asked for

    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = format(context.trace_id, "032x")
    return event
