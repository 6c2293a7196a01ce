"""The sentiment of real tweets, against the vaderSentiment package on the same texts."""

import csv
import sys
import time
from collections.abc import Callable
from typing import Any

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from app.scoring.rules.vader import Analyser
from tests.conftest import ROOT

ROUNDS = 5
TWEETS = ROOT.parent / "shared" / "data" / "twitter_airline" / "tweets.csv"
MADE_UP = ("The export is slow, but support is GREAT!!", "It isn't what we were promised :(", "We use it every day.")


def main() -> None:
    """Print the best of a few rounds of both, in turns, and how many times as fast ours is."""
    texts, ours, package = _texts(), Analyser().polarity_scores, SentimentIntensityAnalyzer().polarity_scores
    rounds = [(_seconds(ours, texts), _seconds(package, texts)) for _ in range(ROUNDS)]
    mine, theirs = (min(column) for column in zip(*rounds, strict=True))
    sys.stdout.write(
        f"  {len(texts):,} texts: ours {mine:.2f} s, the package {theirs:.2f} s, speed {theirs / mine:.2f} × of the "
        "package's\n"
    )


def _texts() -> list[str]:
    if not TWEETS.exists():
        return [*MADE_UP] * 4000
    with TWEETS.open(encoding="utf-8", errors="replace", newline="") as rows:
        return [row["text"] for row in csv.DictReader(rows)]


def _seconds(score: Callable[[str], Any], texts: list[str]) -> float:
    start = time.process_time()
    for text in texts:
        score(text)
    return time.process_time() - start


if __name__ == "__main__":
    main()
