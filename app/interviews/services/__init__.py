"""What is done with interviews: assigned, held question by question, submitted, reopened."""

from app.interviews.services.assigning import Assigned, assign_interviews, share_interviews, withdraw_interviews
from app.interviews.services.holding import reopen_interview, save_answer, submit_interview
from app.interviews.services.noting import choose_note_taker

__all__ = [
    "Assigned",
    "assign_interviews",
    "choose_note_taker",
    "reopen_interview",
    "save_answer",
    "share_interviews",
    "submit_interview",
    "withdraw_interviews",
]
