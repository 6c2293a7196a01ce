"""What is done with interviews: assigned, held question by question, submitted, reopened."""

from app.interviews.services.assigning import Assigned, assign_interviews, share_interviews, withdraw_interviews
from app.interviews.services.holding import (
    refuse_impossible,
    reopen_interview,
    save_answer,
    settled_branches,
    submit_interview,
)
from app.interviews.services.note_taking import choose_note_taker
from app.interviews.services.noting import keep_times, mark_from_notes, note_peek
from app.interviews.services.promises import note_promise_answer

__all__ = [
    "Assigned",
    "assign_interviews",
    "choose_note_taker",
    "keep_times",
    "mark_from_notes",
    "note_peek",
    "note_promise_answer",
    "refuse_impossible",
    "reopen_interview",
    "save_answer",
    "settled_branches",
    "share_interviews",
    "submit_interview",
    "withdraw_interviews",
]
