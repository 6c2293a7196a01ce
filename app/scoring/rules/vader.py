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
_DAMPING = {1: 1.0, 2: 0.95, 3: 0.9}
_SO = ("so", "this")


class Analyser(SentimentIntensityAnalyzer):  # type: ignore[misc]  # NLTK is untyped.
    """Scores English texts; made once, as it reads the lexicon."""

    def __init__(self) -> None:
        # Read here and not through nltk.data, which since 3.10 refuses paths outside its own search list.
        self.lexicon_file = _packaged("vader_lexicon.txt").rstrip("\n")
        self.lexicon = self.make_lex_dict()
        self.emojis = dict(line.split("\t")[:2] for line in _packaged("emoji_utf8_lexicon.txt").splitlines() if line)
        self.constants = VaderConstants()
        self._negations = frozenset(NEGATE)

    def polarity_scores(self, text: str) -> dict[str, float]:
        """Shares of negative, neutral and positive words and the `compound` score −1…1 of a text."""
        plain = text.strip() if text.isascii() else self._without_emojis(text)
        words = [_stripped(token) for token in plain.split()]
        lower = [word.lower() for word in words]
        is_cap_diff = 0 < sum(map(str.isupper, words)) < len(words)
        valences = [0.0] * len(words)
        for i, word in enumerate(lower):
            # Few words carry a valence; asking that first is what makes long texts cheap.
            if word in self.lexicon and word not in BOOSTER_DICT and not _is_kind_of(lower, i):
                valences[i] = self._valence(words, lower, i, is_cap_diff)
        scores: dict[str, float] = self.score_valence(_weighed_by_but(lower, valences), plain)
        return scores

    def _valence(self, words: list[str], lower: list[str], i: int, is_cap_diff: bool) -> float:
        valence = self._base_valence(lower, i)
        if is_cap_diff and words[i].isupper():
            valence += VaderConstants.C_INCR if valence > 0 else -VaderConstants.C_INCR
        for back in range(1, min(i, _REACH) + 1):
            word = lower[i - back]
            if word in self.lexicon:
                continue
            if word in BOOSTER_DICT:
                valence += self._boost(words[i - back], word, valence, is_cap_diff) * _DAMPING[back]
            valence *= self._negation(lower, i, back)
            if back == _REACH:
                valence = self._with_idioms(valence, lower, i)
        # "Least" stands in no lexicon; without it there is nothing to check.
        if i and lower[i - 1] == "least":
            valence = float(self._least_check(valence, words, i))
        return valence

    def _boost(self, word: str, lower: str, valence: float, is_cap_diff: bool) -> float:
        boost: float = BOOSTER_DICT[lower] if valence >= 0 else -BOOSTER_DICT[lower]
        if is_cap_diff and word.isupper():
            boost += VaderConstants.C_INCR if valence > 0 else -VaderConstants.C_INCR
        return boost

    def _base_valence(self, lower: list[str], i: int) -> float:
        valence: float = self.lexicon[lower[i]]
        before = lower[max(i - _REACH, 0) : i]
        if "no" in before[-2:] or (len(before) == _REACH and before[0] == "no" and before[-1] in ("or", "nor")):
            return valence * float(VaderConstants.N_SCALAR)
        # Before another sentiment word "no" negates that word and has no valence of its own.
        is_negation = lower[i] == "no" and i + 1 < len(lower) and lower[i + 1] in self.lexicon
        return 0.0 if is_negation else valence

    def _negation(self, lower: list[str], i: int, back: int) -> float:
        """The factor by which a negation `back` words earlier turns a valence."""
        word = lower[i - back]
        if back > 1:
            between = lower[i - back + 1 : i]
            is_so = between[0] in _SO
            if (word == "never" and is_so) or (back == _REACH and between[1] in _SO):
                return 1.25
            if word == "without" and "doubt" in between:
                return 1.0
        return float(VaderConstants.N_SCALAR) if word in self._negations or "n't" in word else 1.0

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


def _is_kind_of(lower: list[str], i: int) -> bool:
    return lower[i] == "kind" and i + 1 < len(lower) and lower[i + 1] == "of"


def _weighed_by_but(lower: list[str], valences: list[float]) -> list[float]:
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
