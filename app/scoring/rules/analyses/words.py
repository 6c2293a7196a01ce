"""What customers talk about: each theme's share among accounts with a low voice against the rest, with its quotes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.scoring.rules.agreement import benjamini_hochberg
from app.scoring.rules.editing import AS_FOUND, Edits, root_of
from app.scoring.rules.inputs import FloatArray
from app.scoring.rules.statements import LOW, Said, both_sides
from app.scoring.rules.stems import read_texts
from app.scoring.rules.themes import Theme, distinct, themes_in
from app.scoring.rules.verbatims import MINIMUM_ACCOUNTS, MINIMUM_MENTIONS, POSITIVE_FROM, theme_lift

MOST_THEMES, MORE = 30, 30
MOST_TEXTS = 50_000
"""Texts read with one scoring at most; from every account alike."""

Figures = dict[str, Any]


def drawn_texts(said: Said, seed: int, most: int = MOST_TEXTS) -> NDArray[np.int64]:
    """Return the places of the statements that are read: all, or where there are more, equally many of each account.

    Which ones is decided by the seed. An account that names a theme counts once, so that what is left out of those who
    wrote most costs least.
    """
    if len(said.ids) <= most:
        return np.arange(len(said.ids))
    shuffled = np.random.default_rng(seed).permutation(len(said.ids))
    by_account = shuffled[np.argsort(said.account[shuffled], kind="stable")]
    ordered = said.account[by_account]
    turn = np.arange(len(ordered)) - np.searchsorted(ordered, ordered)
    each = max(most // max(len(np.unique(ordered)), 1), 1)
    return np.sort(by_account[turn < each])


def word_figures(texts: Iterable[str], said: Said, voice: FloatArray, edits: Edits) -> Figures:
    """Return the themes of the texts as people named, merged and hid them; at most thirty, those of most accounts.

    Which themes are shown is decided by how many accounts name them and not by their lift, so that adjusting the
    p-values over those shown (Benjamini & Hochberg 1995) is right. An account counts once per theme; low is a voice
    under 50; accounts without a voice are in no comparison (`no_voice`). `more` are the next themes, `hidden` those
    that somebody hid. `speak` and `against` hold the ids of statements that bear out and that contradict what the
    figures say of a theme; `quotes` counts those that interviewers wrote down. Holds no words but the themes' own.
    """
    corpus = read_texts(texts)
    spoken = np.unique(said.account)
    is_low = voice[spoken] < LOW
    base = Base(low=int(is_low.sum()), rest=int((voice[spoken] >= LOW).sum()))
    edited = frozenset(edits).union(edit.into for edit in edits.values() if edit.into)
    groups = _groups(themes_in(corpus, said.account, edited), said, edits)
    shown = [group for group in groups if not group.is_hidden]
    themes = [_theme_figures(group, said, voice, base) for group in shown[:MOST_THEMES]]
    _adjust(themes)
    return {
        "texts": len(said.ids),
        "quotes": said.quotes,
        "accounts": len(spoken),
        "n_low": base.low,
        "n_rest": base.rest,
        "no_voice": len(spoken) - base.low - base.rest,
        "themes": themes,
        "more": [group.line for group in shown[MOST_THEMES : MOST_THEMES + MORE]],
        "hidden": [group.line for group in groups if group.is_hidden],
    }


@dataclass(frozen=True)
class Base:
    """How many accounts said something in words: with a low voice, and the rest of those with a voice."""

    low: int
    rest: int


@dataclass(frozen=True)
class _Group:
    """One theme with those that were merged into it."""

    key: str
    label: str
    is_hidden: bool
    parts: Sequence[Theme]
    texts: NDArray[np.int64]
    accounts: int

    @property
    def line(self) -> Figures:
        return {
            "key": self.key,
            "label": self.label,
            "form": next((part.form for part in self.parts if part.key == self.key), self.label),
            "parts": [{"key": part.key, "label": part.form} for part in self.parts if part.key != self.key],
            "accounts": self.accounts,
            "mentions": len(self.texts),
        }


def _groups(themes: Sequence[Theme], said: Said, edits: Edits) -> list[_Group]:
    parts: dict[str, list[Theme]] = {}
    for theme in themes:
        parts.setdefault(root_of(theme.key, edits), []).append(theme)
    groups = [_group(key, of, said, edits) for key, of in parts.items()]
    often = [g for g in groups if len(g.texts) >= MINIMUM_MENTIONS and g.accounts >= MINIMUM_ACCOUNTS]
    return sorted(often, key=lambda group: (-group.accounts, -len(group.texts), group.key))


def _group(key: str, parts: Sequence[Theme], said: Said, edits: Edits) -> _Group:
    edit = edits.get(key, AS_FOUND)
    own = next((part.form for part in parts if part.key == key), parts[0].form)
    texts = distinct(np.concatenate([part.texts for part in parts]))
    accounts = len(distinct(said.account[texts]))
    return _Group(key, edit.name or own, edit.is_hidden, parts, texts, accounts)


def _theme_figures(group: _Group, said: Said, voice: FloatArray, base: Base) -> Figures:
    mentions = said.at(group.texts)
    named = voice[np.unique(mentions.account)]
    low, rest = int((named < LOW).sum()), int((named >= LOW).sum())
    lift = theme_lift(low, base.low, rest, base.rest)
    is_of_low = low * base.rest >= rest * base.low
    speak, against = both_sides(mentions, voice[mentions.account], is_of_low=is_of_low)
    return {
        **group.line,
        "low": low,
        "rest": rest,
        "is_of_low": is_of_low,
        "lift": lift,
        "p_adjusted": None,
        "net": _net(mentions.compound),
        "quotes": mentions.quotes,
        "speak": speak,
        "against": against,
    }


def _net(compound: FloatArray) -> float | None:
    known = compound[~np.isnan(compound)]
    if not len(known):
        return None
    return float(100 * ((known >= POSITIVE_FROM).sum() - (known <= -POSITIVE_FROM).sum()) / len(known))


def _adjust(themes: Sequence[Figures]) -> None:
    tested = [theme for theme in themes if theme["lift"].p is not None]
    for theme, adjusted in zip(tested, benjamini_hochberg([theme["lift"].p for theme in tested]), strict=True):
        theme["p_adjusted"] = adjusted
