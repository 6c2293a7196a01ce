"""Exports of a scored study: a row for each person heard, and a row for each account drawn."""

from pathlib import Path

from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.core.sheets import Sheet
from app.questionnaires.rules.definition import Dimension
from app.studies.models import Study
from app.studies.services.anonymity import refuse_anonymous
from app.transfer.queries.scores import gap_rows, is_scored, score_rows
from app.transfer.services.files import write_file

DRAW = ("stratum", "stratum_size", "weight")
PERSON = ("response_id", "account_id", "contact_id", "role", "mode", *DRAW, "voice", "core_share")
DIMENSIONS = tuple(str(dimension) for dimension in Dimension)
GAPS = (
    "account_id", "name", *DRAW, "arr", "currency", "health", "health_band", "voice", "voice_band", "respondents",
    "role_coverage", "equated_health", "gap", "shrunken_gap", "se", "p_low", "p_high", "tier", "quadrant",
)  # fmt: skip
WORDS = frozenset({
    "response_id", "account_id", "contact_id", "role", "mode", "stratum", "name", "currency", "health_band",
    "voice_band", "tier", "quadrant",
})  # fmt: skip


def export_scores(session: Session, *, study: Study, path: Path) -> int:
    """Write the scores of the people whom a study heard to a file, one row each, and return how many.

    CSV, XLSX or SAV by the ending of its name. Voice and dimensions are 0-100, `core_share` 0-1; what was not answered
    is empty. Refuses an anonymous study and one that has not been scored.
    """
    _refuse_unscored(session, study)
    rows = ([*row[:-1], *((row[-1] or {}).get(name) for name in DIMENSIONS)] for row in score_rows(session, study))
    header = (*PERSON, *DIMENSIONS)
    return write_file(path, [Sheet("Scores", header, rows)], title=study.name, numbers=set(header) - WORDS)


def export_gaps(session: Session, *, study: Study, path: Path) -> int:
    """Write every drawn account of a scored study to a file, as the gap report has it, and return how many.

    CSV, XLSX or SAV by the ending of its name. Scores 0-100, gaps in points, probabilities and coverage 0-1; what is
    not known is empty. Refuses an anonymous study and one that has not been scored.
    """
    _refuse_unscored(session, study)
    rows = map(tuple, gap_rows(session, study))
    return write_file(path, [Sheet("Gaps", GAPS, rows)], title=study.name, numbers=set(GAPS) - WORDS)


def _refuse_unscored(session: Session, study: Study) -> None:
    refuse_anonymous(study)
    if not is_scored(session, study):
        raise Refusal(f"Study “{study.key}” has not been scored yet. Run: flask study score {study.key}")
