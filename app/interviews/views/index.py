"""The interviewer's day: whom they still have to talk to, and what they have sent in."""

from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.interviews.queries.assignment import listed_interviews
from app.interviews.queries.coding import codings_waiting
from app.interviews.queries.routes import instrument_asked
from app.interviews.rules.progress import asked_questions
from app.interviews.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope


@dataclass(frozen=True)
class Entry:
    """One interview as the list shows it: how many questions are done, of how many where all ask the same."""

    row: Any
    total: int | None

    @property
    def done(self) -> int:
        """Return how many questions are done, never more than there are."""
        return int(self.row.done) if self.total is None else min(int(self.row.done), self.total)


@blueprint.get("/interviews")
@access(Permission.INTERVIEWS_READ)
def index() -> ResponseReturnValue:
    """Show the interviews that the caller may read: their own to hold, those of others, and the submitted ones."""
    scope = current_scope()
    entries = [Entry(row, total_asked(row)) for row in listed_interviews(db.session, scope=scope)]
    waiting = [entry for entry in entries if entry.row.submitted_at is None]
    return render_template(
        "interviews/index.html",
        own=[entry for entry in waiting if entry.row.is_mine],
        others=[entry for entry in waiting if not entry.row.is_mine],
        submitted=[entry for entry in entries if entry.row.submitted_at is not None],
        user_id=scope.user_id,
        assigns=scope.can(Permission.STUDIES),
        codings=codings_waiting(db.session, scope=scope),
    )


def total_asked(row: Any) -> int | None:
    """Return how many questions an interview has; None where that depends on the person and what they say."""
    instrument = instrument_asked(db.session, row)
    return len(asked_questions(instrument.questionnaire)) if instrument.is_fixed else None
