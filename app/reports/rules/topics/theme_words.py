"""One theme in words: what may be said of it, and the quotes for and against."""

from collections.abc import Mapping
from typing import Any

from app.core.display import count, interval, number, percent
from app.core.words import counted, in_words
from app.reports.rules.topics.page import Figures, Section, Setting
from app.reports.rules.topics.quotes import heard

Theme = Mapping[str, Any]

SURE = 0.05
"""Adjusted p under which a theme is said to belong to one side."""

MOST_QUOTES, MOST_AGAINST = 3, 2


def is_claimed(theme: Theme) -> bool:
    """Whether the difference between low voices and the rest is more than chance, over all themes shown."""
    return theme["p_adjusted"] is not None and theme["p_adjusted"] < SURE


def claim(theme: Theme, figures: Figures) -> str:
    """What may be said of a theme that differs by more than chance."""
    risk, named = theme["lift"]["relative_risk"], f"“{theme['label']}”"
    if risk is None:
        low = f"{count(theme['low'])} of {counted(figures['n_low'], 'account')}"
        return f"Only accounts with a low voice write about {named}: {low}"
    if not risk:
        return f"No account with a low voice writes about {named}; {count(theme['rest'])} of the others do"
    if risk > 1:
        return f"Accounts with a low voice write about {named} {_times(risk)} as often as the others"
    return f"Accounts with a low voice write about {named} less often than the others: {_times(risk)} as often"


def _times(risk: float) -> str:
    return f"{number(risk, 1 if risk >= 1 else 2)} times"


def share(n: int, of: int) -> str:
    """How many, and which share of all; a dash of none."""
    return f"{count(n)} ({percent(n / of)})" if of else "–"


def theme_section(theme: Theme, figures: Figures, setting: Setting) -> Section:
    """What one theme comes to, with words that bear it out and words that contradict it."""
    speak, against = ([row for row in theme[side] if row in setting.said] for side in ("speak", "against"))
    title = f"“{theme['label']}”"
    text = [_finding(theme, figures)]
    if is_claimed(theme):
        quotes = heard(speak, setting, MOST_QUOTES)
        contradicting = heard(against, setting, MOST_AGAINST)
    else:
        mixed = [row for both in zip(speak, against, strict=False) for row in both] or [*speak, *against]
        quotes, contradicting = heard(mixed, setting, MOST_QUOTES), []
    if not quotes and not contradicting:
        text.append("No words about it may be quoted to you here.")
    return Section(_anchor(theme), title, text, quotes=quotes, against=contradicting)


def _finding(theme: Theme, figures: Figures) -> str:
    lift = theme["lift"]
    named = f"Named by {counted(theme['accounts'], 'account')}{_noted(theme)}"
    if lift["p"] is None:
        return f"{named}."
    low, rest = share(theme["low"], figures["n_low"]), share(theme["rest"], figures["n_rest"])
    sides = f"{low} of those with a low voice, {rest} of the others"
    ends = interval(lift["lo"], lift["hi"], lambda v: number(v, 1))
    if is_claimed(theme):
        return f"{named}: {sides}. {claim(theme, figures)} (95\u00a0% interval {ends} times)."
    return f"{named}: {sides}. The difference may be chance (95\u00a0% interval {ends} times as often)."


def _noted(theme: Theme) -> str:
    """How many of the mentions interviewers wrote down; nothing where none."""
    quotes = theme.get("quotes", 0)
    return f" in {counted(theme['mentions'], 'statement')}, {in_words(quotes)} from interviews" if quotes else ""


def _anchor(theme: Theme) -> str:
    return "theme-" + "-".join("".join(c if c.isalnum() else "-" for c in theme["key"]).split())
