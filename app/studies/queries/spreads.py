"""Which scores Neyman allocation goes by."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from app.core.clock import today
from app.health.queries import latest_computation, newest_scorecard
from app.studies.models import Study
from app.studies.queries import health_scores
from app.studies.rules.cross_section import Member, has_spreads
from app.studies.rules.plan import Design, Method
from app.studies.rules.spreads import Scores, ScoreSource


def spread_scores(
    session: Session, *, study: Study, design: Design, population: Sequence[Member], last_voices: Mapping[str, float]
) -> Scores | None:
    """The scores that Neyman goes by, None for other methods and where nothing is known.

    Last wave's voices where they reach two accounts in each stratum, else the newest health that was computed until
    today by the newest version of the study's scorecard; whether that is enough is for `cross_section` to say.
    """
    if design.method is not Method.NEYMAN:
        return None
    voices = Scores(ScoreSource.LAST_VOICE, last_voices)
    if has_spreads(population, design, voices):
        return voices
    health = latest_computation(session, version=newest_scorecard(session, study.scorecard_key), until=today())
    return None if health is None else Scores(ScoreSource.HEALTH, health_scores(session, health.id))
