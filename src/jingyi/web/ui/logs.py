"""Logs as JSON, one object a line, for whoever collects them."""

import json
import logging
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """Write time (UTC), level, logger, message and, where one was raised, the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line; line ends inside it are escaped, so that nobody can forge a line."""
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)
