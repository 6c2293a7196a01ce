"""Jobs of scoring: a study is scored in the background as soon as its responses have changed."""

import logging
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.clock import today
from app.core.database import db, only_reading
from app.core.errors import Refusal
from app.health.models import ScorecardVersion
from app.scoring.models import ChosenFigures, Scoring, Validation
from app.scoring.queries import studies_to_score
from app.scoring.queries.checks import check_of, studies_to_check
from app.scoring.queries.choosing import waiting_wishes
from app.scoring.queries.outcomes import waiting_validations
from app.scoring.queries.rescoring import changed_people
from app.scoring.rules.choice import choice_of
from app.studies.models import Study
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


def choose() -> list[int]:
    """Compute the figures of the parts of studies that somebody waits for; returns the ids of their wishes.

    Running it twice changes nothing. The long part only reads; a wish that was taken back ends it at its next step.
    """
    with only_reading():
        waiting = waiting_wishes(db.session)
    for number in waiting:
        _choose_now(number)
    return waiting


def _choose_now(number: int) -> None:
    from app.scoring.services.choosing import chosen_figures
    from app.scoring.services.loading import load_statistics

    load_statistics()
    try:
        with only_reading():
            wish = db.session.get(ChosenFigures, number)
            if wish is None:
                return
            scoring = db.session.get_one(Scoring, wish.scoring_id)
            study, choice = db.session.get_one(Study, scoring.study_id), choice_of(wish.query)
            figures = chosen_figures(
                db.session, study=study, scoring=scoring, choice=choice, note=lambda step: _note(number, step=step)
            )
        _note(number, figures=figures)
    except GivenUp:
        log.info("The figures of wish %d are not wanted any more.", number)


class GivenUp(Exception):  # noqa: N818  (it is no error: somebody changed their mind, or the study was scored again)
    """Nobody waits for these figures any more."""


def _note(number: int, **values: Any) -> None:
    """Write how far a wish has come, beside the transaction that reads for it."""
    with Session(db.engine) as session:
        changed = session.connection().execute(update(ChosenFigures).where(ChosenFigures.id == number).values(**values))
        session.commit()
    if not changed.rowcount:
        raise GivenUp


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
    score_accounts_first(key)
    try:
        score_study(db.session, study=study_named(db.session, key), beside=beside)
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        log.warning("Study %s could not be scored: %s", key, refusal.sentence)
        return False
    return True


def score_accounts_first(key: str) -> int:
    """Score the accounts whose responses changed before the portfolio, which takes longer; returns how many."""
    from app.scoring.services.rescoring import rescore_accounts
    from app.scoring.services.scoring import asked_in

    # Locked: what another worker's scoring puts in the place of this one would else be gone while it is written to.
    study = study_named(db.session, key, is_locked=True)
    changed = changed_people(db.session, study)
    if not changed:
        db.session.rollback()
        return 0
    n = rescore_accounts(db.session, study=study, asked=asked_in(db.session, study), changed=changed)
    db.session.commit()
    return n


def validate() -> list[int]:
    """Compute every test of a scorecard that was asked for; returns their ids. Running it twice changes nothing.

    The long part only reads, so that nobody waits for the write lock meanwhile.
    """
    with only_reading():
        waiting = waiting_validations(db.session)
    for number in waiting:
        _validate_now(number)
    return waiting


def _validate_now(number: int) -> None:
    from app.scoring.services.loading import load_statistics
    from app.scoring.services.validating import store_validation, validation_of

    load_statistics()
    with only_reading():
        asked = db.session.get_one(Validation, number)
        version = db.session.get_one(ScorecardVersion, asked.scorecard_version_id)
        figures = validation_of(db.session, version=version, as_of=asked.as_of)
    store_validation(db.session, validation=db.session.get_one(Validation, number), figures=figures)
    db.session.commit()


def distress() -> bool:
    """Compute the distress index where the day or the support cases are others than those of the stored one."""
    from app.scoring.services.distressing import computed_distress, is_due, store_distress

    with only_reading():
        if not is_due(db.session, as_of=today()):
            return False
        computed = computed_distress(db.session, as_of=today())
    store_distress(db.session, computed)
    db.session.commit()
    return True
