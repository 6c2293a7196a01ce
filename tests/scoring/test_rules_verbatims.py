"""Sentiment of verbatims: the published scores, the package's scores, and silence."""

import json
import random
import time
from dataclasses import asdict

import pytest
from vaderSentiment import vaderSentiment

from app.scoring.rules.verbatims import Sentiment, net_sentiment, sentiment, theme_lift

REFERENCE = vaderSentiment.SentimentIntensityAnalyzer()


@pytest.mark.parametrize(
    "text",
    [
        "good not good",
        "not good good not",
        "Good support, but the export is bad and bad is bad.",
        "no problem, no good, no, no",
        "no help or good",
        "kind of good, sort of bad",
        "At least it works. The least good.",
        "never so good, never this bad",
        "without a doubt the best, without doubt great",
        "yeah right great, the shit and the bomb",
        "to die for food at the bus stop, badass",
        "SO GOOD but SO BAD!!! :( :)",
        "Love 😁😁it 💘",
        "isn't wasn't NOT great?? really???",
        "The onboarding was slow; support is friendly.",
        "...",
        "a",
        "BUT",
        "VERY",
    ],
)
def test_scores_are_the_packages(text: str) -> None:
    heard = sentiment(text)
    assert heard is not None
    assert heard.compound == REFERENCE.polarity_scores(text)["compound"]


def test_scores_are_the_packages_for_thousands_of_made_up_texts() -> None:
    chance = random.Random(360)  # noqa: S311  (a fixed seed, no secret)
    small = "the a no not but kind of or nor so this never without doubt least at very isn't good bad GREAT die for to"
    words = [*small.split(), "bus", "stop", "shit", "bomb", "yeah", "right", ":)", ":(", "!", "??", "BUT", "No", "x,"]
    words += list(vaderSentiment.BOOSTER_DICT) + list(vaderSentiment.NEGATE) + list(vaderSentiment.SPECIAL_CASES)
    rare = [*REFERENCE.lexicon, *REFERENCE.emojis]
    for _ in range(4000):
        chosen = [chance.choice(words if chance.random() < 0.75 else rare) for _ in range(chance.randint(1, 14))]
        text = chance.choice([" ", " ", ", ", "\n"]).join(chosen)
        heard = sentiment(text)
        assert heard is not None
        assert heard.compound == REFERENCE.polarity_scores(text)["compound"], text


@pytest.mark.parametrize("text", [None, "", "  \n\t "])
def test_silence_is_no_sentiment(text: str | None) -> None:
    assert sentiment(text) is None


@pytest.mark.parametrize(
    ("text", "label"),
    [("Excellent support", "positive"), ("Terrible support", "negative"), ("The invoice is in euros", "neutral")],
)
def test_labels(text: str, label: str) -> None:
    heard = sentiment(text)
    assert heard is not None
    assert heard.label == label
    assert (heard.label == "neutral") is (abs(heard.compound) < 0.05)
    assert json.loads(json.dumps(asdict(heard))) == {"compound": heard.compound, "label": label}


def test_a_very_long_text_does_not_take_longer_than_its_length() -> None:
    started = time.perf_counter()
    assert isinstance(sentiment("good support is not bad " * 8000), Sentiment)
    # A tenth of a second here; anything that grows with the square would need minutes.
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("compounds", "net"),
    [
        pytest.param([], None, id="nobody"),
        pytest.param([0.05, 0.9, -0.9, 0.0], 25.0, id="five hundredths are positive"),
        pytest.param([-0.05], -100.0, id="and negative"),
        pytest.param([0.04, -0.04], 0.0, id="neutral ones"),
    ],
)
def test_net_sentiment(compounds: list[float], net: float | None) -> None:
    assert net_sentiment(compounds) == net


@pytest.mark.parametrize(
    ("counts", "lift", "risk", "warnings"),
    [
        pytest.param((0, 0, 3, 9), None, None, ["EMPTY"], id="nobody is low"),
        pytest.param((3, 9, 0, 0), None, None, ["EMPTY"], id="everybody is low"),
        pytest.param((0, 5, 0, 9), None, None, ["NO_EVENTS"], id="nobody names it"),
        pytest.param((4, 8, 0, 8), 2.0, None, ["NO_EVENTS"], id="only low voices name it"),
        pytest.param((0, 8, 4, 8), 0.0, 0.0, [], id="no low voice names it"),
        pytest.param((5, 5, 5, 5), 1.0, 1.0, [], id="everybody names it"),
        pytest.param((6, 10, 4, 20), 1.8, 3.0, [], id="low voices three times as often"),
    ],
)
def test_lift(counts: tuple[int, int, int, int], lift: float | None, risk: float | None, warnings: list[str]) -> None:
    result = theme_lift(*counts)
    assert (result.lift, result.relative_risk) == (pytest.approx(lift), pytest.approx(risk))
    assert result.warnings == warnings
    if lift is None:
        assert (result.lo, result.hi, result.p) == (None, None, None)
    else:
        assert 0 < result.lo < result.hi < float("inf")
    json.dumps(asdict(result), allow_nan=False)


def test_the_interval_is_the_log_interval_and_p_is_fishers() -> None:
    from scipy.stats import fisher_exact
    from scipy.stats.contingency import relative_risk

    result = theme_lift(6, 10, 4, 20)
    interval = relative_risk(6, 10, 4, 20).confidence_interval(0.95)
    assert (result.lo, result.hi) == pytest.approx((interval.low, interval.high))
    assert result.p == pytest.approx(fisher_exact([[6, 4], [4, 16]]).pvalue)


@pytest.mark.parametrize("counts", [(-1, 5, 1, 5), (6, 5, 1, 5), (1, 5, 6, 5), (1.5, 5, 1, 5), (float("nan"), 5, 1, 5)])
def test_lift_refuses(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        theme_lift(*counts)
