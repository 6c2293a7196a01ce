"""The finished study of the sample, in the format of study.json."""

from datetime import date, timedelta
from typing import Any

FIELDWORK_DAYS = 42
_DAYS_SINCE_CLOSING = 3
_SEASONS = ("Winter", "Spring", "Summer", "Autumn")


def season(day: date) -> str:
    """The season of a day in the northern half of the world, by whole months."""
    return _SEASONS[day.month % 12 // 3]


def study_document(today: date) -> dict[str, Any]:
    """A study in both modes whose six weeks of fieldwork ended three days before today."""
    closes_on = today - timedelta(days=_DAYS_SINCE_CLOSING)
    opens_on = closes_on - timedelta(days=FIELDWORK_DAYS - 1)
    return {
        "key": "sample",
        "name": f"{season(closes_on)} cross-section",
        "questionnaire": "interview-360",
        "mode": "both",
        "strata": ["segment"],
        "size": 60,
        "minimum_per_stratum": 2,
        "method": "proportional",
        "certainty": {"top_arr": 5},
        "seed": 360,
        "roles": {"decision_maker": 0.35, "champion": 0.25, "admin": 0.15, "power_user": 0.25},
        "scorecard": "default",
        "owner": "leader@sample.parallax.test",
        "opens_on": opens_on.isoformat(),
        "closes_on": closes_on.isoformat(),
        "health_as_of": closes_on.isoformat(),
    }
