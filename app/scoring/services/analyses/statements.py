"""What people said in words in a study, as columns: open answers first, then what interviewers wrote down."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np

from app.scoring.queries import Rows
from app.scoring.queries.quotes import said_in_quotes, words_of_quotes
from app.scoring.queries.words import said_in_words, words_of
from app.scoring.rules.inputs import IntArray
from app.scoring.rules.statements import Said, is_quote, remark_id
from app.scoring.services.analyses.scene import Scene


class Statements:
    """Statements of a study as columns, with the respondent and the question of each, by their rows."""

    def __init__(self, scene: Scene, question_ids: Collection[int] | None = None) -> None:
        answers = said_in_words(scene.session, scene.study, question_ids)
        quotes = said_in_quotes(scene.session, scene.study, question_ids)
        place = {account_id: i for i, account_id in enumerate(scene.picture.drawn.account_ids)}
        both = [*answers, *quotes]
        sign = np.repeat([1, -1], [len(answers), len(quotes)])
        self.said = Said(
            _column(both, 0) * sign,
            np.fromiter((place[row[1]] for row in both), np.int64, len(both)),
            np.fromiter((row[2] for row in both), np.float64, len(both)),
        )
        self.respondent, self.question = _column(both, 3), _column(both, 4)


def words_in(scene: Scene, said: Said) -> Iterator[str]:
    """Yield the words of statements in their order: answers, then quotes."""
    ids: Sequence[int] = said.ids.tolist()
    yield from words_of(scene.session, [each for each in ids if not is_quote(each)])
    yield from words_of_quotes(scene.session, [remark_id(each) for each in ids if is_quote(each)])


def _column(rows: Rows | list[Any], i: int) -> IntArray:
    return np.fromiter((row[i] for row in rows), np.int64, len(rows))
