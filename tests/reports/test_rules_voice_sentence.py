"""The sentence with the voice of all accounts: each figure with its interval, and one reason said once."""

from typing import Any

import pytest

from app.reports.rules.voice_sentence import voice_sentence

FIGURES = ("mean", "nps", "csat_top2", "renewal_intent")


def estimate(value: float | None, *codes: str, lo: float | None = None, hi: float | None = None) -> dict[str, Any]:
    return {"value": value, "lo": lo, "hi": hi, "level": 0.95, "n": 4, "warnings": list(codes)}


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        pytest.param(
            [estimate(value, "STRATUM_MISSING") for value in (50.0, 0.0, 0.5, 50.0)],
            "Voice 50; NPS 0; CSAT, top two, 50\u00a0%; renewal intent 50. None of them has an interval: nobody "
            "answered in at least one stratum; the figure covers the others.",
            id="one reason, said once",
        ),
        pytest.param(
            [estimate(62.0, lo=55.0, hi=70.0), *(estimate(None, "EMPTY") for _ in range(3))],
            "Voice 62 (95\u00a0% interval 55 to\u00a070); NPS not estimable: nobody has answered what it needs; CSAT, "
            "top two, not estimable: nobody has answered what it needs; renewal intent not estimable: nobody has "
            "answered what it needs.",
            id="some cannot be estimated",
        ),
        pytest.param(
            [estimate(62.0, "THIN"), *(estimate(value, "SINGLETON") for value in (0.0, 0.5, 50.0))],
            "Voice 62 (no interval: too few accounts answered); NPS 0 (no interval: one account alone has no "
            "interval); CSAT, top two, 50\u00a0% (no interval: one account alone has no interval); renewal intent 50 "
            "(no interval: one account alone has no interval).",
            id="two reasons",
        ),
    ],
)
def test_each_figure_stands_with_what_is_known_of_it(figures: list[dict[str, Any]], expected: str) -> None:
    assert voice_sentence({"voice": dict(zip(FIGURES, figures, strict=True))}) == expected
