"""Jobs of scoring: a study is scored in the background as soon as its responses have changed."""

import logging
import time
from typing import TYPE_CHECKING

from app.core.database import db, only_reading
from app.core.errors import Refusal
from app.scoring.queries import check_of, studies_to_check, studies_to_score
from app.studies.queries import study_named

if TYPE_CHECKING:
    from app.scoring.services import Beside

log = logging.getLogger(__name__)


def score(beside: "Beside | None" = None) -> list[str]:
    """Score every study whose responses changed since; returns their keys. Running it twice changes nothing.

    `beside` is what other features hand in for the topics.

    On SQLite a scoring holds the only write lock, and people who send their answers must get it in between: the job
    looks for work by reading alone, loads the statistics before it takes the lock, and rests after each study as long
    as it worked.
    """
    scored = []
    for key in due_keys():
        started = time.monotonic()
        if is_scored_now(key, beside):
            scored.append(key)
            time.sleep(time.monotonic() - started)
    return scored


def check(beside: "Beside | None" = None) -> list[str]:
    """Compute again the scorings that somebody wants checked; returns their studies' keys."""
    with only_reading():
        keys = [study.key for study in studies_to_check(db.session)]
    for key in keys:
        _check(key, beside)
    return keys


def _check(key: str, beside: "Beside | None") -> None:
    from app.scoring.services.checking import answer_check
    from app.scoring.services.loading import load_statistics

    load_statistics()
    study = study_named(db.session, key)
    wish = check_of(db.session, study.id)
    if wish is not None:
        answer_check(db.session, check=wish, study=study, beside=beside)
        db.session.commit()


def due_keys() -> list[str]:
    """Return the keys of the studies that are to be scored, by a transaction that only reads and has ended."""
    with only_reading():
        return [study.key for study in studies_to_score(db.session)]


def is_scored_now(key: str, beside: "Beside | None") -> bool:
    """Score one study and tell whether that worked; why it did not stands in the log."""
    # Statistics load in the worker, when there is work: every other process only names this job.
    from app.scoring.services import score_study
    from app.scoring.services.loading import load_statistics

    load_statistics()
    try:
        score_study(db.session, study=study_named(db.session, key), beside=beside)
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        log.warning("Study %s could not be scored: %s", key, refusal.sentence)
        return False
    return True
