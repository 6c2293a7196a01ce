"""Themes: stems and neighbours, one account once, against low voices, as people named, merged and hid them."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Refusal
from app.scoring.rules.analyses.words import Said, drawn_texts, word_figures
from app.scoring.rules.editing import AS_FOUND, Edit, edit_of, merged, root_of
from app.scoring.rules.plain import plain
from app.scoring.rules.stems import BREAK, read_texts
from app.scoring.rules.themes import themes_in
from app.scoring.rules.verbatims import sentiment, theme_lift

NAN = float("nan")


def figures(texts: list[str], account: list[int], voice: list[float], **edits: Edit) -> Any:
    """The figures of texts that nobody took the sentiment of."""
    said = Said(np.arange(100, 100 + len(texts)), np.array(account, dtype=np.int64), np.full(len(texts), NAN))
    return plain(word_figures(texts, said, np.array(voice), edits))


def words_of(text: str) -> list[str]:
    """The stems of one text, a dash where a break stands."""
    corpus = read_texts([text])
    return ["-" if stem == BREAK else corpus.stems[stem] for stem in corpus.stem.tolist()]


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("Exports, exporting: exported", ["export", "-", "export", "-", "export", "-"]),
        ("the slow export", ["-", "slow", "export", "-"]),
        ("It’s the customer’s fault", ["-", "-", "custom", "fault", "-"]),
        ("3 days 😁 for a fix", ["-", "day", "-", "-", "fix", "-"]),
        ("great awful good", ["-", "-", "-", "-"]),
        ("", ["-"]),
        ("x" * 400, ["-", "-"]),
        ("<script>alert(1)</script>", ["script", "alert", "-", "-", "-", "-", "script", "-"]),
    ],
    ids=["inflections are one", "neighbours", "apostrophes", "numbers", "praise", "nothing", "no word", "markup"],
)
def test_words_and_breaks(text: str, stems: list[str]) -> None:
    assert words_of(text) == stems


def test_a_theme_takes_five_mentions_from_three_accounts() -> None:
    texts = ["invoices", "invoice", "Invoice", "invoice", "invoice"]
    assert themes_in(read_texts(texts[:4]), np.array([0, 1, 2, 3])) == []
    assert themes_in(read_texts(texts), np.array([0, 0, 0, 1, 1])) == []
    (theme,) = themes_in(read_texts(texts), np.array([0, 0, 1, 1, 2]))
    assert (theme.key, theme.form, theme.accounts, theme.texts.tolist()) == ("invoic", "invoice", 3, [0, 1, 2, 3, 4])


def test_words_that_stand_together_are_one_theme_and_not_three() -> None:
    texts = ["response times drag"] * 6 + ["the invoice"] * 5 + ["response was quick"]
    found = themes_in(read_texts(texts), np.arange(12))
    assert [(t.form, len(t.texts)) for t in found if "respons" in t.key or "time" in t.key] == [
        ("response times", 6),
    ]


def test_one_account_counts_once() -> None:
    texts = ["invoice"] * 9 + ["invoice", "invoice", "fine print"]
    found = figures(texts, [0] * 9 + [1, 2, 3], [20.0, 80.0, 80.0, 20.0])
    (theme,) = found["themes"]
    assert (theme["mentions"], theme["accounts"], theme["low"], theme["rest"]) == (11, 3, 1, 2)
    assert (found["n_low"], found["n_rest"]) == (2, 2)
    assert theme["lift"] == plain(theme_lift(1, 2, 2, 2))


def test_low_is_a_voice_under_50_and_no_voice_is_in_no_comparison() -> None:
    found = figures(["invoice"] * 5, [0, 1, 2, 3, 4], [49.99, 50.0, NAN, 10.0, 100.0])
    (theme,) = found["themes"]
    assert (found["n_low"], found["n_rest"], found["no_voice"]) == (2, 2, 1)
    assert (theme["low"], theme["rest"], theme["accounts"]) == (2, 2, 5)
    assert 102 not in theme["speak"] + theme["against"]


@pytest.mark.parametrize(
    ("voice", "warning"),
    [([10.0] * 5, "EMPTY"), ([90.0] * 5, "EMPTY"), ([NAN] * 5, "EMPTY")],
    ids=["all low", "none low", "nobody has a voice"],
)
def test_one_side_alone_gives_no_lift(voice: list[float], warning: str) -> None:
    (theme,) = figures(["invoice"] * 5, [0, 1, 2, 3, 4], voice)["themes"]
    assert theme["lift"]["lift"] is None
    assert theme["lift"]["warnings"] == [warning]
    assert theme["p_adjusted"] is None


def test_nobody_said_anything() -> None:
    found = figures([], [], [50.0, 20.0])
    assert (found["texts"], found["accounts"], found["themes"], found["more"]) == (0, 0, [], [])


def test_answers_for_and_against() -> None:
    texts = ["invoice"] * 6
    said = Said(np.arange(6), np.array([0, 0, 1, 2, 3, 4]), np.array([-0.9, -0.5, 0.8, -0.2, 0.7, 0.1]))
    found = word_figures(texts, said, np.array([10.0, 20.0, 80.0, 90.0, 30.0]), {})
    (theme,) = found["themes"]
    # Low accounts 0, 1 and 4 name it; what praises there, and what the others say, contradicts.
    assert theme["is_of_low"]
    assert theme["speak"] == [0, 1]
    assert theme["against"] == [2, 4, 5, 3]
    assert theme["net"] == pytest.approx(0)


def test_people_name_merge_and_hide() -> None:
    texts = ["invoice"] * 5 + ["billing"] * 5 + ["meeting"] * 5
    account, voice = [0, 1, 2, 3, 4] * 3, [10.0, 20.0, 80.0, 90.0, 30.0]
    plainly = figures(texts, account, voice)
    assert [theme["label"] for theme in plainly["themes"]] == ["billing", "invoice", "meeting"]
    found = figures(
        texts, account, voice, invoic=Edit(into="bill"), bill=Edit(name="Money matters"), meet=Edit(is_hidden=True)
    )
    (theme,) = found["themes"]
    assert (theme["label"], theme["mentions"], theme["accounts"]) == ("Money matters", 10, 5)
    assert theme["parts"] == [{"key": "invoic", "label": "invoice"}]
    assert [line["label"] for line in found["hidden"]] == ["meeting"]


def test_rare_themes_count_once_they_are_part_of_another() -> None:
    texts = ["invoice"] * 4 + ["billing"]
    assert figures(texts, [0, 1, 2, 0, 1], [50.0] * 3)["themes"] == []
    (theme,) = figures(texts, [0, 1, 2, 0, 1], [50.0] * 3, bill=Edit(into="invoic"))["themes"]
    assert theme["mentions"] == 5


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["slow export", "the invoice", "Training days", "export", "no time"]), st.integers(0, 6)
        ),
        min_size=1,
        max_size=40,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=40, deadline=None)
def test_the_order_of_answers_changes_nothing(rows: list[tuple[str, int]], chance: Any) -> None:
    voice = [10.0, 40.0, 49.0, 50.0, 60.0, 90.0, NAN]
    shuffled = rows[:]
    chance.shuffle(shuffled)
    ours, theirs = (figures([t for t, _ in r], [a for _, a in r], voice) for r in (rows, shuffled))
    for found in (ours, theirs):
        for theme in found["themes"]:
            del theme["speak"], theme["against"]
    assert ours == theirs


def test_too_many_texts_are_drawn_from_every_account_alike() -> None:
    account = np.array([0] * 900 + [1] * 90 + [2] * 10)
    said = Said(np.arange(1000), account, np.zeros(1000))
    places = drawn_texts(said, 1, most=60)
    assert np.bincount(account[places]).tolist() == [20, 20, 10]
    assert places.tolist() == drawn_texts(said, 1, most=60).tolist()
    assert places.tolist() != drawn_texts(said, 2, most=60).tolist()
    assert len(drawn_texts(said, 1)) == 1000


def test_what_low_scores_write_about_in_real_answers(shared: Path) -> None:
    with (shared / "data" / "csat_support" / "csat_dev.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Customer Remarks"].strip()]
    texts = [row["Customer Remarks"] for row in rows]
    compounds = [s.compound for s in map(sentiment, texts) if s is not None]
    said = Said(np.arange(len(rows)), np.arange(len(rows)), np.array(compounds))
    found = word_figures(texts, said, np.array([25 * (float(row["CSAT Score"]) - 1) for row in rows]), {})
    themes = {theme["label"]: theme for theme in found["themes"]}
    assert len(themes) == 30
    by_hand = [
        ("refund" in t.lower().replace("refunded", "refund"), float(r["CSAT Score"]) < 3)
        for t, r in zip(texts, rows, strict=True)
    ]
    low, rest = (sum(named for named, is_low in by_hand if is_low == side) for side in (True, False))
    assert (themes["refund"]["low"], themes["refund"]["rest"]) == (
        pytest.approx(low, abs=1),
        pytest.approx(rest, abs=1),
    )
    assert themes["refund"]["lift"].lo > 1
    assert themes["refund"]["p_adjusted"] < 0.05
    assert "customer care" in themes


@pytest.mark.parametrize(
    ("name", "edit"),
    [("", AS_FOUND), ("  ", AS_FOUND), ("invoice", AS_FOUND), (" In\n voices ", Edit("In voices"))],
    ids=["nothing", "blanks", "as written", "one line"],
)
def test_names(name: str, edit: Edit) -> None:
    assert edit_of(name, "", is_hidden=False, form="invoice") == edit


def test_a_name_too_long_is_refused() -> None:
    with pytest.raises(Refusal, match="at most 80"):
        edit_of("x" * 81, "", is_hidden=False, form="invoice")


def test_no_theme_becomes_part_of_itself() -> None:
    edits = {"a": Edit(into="b"), "b": Edit(into="c")}
    assert root_of("a", edits) == "c"
    for into in ("a", "b", "c"):
        with pytest.raises(Refusal, match="part of itself"):
            merged("c", Edit(into=into), edits)
    assert merged("d", Edit(into="a"), edits)["d"].into == "a"
    assert root_of("x", {"x": Edit(into="y"), "y": Edit(into="x")}) in {"x", "y"}
