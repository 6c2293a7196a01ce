"""Which dimension a measure speaks about: by its group, its metric or its key, unless somebody chose."""

import pytest

from app.health.rules.scorecard import Measure
from app.scoring.rules.matching import COMPARABLE, dimension_by_name, matched


def measure(key: str, metric: str = "x", group: str | None = None) -> Measure:
    return Measure(key=key, name=key, metric=metric, points=((0.0, 0.0),), weight=1.0, group=group)


@pytest.mark.parametrize(
    ("key", "metric", "group", "dimension"),
    [
        ("m", "x", "adoption", "adoption"),
        ("m", "x", "Product Quality", "product_quality"),
        ("m", "cases.open", None, "support"),
        ("m", "cases.csat", "adoption", "adoption"),
        ("m", "active_users", None, "adoption"),
        ("training_days", "x", None, "education"),
        ("m", "x", "engagement", "adoption"),
        ("m", "onboarding_steps", None, "implementation_readiness"),
        ("m", "invoices_overdue_days", "commercial", None),
        ("m", "x", "", None),
        ("m", "—", "1234", None),
    ],
)
def test_names_decide(key: str, metric: str, group: str | None, dimension: str | None) -> None:
    assert dimension_by_name(measure(key, metric, group)) == dimension


def test_a_choice_comes_before_the_name() -> None:
    measures = [measure("a", group="adoption"), measure("b", group="adoption"), measure("c", group="adoption")]
    assert matched(measures, {"a": "skills", "b": "none", "gone": "value"}) == {
        "a": "skills",
        "b": None,
        "c": "adoption",
    }


def test_a_choice_that_is_no_topic_of_ours_any_more_gives_way_to_the_name() -> None:
    assert matched([measure("a", group="support")], {"a": "commercial"}) == {"a": "support"}


def test_what_never_enters_the_voice_is_not_offered() -> None:
    assert not {"situational_risk", "commercial", "stakeholder_reach"} & set(COMPARABLE)
