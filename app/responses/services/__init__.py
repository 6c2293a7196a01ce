"""The only writers of answers: files in bulk, and the two doors one respondent at a time."""

from app.responses.services.forms import save_page, send_pages, submit_answers
from app.responses.services.items import (
    Conflict,
    Locked,
    open_response,
    reopen_response,
    save_item,
    submit_response,
)
from app.responses.services.recording import record_answers
from app.responses.services.writing import Door, Submitted, forget_changes, note_change

__all__ = [
    "Conflict",
    "Door",
    "Locked",
    "Submitted",
    "forget_changes",
    "note_change",
    "open_response",
    "record_answers",
    "reopen_response",
    "save_item",
    "save_page",
    "send_pages",
    "submit_answers",
    "submit_response",
]
