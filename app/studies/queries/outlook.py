"""What the plan of a study would give today, before anything is drawn or stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.studies.models import Study
from app.studies.queries import population
from app.studies.queries.frame import reachable_people
from app.studies.queries.spreads import spread_scores
from app.studies.rules.cross_section import Member, cross_section
from app.studies.rules.effort import Effort, Reachable, effort
from app.studies.rules.plan import Design, Mode
from app.studies.rules.preview import Preview, preview
from app.studies.rules.spreads import Scores


@dataclass(frozen=True)
class Outlook:
    """What one size gives: accounts with their margins of error, and what asking them takes."""

    size: int | None
    preview: Preview
    effort: Effort


@dataclass(frozen=True)
class Frame:
    """What outlooks are computed from, read once: all accounts, and the people there in the study's roles."""

    design: Design
    members: list[Member]
    people: Mapping[str, Reachable]
    scores: Scores | None

    def outlook(self, size: int | None = None) -> Outlook:
        """Return what the plan gives, with another size if one is named; ValueError as the draw would refuse it."""
        design = self.design if size is None else replace(self.design, size=size)
        seen = preview(self.members, design, scores=self.scores)
        return Outlook(design.size, seen, effort(self._modes(design, seen), self.people))

    def others(self, sizes: Iterable[int]) -> list[Outlook]:
        """Return what these sizes give; those that cannot be drawn are left out."""
        found = []
        for size in sizes:
            try:
                found.append(self.outlook(size))
            except ValueError:
                continue
        return found

    def _modes(self, design: Design, seen: Preview) -> dict[str, str]:
        if design.mode is not Mode.BOTH:
            return dict.fromkeys(seen.account_ids, str(design.mode))
        return {drawn.account_id: drawn.mode for drawn in cross_section(self.members, design, scores=self.scores).drawn}


def frame_of(session: Session, study: Study, design: Design, last_voices: Mapping[str, float]) -> Frame:
    """The frame as it is now, with the scores that the draw would go by where it goes by any.

    Health is the newest that was computed until today; the draw computes today's if that is older.
    """
    members = population(session, design.fields)
    scores = spread_scores(session, study=study, design=design, population=members, last_voices=last_voices)
    return Frame(design, members, reachable_people(session, list(design.roles)), scores)
