"""Sentiment of verbatims: the published scores, the package's scores, and silence."""

import csv
import json
import random
import time
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from vaderSentiment import vaderSentiment

from app.scoring.rules.vader import Analyser
from app.scoring.rules.verbatims import Sentiment, sentiment
from tests.golden import golden

REFERENCE = vaderSentiment.SentimentIntensityAnalyzer()
OURS = Analyser()
TURNING = "no not never without doubt so this or nor least at very but BUT kind of sort isn't n't NOT good bad GREAT ok"
TOKENS = st.one_of(
    st.sampled_from([*TURNING.split(), *vaderSentiment.BOOSTER_DICT, *vaderSentiment.NEGATE]),
    st.sampled_from(
        [*" ".join(vaderSentiment.SPECIAL_CASES).split(), ":)", ":-(", "!", "!!!", "??", "...", "😁", "💘"]
    ),
    st.sampled_from([*REFERENCE.lexicon]),
    st.sampled_from([*REFERENCE.emojis]),
    st.text(max_size=6),
).flatmap(lambda word: st.sampled_from([word, word.upper(), word.title(), f"({word}),", f"'{word}'"]))
TEXTS = st.lists(st.tuples(TOKENS, st.sampled_from([" ", " ", " ", "", "\t", "\u00a0", ", "])), max_size=14)


def test_the_published_demonstration(shared: Path) -> None:
    case = golden(shared, "k_vader_open")
    heard = [s for s in map(sentiment, case.data["texts"]) if s is not None]
    compounds, labels = [s.compound for s in heard], [s.label for s in heard]
    net = 100 * (labels.count("positive") - labels.count("negative")) / len(labels)
    case.check(compound=compounds, label=labels, mean_compound=sum(compounds) / len(compounds), net_sentiment=net)


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


@given(TEXTS)
@example([("☺️", ""), ("good", " ")])
@settings(max_examples=200, deadline=None)
def test_all_four_scores_are_the_packages_for_any_text(parts: list[tuple[str, str]]) -> None:
    text = "".join(word + gap for word, gap in parts)
    assert OURS.polarity_scores(text) == REFERENCE.polarity_scores(text)


@pytest.mark.parametrize(
    ("file", "column"), [("twitter_airline/tweets.csv", "text"), ("csat_support/csat_dev.csv", "Customer Remarks")]
)
def test_all_four_scores_are_the_packages_for_what_customers_wrote(shared: Path, file: str, column: str) -> None:
    with (shared / "data" / file).open(encoding="utf-8", errors="replace", newline="") as rows:
        texts = [row[column] for row in csv.DictReader(rows)]
    assert len(texts) > 1000
    assert not [text for text in texts if OURS.polarity_scores(text) != REFERENCE.polarity_scores(text)]


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
