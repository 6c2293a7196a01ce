"""The only writers of answers: files in bulk, the two doors of one respondent, and the open one."""

from app.responses.services.anonymous import OpenDoor, seal_anonymous, submit_anonymously
from app.responses.services.forms import save_page, send_pages, submit_answers
from app.responses.services.items import (
    Conflict,
    Locked,
    hand_over_response,
    open_response,
    reopen_response,
    save_item,
    settle_answers,
    submit_response,
    take_back_response,
)
from app.responses.services.promises import save_promise_answer
from app.responses.services.recording import record_answers
from app.responses.services.writing import Door, Submitted, TakenBack, forget_changes, note_change

__all__ = [
    "Conflict",
    "Door",
    "Locked",
    "OpenDoor",
    "Submitted",
    "TakenBack",
    "forget_changes",
    "hand_over_response",
    "note_change",
    "open_response",
    "record_answers",
    "reopen_response",
    "save_item",
    "save_page",
    "save_promise_answer",
    "seal_anonymous",
    "send_pages",
    "settle_answers",
    "submit_anonymously",
    "submit_answers",
    "submit_response",
    "take_back_response",
]
