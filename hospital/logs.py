"""How a log line looks: words for a terminal, one JSON object a line in production."""

import structlog
from structlog.typing import Processor

shared: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
]
console: Processor = structlog.dev.ConsoleRenderer(colors=False)
json: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)


def configure() -> None:
    """Send structlog's own loggers through the standard library, so that one formatter shapes all."""
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
