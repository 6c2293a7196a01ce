"""`flask mail`: what waits is sent now, without a worker."""

from collections import Counter

from flask.cli import AppGroup

from app.cli.edge import as_json_option, edge, emit
from app.core.clock import now
from app.core.database import db
from app.surveys.queries.mails import due_count
from app.surveys.tasks import sent_mails

group = AppGroup("mail", help="Mails of all studies.")


@group.command("send")
@as_json_option
@edge
def send(*, as_json: bool) -> None:
    """Send the mails that are due; status 1 where the server cannot be reached and some still wait."""
    fates = Counter(outcome.fate.value for outcome in sent_mails())
    left = due_count(db.session, at=now())
    told = ", ".join(f"{number:,} {fate.replace('_', ' ')}" for fate, number in sorted(fates.items()))
    emit(as_json, {"mails": dict(fates), "due": left}, f"{told or 'Nothing sent'}; {left:,} still due.")
    if left:
        raise SystemExit(1)
