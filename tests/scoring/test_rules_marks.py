"""Marks of rows: equal where rows are equal bit for bit, and not where they are not."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.scoring.rules.marks import mark_of_text, mark_of_words, marks_of

NUMBERS = st.one_of(st.floats(allow_nan=False, width=16), st.sampled_from([0.0, 1.0, 100.0, float("nan")]))


@given(st.lists(st.tuples(st.integers(0, 3), NUMBERS, NUMBERS), min_size=2, max_size=30))
def test_rows_have_one_mark_where_they_are_one(rows: list[tuple[int, float, float]]) -> None:
    labels = np.array([row[0] for row in rows], dtype=np.uint64)
    numbers = np.array([row[1:] for row in rows])
    marks = marks_of(labels, numbers).tolist()
    whole = [(int(label), each.tobytes()) for label, each in zip(labels, numbers, strict=True)]
    assert len(set(zip(marks, whole, strict=True))) == len(set(marks)) == len(set(whole))


def test_a_mark_is_the_same_on_every_machine() -> None:
    assert int(mark_of_text("voice")) == 17_999_589_235_083_617_602
    start = np.array([mark_of_text("voice")])
    assert marks_of(start, np.array([[50.0, 0.25]])).tolist() == [11_029_732_491_288_576_543]


def test_words_have_one_mark_whatever_their_capitals_and_spaces() -> None:
    texts = ["Good, so far.", " good,\nSO far.\t", "GOOD, SO FAR", "Größe", "GRÖSSE", "größe", ""]
    marks = [mark_of_words(each) for each in texts]
    assert [marks.index(each) for each in marks] == [0, 0, 2, 3, 4, 3, 6]
    assert all(-(2**63) <= each < 2**63 for each in marks)
