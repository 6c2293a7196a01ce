"""What the plan of a study would give today, before anything is drawn or stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.studies.models import Study
from app.studies.queries import health_scores, population
from app.studies.queries.frame import reachable_people
from app.studies.queries.record import newest_health
from app.studies.rules.cross_section import Member, chosen_scores
from app.studies.rules.effort import Effort, Reachable, effort
from app.studies.rules.plan import Design, Method, design_of
from app.studies.rules.preview import Preview, preview
from app.studies.rules.spreads import Scores, ScoreSource


@dataclass(frozen=True)
class Outlook:
    """What one size gives: accounts with their margins of error, and what asking them takes."""

    preview: Preview
    effort: Effort


@dataclass(frozen=True)
class Frame:
    """What outlooks are computed from, read once: all accounts, the people there in the study's roles, known scores."""

    design: Design
    members: list[Member]
    people: Mapping[str, Reachable]
    scores: list[Scores]

    def outlook(self, size: int | None = None) -> Outlook:
        """Return what the plan gives, with another size if one is named; ValueError as the draw would refuse it."""
        design = self.design if size is None else replace(self.design, size=size)
        seen = preview(self.members, design, scores=self._scores(design))
        return Outlook(seen, effort(seen.doors, self.people))

    def around(self, shown: Outlook) -> list[Outlook]:
        """Return what half the shown size gives, itself, and double of it; what cannot be drawn is left out."""
        size = shown.preview.accounts
        less, more = self._possible({max(size // 2, 1)} - {size}), self._possible(self._double(shown) - {size})
        return [*less, shown, *more]

    def _double(self, shown: Outlook) -> set[int]:
        return {min(shown.preview.accounts * 2, shown.preview.frame_size)}

    def _possible(self, sizes: Iterable[int]) -> list[Outlook]:
        found = []
        for size in sizes:
            try:
                found.append(self.outlook(size))
            except ValueError:
                continue
        return found

    def _scores(self, design: Design) -> Scores | None:
        if design.method is Method.NEYMAN:
            return chosen_scores(self.members, design, self.scores)
        # Elsewhere scores only say how wide the margins are, and only voices spread as voices do.
        return next((scores for scores in self.scores if scores.source is ScoreSource.LAST_VOICE), None)


def frame_of(session: Session, study: Study, last_voices: Mapping[str, float]) -> Frame:
    """The frame of a study as it is now; `last_voices` are those of the study scored last, by the CRM's account id.

    Health is the newest that was computed: a draw by Neyman computes today's, which a reading page may not.
    """
    design = design_of(study.plan)
    scores = [Scores(ScoreSource.LAST_VOICE, last_voices)] if last_voices else []
    health = session.scalar(newest_health(study)) if design.method is Method.NEYMAN else None
    if health is not None:
        scores.append(Scores(ScoreSource.HEALTH, health_scores(session, health)))
    people = reachable_people(session, list(design.roles))
    return Frame(design, population(session, design.fields), people, scores)
