"""What customers write about: which themes belong to low voices, how the words sound, and what is left out."""

from app.core.display import count, interval, number, signed
from app.core.words import capital, counted, listed
from app.reports.rules.charts.risks import Risk, risks_chart, times
from app.reports.rules.topics.page import Cell, Deed, Figures, Link, Page, Section, Setting, Table
from app.reports.rules.topics.theme_words import Theme, claim, is_claimed, share, theme_section
from app.reports.rules.topics.tone import EXPERIMENTAL, tone_section
from app.reports.rules.workings import Working

MOST_CLAIMED, MOST_NAMED, MOST_DRAWN = 12, 5, 12
"""Themes with quotes of their own: what is claimed, and beside it what most accounts name; themes in the chart."""

_RISK = (
    "Share of accounts with a voice under 50 that name it, over the share of the others; an account counts once. "
    "Interval on the log scale (Katz et al. 1978); p by Fisher’s exact test, adjusted over the themes shown "
    "(Benjamini and Hochberg 1995)."
)
_NOTE = (
    "Tone: share of mentions that sound positive less the share that sounds negative, in points. "
    "p: adjusted over the themes shown."
)
_ONE_SIDE = "The accounts are all on one side of 50, so that themes are counted and not compared."
_LIFT = "Share of low accounts that name it, over the share of all accounts."


def answers(figures: Figures) -> list[int]:
    """The statements whose words the page may quote."""
    return [row for theme in _own_sections(figures) for side in ("speak", "against") for row in theme[side]]


def page(figures: Figures, setting: Setting) -> Page:
    """Themes by how much more often low voices name them, quotes for and against, sentiment, and what is left out."""
    return Page(
        title=_title(figures),
        lede=_lede(figures),
        sections=[
            _comparison(figures),
            *(theme_section(theme, figures, setting) for theme in _own_sections(figures)),
            tone_section(figures, setting),
            _left_out(figures),
        ],
        deeds=[
            Deed("Name, merge or hide themes", Link("reports.theme_names", {"key": setting.study}), "studies:manage"),
            Deed(
                "Read words to check the sentiment", Link("reports.reading", {"key": setting.study}), "studies:manage"
            ),
        ],
    )


def _own_sections(figures: Figures) -> list[Theme]:
    claimed = _claimed(figures)[:MOST_CLAIMED]
    return [*claimed, *_unclaimed(figures)[: max(MOST_NAMED - len(claimed), 0)]]


def _claimed(figures: Figures) -> list[Theme]:
    found = (theme for theme in figures["themes"] if is_claimed(theme))
    return sorted(found, key=lambda t: (t["p_adjusted"], t["lift"]["p"], t["key"]))


def _unclaimed(figures: Figures) -> list[Theme]:
    return [theme for theme in figures["themes"] if not is_claimed(theme)]


def _title(figures: Figures) -> str:
    if not figures["texts"]:
        return "Nobody has written anything in English yet"
    if not figures["themes"]:
        return "No theme is named by three accounts yet"
    first = _own_sections(figures)[0]
    if not is_claimed(first):
        most = figures["themes"][0]
        return f"Customers write most about “{most['label']}”; no theme was found that sets low voices apart"
    return claim(first, figures)


def _lede(figures: Figures) -> list[str]:
    if not figures["texts"]:
        return ["Themes come from open answers; they take five mentions from three accounts."]
    low, rest = figures["n_low"], figures["n_rest"]
    wrote = f"{capital(counted(figures['accounts'], 'account'))} said something in words"
    said = f"{wrote}, {count(low)} of them with a voice under 50.{_from_interviews(figures)}"
    if not low or not rest:
        return [said, "Without accounts on both sides of 50 nothing can be compared."]
    return [said, "What goes together need not be the cause: a theme says where to ask, not why a voice is low."]


def _from_interviews(figures: Figures) -> str:
    """How many statements are sentences that interviewers wrote down; nothing where none is."""
    quotes = figures.get("quotes", 0)
    verb = "is a sentence" if quotes == 1 else "are sentences"
    texts = counted(figures["texts"], "statement")
    return f" Of {texts}, {count(quotes)} {verb} that interviewers wrote down word for word." if quotes else ""


