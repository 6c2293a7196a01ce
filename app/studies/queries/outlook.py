"""What the plan of a study would give today, before anything is drawn or stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.studies.queries import population
from app.studies.queries.frame import reachable_people
from app.studies.rules.cross_section import Member, cross_section
from app.studies.rules.effort import Effort, Reachable, effort
from app.studies.rules.plan import Design, Mode
from app.studies.rules.preview import Preview, preview


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

    def outlook(self, size: int | None = None) -> Outlook:
        """Return what the plan gives, with another size if one is named; ValueError as the draw would refuse it."""
        design = self.design if size is None else replace(self.design, size=size)
        seen = preview(self.members, design)
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
        return {drawn.account_id: drawn.mode for drawn in cross_section(self.members, design).drawn}


def frame_of(session: Session, design: Design) -> Frame:
    """The frame as it is now."""
    return Frame(design, population(session, design.fields), reachable_people(session, list(design.roles)))
