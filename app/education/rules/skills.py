"""When somebody misses skills, what of a questionnaire tells it, and which action follows."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.words import label, listed, lower_first
from app.questionnaires.rules.definition import Dimension
from app.questionnaires.rules.kinds import KINDS

DIMENSIONS = (Dimension.SKILLS, Dimension.EDUCATION)
"""What is a category of its own: whether people can, and whether what is offered for learning fits. Readiness is none
of it, and answers to older questions keep the dimension of their version."""

LOW = 50.0
"""Points (0-100) under which an answer tells of a need: the lowest two choices of every scale are among these."""

MISSING_SKILLS = "skills_missing"
"""The question of the built-in interview that asks which skills are missing: words there name a need by themselves."""

DUE_DAYS = 30
_NOTHING = re.compile(r"\W*(no|none|nothing|nobody|n/?a|not any|no skills?|-)?\W*", re.IGNORECASE)
_THEME = re.compile(r"\b(skill|train|educat|learn|certif)", re.IGNORECASE)
_GAPS = {Dimension.SKILLS: "skills are missing", Dimension.EDUCATION: "what there is to learn does not fit"}


@dataclass(frozen=True)
class Asked:
    """A scored question of a version about skills or education."""

    key: str
    dimension: Dimension
    minimum: float
    maximum: float
    is_reversed: bool

    @property
    def cut(self) -> float:
        """The answer at the middle of the scale: what lies on its bad side tells of a need."""
        return self.minimum + (self.maximum - self.minimum) * LOW / 100

    def points(self, value: float) -> float:
        """An answer as points 0-100, the higher the better."""
        share = (value - self.minimum) / (self.maximum - self.minimum)
        return 100 * (1 - share if self.is_reversed else share)


@dataclass
class Need:
    """What tells that one person needs education: points by dimension, and themes that people named so."""

    points: dict[Dimension, float] = field(default_factory=dict)
    names_skills: bool = False
    themes: set[str] = field(default_factory=set)

    @property
    def rank(self) -> float:
        """Sorts the lowest points first; words without points come last."""
        return min(self.points.values(), default=100.0)

    @property
    def signs(self) -> list[str]:
        """What was said, in words."""
        said = [f"{label(each)} {self.points[each]:.0f} of 100" for each in DIMENSIONS if each in self.points]
        said += ["Named skills that are missing"] if self.names_skills else []
        return said + [f"Speaks of “{theme}”" for theme in sorted(self.themes)]

    @property
    def gaps(self) -> str:
        """What is missing, for the title of an action."""
        found = [_GAPS[each] for each in DIMENSIONS if each in self.points]
        if not found or (self.names_skills and Dimension.SKILLS not in self.points):
            found.insert(0, _GAPS[Dimension.SKILLS])
        return listed(found)


def asked_about(definition: Mapping[str, Any]) -> list[Asked]:
    """The scored questions of a version that are about skills or education."""
    found = []
    for question in definition.get("questions", []):
        kind = KINDS.get(question.get("kind", ""))
        if question.get("dimension") in DIMENSIONS and kind and kind.minimum is not None and kind.maximum is not None:
            dimension, is_reversed = Dimension(question["dimension"]), bool(question.get("reverse"))
            found.append(Asked(question["key"], dimension, kind.minimum, kind.maximum, is_reversed))
    return found


def words_about(definition: Mapping[str, Any]) -> set[str]:
    """The open questions of a version that accompany those, whose words may be quoted beside a need."""
    scored = {each.key for each in asked_about(definition)}
    questions = definition.get("questions", [])
    return {
        each["key"]
        for each in questions
        if each.get("kind") == "text" and (each.get("about") in scored or each.get("dimension") in DIMENSIONS)
    }


def names_something(words: str | None) -> bool:
    """Whether words to the question which skills are missing name any."""
    return bool(words) and not _NOTHING.fullmatch(words or "")


def themes_of_skills(names: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    """Of themes and the names that people gave them, those that speak of skills or learning: key -> name.

    What nobody named is only a frequent word, so it is left out.
    """
    return {key: name for key, name in names if name and _THEME.search(name)}


def title_of(role: str, need: Need) -> str:
    """What the action is called that closes a need."""
    return f"Education for the {lower_first(label(role))}: {need.gaps}"


def form_key(respondent_id: int) -> str:
    """What makes one action of a person's need, however often it is asked for."""
    return f"{KEY}{respondent_id}"


KEY = "education-"
"""How the keys of these actions begin."""
