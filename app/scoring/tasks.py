"""Jobs of scoring: a study is scored in the background as soon as its responses have changed."""

import logging
import time

from app.core.database import db
from app.core.errors import Refusal
from app.scoring.queries import studies_to_score

log = logging.getLogger(__name__)


def score() -> list[str]:
    """Score every study whose responses changed since; returns their keys. Running it twice changes nothing.

    After each it rests as long as it worked: on SQLite a scoring holds the only write lock, and people who send their
    answers must get it in between.
    """
    scored = []
    for study in studies_to_score(db.session):
        started = time.monotonic()
        if _is_scored(study.key):
            scored.append(study.key)
            time.sleep(time.monotonic() - started)
    return scored


def _is_scored(key: str) -> bool:
    # Statistics load in the worker, when there is work: every other process only names this job.
    from app.scoring.services import score_study
    from app.studies.queries import study_named

    try:
        score_study(db.session, study=study_named(db.session, key))
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        log.warning("Study %s could not be scored: %s", key, refusal.sentence)
        return False
    return True
