"""What somebody predicts that a person will say, before the interview: three numbers, any of which may be left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.core.errors import Refusal

_NUMBER = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True)
class Measure:
    """A question whose answer is predicted, on its scale."""

    key: str
    label: str
    low: int
    high: int
    ends: str

    @property
    def numbers(self) -> range:
        """The numbers to choose from."""
        return range(self.low, self.high + 1)


MEASURES = (
    Measure("recommend", "Would they recommend us?", 0, 10, "0 not at all, 10 certainly"),
    Measure("renewal_intent", "Do they intend to renew?", 1, 5, "1 certainly not, 5 certainly"),
    Measure("satisfaction", "How satisfied are they?", 1, 5, "1 very dissatisfied, 5 very satisfied"),
)

Predicted = Mapping[str, int | None]


def predicted_in(form: Mapping[str, str]) -> dict[str, int | None]:
    """What was predicted; Refusal where nothing was, or a number is none of its scale."""
    found = {measure.key: _number(form.get(measure.key, ""), measure) for measure in MEASURES}
    if all(value is None for value in found.values()):
        raise Refusal("Predict at least one of the three.", "recommend")
    return found


def _number(raw: str, measure: Measure) -> int | None:
    if not raw.strip():
        return None
    if not _NUMBER.fullmatch(raw.strip()) or int(raw) not in measure.numbers:
        raise Refusal(f"Choose a number from {measure.low} to {measure.high}.", measure.key)
    return int(raw)