def _comparison(figures: Figures) -> Section:
    themes = figures["themes"]
    title = "Who writes about what"
    if not themes:
        return Section(
            "themes", title, empty="A theme takes five mentions from three accounts; none has that many yet."
        )
    claimed = _claimed(figures)
    low, rest = figures["n_low"], figures["n_rest"]
    text = [_how_many(len(claimed), len(themes)) if low and rest else _ONE_SIDE]
    first = [*claimed, *_unclaimed(figures)][:MOST_DRAWN]
    drawn = [_risk(theme, figures) for theme in first if theme["lift"]["lo"] is not None]
    chart = risks_chart(
        "words",
        "How many times as often low voices name it",
        f"Share of {counted(low, 'low account')} over the share of {counted(rest, 'other')}, 95\u00a0% interval",
        drawn,
        source="Filled: more than chance, adjusted over all themes shown. Ring: may be chance.",
    )
    rows = [_row(theme, figures) for theme in themes]
    columns = ["Theme", "Accounts", "Low voices", "Others", "Lift", "Times as often", f"Tone ({EXPERIMENTAL})"]
    if not figures["hand_coding"][EXPERIMENTAL]:
        columns[-1] = "Tone"
    table = Table(
        "Themes by how many accounts name them",
        columns,
        rows,
        numeric=frozenset(range(1, 7)),
        note=_NOTE,
        is_long=len(rows) > MOST_DRAWN,
    )
    workings = [w for theme in themes for w in _workings(theme, figures)] if low and rest else []
    return Section("themes", title, text, chart if drawn else None, [table], workings=workings)


def _how_many(claimed: int, themes: int) -> str:
    some = "None" if not claimed else count(claimed)
    verb = "differs" if claimed < 2 else "differ"
    return f"{some} of {counted(themes, 'theme')} {verb} between low voices and the others by more than chance."


def _risk(theme: Theme, figures: Figures) -> Risk:
    lift = theme["lift"]
    note = f"{count(theme['low'])} of {count(figures['n_low'])}, {count(theme['rest'])} of {count(figures['n_rest'])}"
    return Risk(theme["label"], note, lift["relative_risk"], lift["lo"], lift["hi"], is_claimed(theme))


def _row(theme: Theme, figures: Figures) -> list[Cell]:
    lift, parts = theme["lift"], [part["label"] for part in theme["parts"]]
    p, ends = theme["p_adjusted"], interval(lift["lo"], lift["hi"], lambda v: number(v, 1))
    return [
        Cell(theme["label"], f"with {listed(parts)}" if parts else ""),
        Cell(count(theme["accounts"])),
        Cell(share(theme["low"], figures["n_low"])),
        Cell(share(theme["rest"], figures["n_rest"])),
        Cell("–" if lift["lift"] is None else number(lift["lift"], 2)),
        Cell(times(lift["relative_risk"]), f"{ends}; p {_p(p)}" if ends else ""),
        Cell(signed(theme["net"])),
    ]


def _p(p: float | None) -> str:
    if p is None:
        return "–"
    return "< 0.001" if p < 0.001 else f"= {number(p, 3)}"


def _workings(theme: Theme, figures: Figures) -> list[Working]:
    lift, n = theme["lift"], count(figures["n_low"] + figures["n_rest"])
    ends = interval(lift["lo"], lift["hi"], lambda v: number(v, 2)) or "not estimable: nobody names it"
    return [
        Working(
            f"{theme['label']}: times as often", times(lift["relative_risk"]), ends, n, f"{_RISK} p {_p(lift['p'])}."
        ),
        Working(f"{theme['label']}: lift", "–" if lift["lift"] is None else number(lift["lift"], 2), "", n, _LIFT),
    ]


def _left_out(figures: Figures) -> Section:
    others = figures["left_out"]
    lines = []
    if others:
        total = sum(each["texts"] for each in others)
        parts = [f"{each['language'] or 'unknown'} ({count(each['texts'])})" for each in others]
        lines.append(f"{capital(counted(total, 'statement'))} in other languages than English: {listed(parts)}.")
    if figures["no_voice"]:
        silent = capital(counted(figures["no_voice"], "account"))
        lines.append(f"{silent} with words but without a voice: counted with a theme, and compared with nobody.")
    if figures["of_texts"] > figures["texts"]:
        read = f"{count(figures['texts'])} of {count(figures['of_texts'])} statements were read"
        lines.append(f"{read}, equally many of each account, chosen by lot (seed {figures['seed']}).")
    if figures["hidden"]:
        lines.append(f"{capital(counted(len(figures['hidden']), 'theme'))} that somebody here hid.")
    none = "everything said in words was read" if figures["of_texts"] else "nobody has said anything in words"
    return Section("left-out", "What is left out", lines, empty="" if lines else f"Nothing: {none}.")
