"""Logs as one JSON object a line, with secrets in addresses struck out."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

from flask import Flask, g, has_request_context, request

TOKEN_IN_PATH = re.compile(r"(/[arsu]/|/[dhp]/[0-9]+/)[^\s/?#\"']+")
TOKEN_IN_QUERY = re.compile(r"([?&](?:token|key|password|code|next)=)[^\s&#\"']+", re.IGNORECASE)
BEARER = re.compile(r"(Bearer\s+)\S+", re.IGNORECASE)
BOUND_VALUES = re.compile(r"\[parameters: .*?\]$", re.MULTILINE | re.DOTALL)
STRUCK = r"\1***"


def redacted(text: str) -> str:
    """Return a line without link tokens, keys, passwords, and without the values bound to a failed statement."""
    for pattern in (TOKEN_IN_PATH, TOKEN_IN_QUERY, BEARER):
        text = pattern.sub(STRUCK, text)
    return BOUND_VALUES.sub("[parameters: ***]", text)


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record, redacted; inside a request with the method, the path and the person's id."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage()),
        }
        if has_request_context():
            scope = g.get("scope")
            line |= {
                "method": request.method,
                "path": redacted(request.path),
                "user_id": scope.user_id if scope else None,
            }
        if record.exc_info:
            line["traceback"] = redacted(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def prepare_logs(application: Flask) -> None:
    """Send the log of all our modules to standard error as JSON lines, in place of Flask's own handler."""
    if any(isinstance(handler.formatter, JsonLines) for handler in application.logger.handlers):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    application.logger.handlers = [handler]
    application.logger.setLevel(logging.INFO)
