"""Which kinds of judgement a workspace uses, how fast they age, and what the numbers of the matrix mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from app.core.errors import Refusal
from app.pulse.rules.words import read_reason
from app.questionnaires.rules.definition import Dimension

SWITCHES = {
    "sentiment": "Sentiment as a measure: five steps with a reason, which a scorecard may weigh",
    "lights": "Red, amber or green at the last interaction",
    "matrix": "A matrix of people and topics, 1 to 5",
    "overrides": "Overrides of the calculated band, with a reason and an end",
    "beside": "Sentiment as a field of its own beside the score",
}
"""The five kinds of judgement, by the name of their switch."""
FIELDS = {"segment": "Segment", "plan": "Plan", "tier": "Tier"}
MOST_VALUES = 50
ANCHORS = (1, 3, 5)
RUBRIC = {1: "They would say that it fails them.", 3: "It works, with complaints.", 5: "They would recommend it."}
"""What the numbers of the matrix mean where the workspace wrote nothing else."""


@dataclass(frozen=True)
class PulseSettings:
    """What a workspace chose. `without` are values of `attribute` (such as self-serve) that have no field beside."""

    sentiment: bool = True
    lights: bool = True
    matrix: bool = True
    overrides: bool = True
    beside: bool = True
    half_life_days: int = 90
    stale_days: int = 60
    attribute: str = "segment"
    without: tuple[str, ...] = ()
    rubric: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    def meaning(self, dimension: str, value: int) -> str:
        """What a number of the matrix means for a topic."""
        return self.rubric.get(dimension, {}).get(value) or RUBRIC[value]

    def has_field(self, account: Any) -> bool:
        """Whether an account has the field beside the score; accounts without it have none, which is not 0."""
        value = str(getattr(account, self.attribute) or "").strip().casefold()
        return self.beside and value not in {each.casefold() for each in self.without}

    def takes_sentiment(self, account: Any) -> bool:
        """Whether a sentiment may be given for an account."""
        return self.sentiment or self.has_field(account)

    def document(self) -> dict[str, Any]:
        """The settings as they are stored."""
        plain = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in {"without", "rubric"}}
        rubric = {key: {str(number): text for number, text in texts.items()} for key, texts in self.rubric.items()}
        return {**plain, "without": list(self.without), "rubric": rubric}


def restored(document: Mapping[str, Any]) -> PulseSettings:
    """The settings that a stored document says; what it leaves out is as usual."""
    known = {each.name for each in fields(PulseSettings)}
    plain = {name: value for name, value in document.items() if name in known}
    rubric = {
        key: {int(number): text for number, text in texts.items()} for key, texts in document.get("rubric", {}).items()
    }
    return PulseSettings(**{**plain, "without": tuple(document.get("without", ())), "rubric": rubric})


def read_settings(typed: Mapping[str, str]) -> PulseSettings:
    """The settings as a form sends them; Refusal with the field where a number or text is none."""
    if typed.get("attribute", "segment") not in FIELDS:
        raise Refusal("Choose segment, plan or tier.", "attribute")
    without = tuple(dict.fromkeys(line.strip() for line in typed.get("without", "").splitlines() if line.strip()))
    if len(without) > MOST_VALUES or any(len(each) > 200 or not each.isprintable() for each in without):
        raise Refusal(f"Write at most {MOST_VALUES} values, one on each line.", "without")
    return PulseSettings(
        half_life_days=_days(typed, "half_life_days"),
        stale_days=_days(typed, "stale_days"),
        attribute=typed.get("attribute", "segment"),
        without=without,
        rubric=_rubric(typed),
        **{name: typed.get(name) == "on" for name in SWITCHES},
    )


def _days(typed: Mapping[str, str], name: str) -> int:
    raw = typed.get(name, "").strip()
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 4 and 1 <= int(raw) <= 999):
        raise Refusal("Enter a whole number of days from 1 to 999.", name)
    return int(raw)


def _rubric(typed: Mapping[str, str]) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    for dimension in Dimension:
        for number in ANCHORS:
            name = f"rubric-{dimension}-{number}"
            text = read_reason(typed.get(name, ""), name, is_needed=False)
            if text and text != RUBRIC[number]:
                found.setdefault(str(dimension), {})[number] = text
    return found
