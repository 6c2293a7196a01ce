"""NLTK's VADER analyser brought up to the rules of the vaderSentiment package, so that both give the same scores.

NLTK froze an older state of VADER. This class keeps its machinery (boosters, capitals, "least", punctuation, summing
up) and replaces what differs: words by their own place instead of the first one of their kind, word splitting, emoji,
"no" as a negation, the negation window, idioms and "but". Lexicon and word lists come from the package
(Hutto & Gilbert 2014).
"""

import string
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES

_REACH = 3  # No rule looks further back than three words, nor further ahead than two.


class Analyser(SentimentIntensityAnalyzer):  # type: ignore[misc]  # NLTK is untyped.
    """Scores English texts; made once, as it reads the lexicon."""

    def __init__(self) -> None:
        # Read here and not through nltk.data, which since 3.10 refuses paths outside its own search list.
        self.lexicon_file = _packaged("vader_lexicon.txt").rstrip("\n")
        self.lexicon = self.make_lex_dict()
        self.emojis = dict(line.split("\t")[:2] for line in _packaged("emoji_utf8_lexicon.txt").splitlines() if line)
        self.constants = VaderConstants()
        self.constants.BOOSTER_DICT = BOOSTER_DICT
        self._negations = frozenset(NEGATE)

    def polarity_scores(self, text: str) -> dict[str, float]:
        """Shares of negative, neutral and positive words and the `compound` score −1…1 of a text."""
        plain = self._without_emojis(text)
        words = [_stripped(token) for token in plain.split()]
        is_cap_diff = 0 < sum(word.isupper() for word in words) < len(words)
        valences = [self._valence(words, i, is_cap_diff) for i in range(len(words))]
        scores: dict[str, float] = self.score_valence(_weighed_by_but(words, valences), plain)
        return scores

    def _valence(self, words: list[str], i: int, is_cap_diff: bool) -> float:
        # Only the words in reach are handed on: the cost then grows with the text's length and not with its square.
        start = max(i - _REACH, 0)
        near, place = words[start : i + _REACH], i - start
        word, following = near[place].lower(), near[place + 1].lower() if place + 1 < len(near) else ""
        if word in self.constants.BOOSTER_DICT or (word == "kind" and following == "of") or word not in self.lexicon:
            return 0.0
        return self._lexical_valence(near, place, is_cap_diff)

    def _lexical_valence(self, words: list[str], i: int, is_cap_diff: bool) -> float:
        lower = [word.lower() for word in words]
        valence = self._base_valence(lower, i)
        if words[i].isupper() and is_cap_diff:
            valence += self.constants.C_INCR if valence > 0 else -self.constants.C_INCR
        for back, damping in ((1, 1.0), (2, 0.95), (3, 0.9)):
            if i >= back and lower[i - back] not in self.lexicon:
                valence += self.constants.scalar_inc_dec(words[i - back], valence, is_cap_diff) * damping
                valence *= self._negation(lower, i, back)
                if back == _REACH:
                    valence = self._with_idioms(valence, lower, i)
        least: float = self._least_check(valence, words, i)
        return least

    def _base_valence(self, lower: list[str], i: int) -> float:
        valence: float = self.lexicon[lower[i]]
        before = [lower[i - back] if i >= back else "" for back in (1, 2, 3)]
        if "no" in before[:2] or (before[2] == "no" and before[0] in ("or", "nor")):
            return valence * float(self.constants.N_SCALAR)
        # Before another sentiment word "no" negates that word and has no valence of its own.
        is_negation = lower[i] == "no" and i + 1 < len(lower) and lower[i + 1] in self.lexicon
        return 0.0 if is_negation else valence

    def _negation(self, lower: list[str], i: int, back: int) -> float:
        """The factor by which a negation `back` words earlier turns a valence."""
        word, between = lower[i - back], lower[i - back + 1 : i]
        if back == 2 and word == "never" and between[0] in ("so", "this"):
            return 1.25
        if back == _REACH and ((word == "never" and between[0] in ("so", "this")) or between[1] in ("so", "this")):
            return 1.25
        if word == "without" and "doubt" in between:
            return 1.0
        return float(self.constants.N_SCALAR) if word in self._negations or "n't" in word else 1.0

    def _with_idioms(self, valence: float, lower: list[str], i: int) -> float:
        def phrase(first: int, last: int) -> str:
            return " ".join(lower[i + first : i + last + 1])

        behind = (phrase(-1, 0), phrase(-2, 0), phrase(-2, -1), phrase(-3, -1), phrase(-3, -2))
        valence = next((SPECIAL_CASES[words] for words in behind if words in SPECIAL_CASES), valence)
        for last in (1, 2):
            # An idiom must stand there whole: at the text's end "badass" alone is none.
            valence = SPECIAL_CASES.get(phrase(0, last), valence) if i + last < len(lower) else valence
        modifiers = (phrase(-3, -1), phrase(-3, -2), phrase(-2, -1))
        return float(valence + sum(BOOSTER_DICT.get(words, 0.0) for words in modifiers))

    def _without_emojis(self, text: str) -> str:
        state = SimpleNamespace(plain="", after_space=True)
        parts: list[str] = []
        for character in text:
            name: Any = self.emojis.get(character)
            parts.append((" " if name and not state.after_space else "") + (name or character))
            state.after_space = not name and character == " "
        return "".join(parts).strip()


def _weighed_by_but(words: list[str], valences: list[float]) -> list[float]:
    lower = [word.lower() for word in words]
    if "but" not in lower:
        return valences
    turn = lower.index("but")
    weighed = list(valences)
    for valence in weighed:
        # The package weighs the first valence of equal size, not always this one; the scores follow it there too.
        place = weighed.index(valence)
        weighed[place] = valence * (0.5 if place < turn else 1.5 if place > turn else 1.0)
    return weighed


def _stripped(token: str) -> str:
    word = token.strip(string.punctuation)
    # Two characters or fewer are most likely an emoticon, which lives by its punctuation.
    return word if len(word) > 2 else token


def _packaged(name: str) -> str:
    return files("vaderSentiment").joinpath(name).read_text(encoding="utf-8")
