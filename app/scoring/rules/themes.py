"""Themes from the words themselves: what many accounts name, as single stems and as words that belong together."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.scoring.rules.inputs import IntArray
from app.scoring.rules.stems import BREAK, Corpus
from app.scoring.rules.verbatims import MINIMUM_ACCOUNTS, MINIMUM_MENTIONS

ASSOCIATED = 10.828
"""Likelihood ratio from which on two words belong together: χ² with one degree of freedom at p = .001."""

INSIDE = 0.5
"""A word of which less than this share of texts names it outside its collocations is no theme of its own."""

POOL = 400
"""Candidates of each kind that are looked at more closely, those of most accounts first."""

Texts = NDArray[np.int64]


@dataclass(frozen=True)
class Theme:
    """What a theme is called by (its stems), its most frequent written form, and the texts that name it."""

    key: str
    form: str
    texts: Texts
    accounts: int

    @property
    def rank(self) -> tuple[int, int, str]:
        """Sorts the themes of most accounts first, then of most texts; the rest by their stems."""
        return -self.accounts, -len(self.texts), self.key


def themes_in(corpus: Corpus, account: IntArray, kept: Collection[str] = ()) -> list[Theme]:
    """Return what at least five texts of three accounts name, by how many accounts do; `account` is of each text.

    Two neighbours are one theme where they stand together more often than chance has it (likelihood ratio, Dunning
    1993); a word or a pair that stands mostly inside another pair is none beside it. Keys in `kept` are returned
    however rare.
    """
    singles, pairs = _singles(corpus, account, kept), _apart(_pairs(corpus, account, kept), kept)
    inside = _texts_of_words(pairs)
    alone = [theme for theme in singles if theme.key in kept or _stands_alone(theme, inside.get(theme.key))]
    return sorted([*alone, *pairs], key=lambda theme: theme.rank)


def _singles(corpus: Corpus, account: IntArray, kept: Collection[str]) -> list[Theme]:
    grouped = _Grouped.by(corpus.stem[corpus.is_word], corpus.text[corpus.is_word], account)
    written = np.bincount(corpus.form[corpus.is_word], minlength=len(corpus.forms))
    forms: dict[int, list[int]] = {}
    chosen = grouped.pool({i for i, stem in enumerate(corpus.stems) if stem in kept})
    ids = {int(grouped.keys[place]) for place in chosen}
    stem_of = np.full(len(corpus.forms), BREAK)
    stem_of[corpus.form[corpus.is_word]] = corpus.stem[corpus.is_word]
    for i in np.flatnonzero(np.isin(stem_of, list(ids))).tolist():
        forms.setdefault(int(stem_of[i]), []).append(i)
    found = []
    for place in chosen:
        stem = int(grouped.keys[place])
        form = _most_written((corpus.forms[i], int(written[i])) for i in forms[stem])
        found.append(Theme(corpus.stems[stem], form, grouped.texts_at(place), int(grouped.accounts[place])))
    return found


def _pairs(corpus: Corpus, account: IntArray, kept: Collection[str]) -> list[Theme]:
    stem, count = corpus.stem, len(corpus.stems)
    first = np.flatnonzero((stem[:-1] != BREAK) & (stem[1:] != BREAK)) if len(stem) else np.zeros(0, np.int64)
    # Every text ends with a break, so that no pair reaches into the next.
    pair = stem[first].astype(np.int64) * count + stem[first + 1]
    grouped = _Grouped.by(pair, corpus.text[first], account)
    known = {key: i for i, key in enumerate(corpus.stems)}
    wanted = {known[a] * count + known[b] for a, b in _two(kept) if a in known and b in known}
    places = grouped.pool(wanted, strength=_strength(corpus, pair, grouped))
    of_pool = np.flatnonzero(np.isin(pair, grouped.keys[places]))
    written: dict[int, dict[str, int]] = {}
    for at in of_pool.tolist():
        i = int(first[at])
        text = f"{corpus.forms[corpus.form[i]]} {corpus.forms[corpus.form[i + 1]]}"
        counts = written.setdefault(int(pair[at]), {})
        counts[text] = counts.get(text, 0) + 1
    found = []
    for place in places:
        number = int(grouped.keys[place])
        key = f"{corpus.stems[number // count]} {corpus.stems[number % count]}"
        form = _most_written(written[number].items())
        found.append(Theme(key, form, grouped.texts_at(place), int(grouped.accounts[place])))
    return found


def _strength(corpus: Corpus, pair: IntArray, grouped: "_Grouped") -> Any:
    """Return a function that says by place whether a pair stands together more often than its words' counts allow."""
    from nltk.metrics.association import BigramAssocMeasures

    words = np.bincount(corpus.stem[corpus.is_word], minlength=len(corpus.stems))
    total, count = int(words.sum()), len(corpus.stems)
    together = dict(zip(*(column.tolist() for column in np.unique(pair, return_counts=True)), strict=True))

    def belongs(place: int) -> bool:
        number = int(grouped.keys[place])
        both, one, other = together[number], int(words[number // count]), int(words[number % count])
        if both * total <= one * other:
            return False
        # Where a word stands in no other pair, an empty cell has no logarithm; NLTK adds a small number to each.
        return bool(BigramAssocMeasures.likelihood_ratio(both, (one, other), total) >= ASSOCIATED)

    return belongs


@dataclass(frozen=True)
class _Grouped:
    """Which texts name a key, each once: the texts of `keys[i]` begin at `start[i]` of `text`."""

    keys: IntArray
    start: IntArray
    text: Texts
    accounts: IntArray

    @classmethod
    def by(cls, key: Any, text: Any, account: IntArray) -> "_Grouped":
        width = max(len(account), 1)
        codes, inverse = np.unique(key, return_inverse=True)
        joined = distinct(inverse.astype(np.int64) * width + text)
        code, texts = np.divmod(joined, width)
        start = np.searchsorted(code, np.arange(len(codes)))
        most = int(account.max()) + 1 if len(account) else 1
        named = distinct(code * most + account[texts]) // most
        return cls(codes.astype(np.int64), start, texts, np.bincount(named, minlength=len(codes)))

    def texts_at(self, place: int) -> Texts:
        end = self.start[place + 1] if place + 1 < len(self.start) else len(self.text)
        return self.text[self.start[place] : end]

    def pool(self, kept: Collection[int], strength: Any = None) -> list[int]:
        """Return the places of what is named often enough, those of most accounts first, and of what is kept."""
        mentions = np.diff(np.append(self.start, len(self.text)))
        often = np.flatnonzero((mentions >= MINIMUM_MENTIONS) & (self.accounts >= MINIMUM_ACCOUNTS))
        order = often[np.lexsort((self.keys[often], -mentions[often], -self.accounts[often]))]
        chosen: list[int] = []
        for place in order.tolist():
            if len(chosen) == POOL:
                break
            if strength is None or strength(place):
                chosen.append(place)
        also = np.flatnonzero(np.isin(self.keys, list(kept))).tolist() if kept else []
        return [*chosen, *(place for place in also if place not in set(chosen))]


def distinct(values: IntArray) -> IntArray:
    """Return the values that occur, rising: by sorting, many times as fast here as the hash table of np.unique."""
    ordered = np.sort(values)
    is_first = np.ones(len(ordered), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]


def _two(kept: Collection[str]) -> Iterable[tuple[str, str]]:
    for key in sorted(kept):
        first, _, second = key.partition(" ")
        if second:
            yield first, second


def _apart(pairs: Iterable[Theme], kept: Collection[str]) -> list[Theme]:
    """Leave out pairs that share a word with one of more accounts and stand mostly in the same texts as it."""
    found: list[Theme] = []
    inside: dict[str, list[Texts]] = {}
    for theme in sorted(pairs, key=lambda theme: theme.rank):
        around = [texts for word in theme.key.split() for texts in inside.get(word, ())]
        if theme.key not in kept and not _stands_alone(theme, around):
            continue
        found.append(theme)
        for word in set(theme.key.split()):
            inside.setdefault(word, []).append(theme.texts)
    return found


def _texts_of_words(pairs: Iterable[Theme]) -> dict[str, list[Texts]]:
    inside: dict[str, list[Texts]] = {}
    for theme in pairs:
        for word in set(theme.key.split()):
            inside.setdefault(word, []).append(theme.texts)
    return inside


def _stands_alone(theme: Theme, inside: list[Texts] | None) -> bool:
    if not inside:
        return True
    outside = np.setdiff1d(theme.texts, np.concatenate(inside))
    return len(outside) >= INSIDE * len(theme.texts)


def _most_written(forms: Iterable[tuple[str, int]]) -> str:
    return min(forms, key=lambda each: (-each[1], each[0] != each[0].lower(), each[0]))[0]
