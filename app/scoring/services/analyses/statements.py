"""What people said in words in a study, as columns: open answers first, then what interviewers wrote down."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from app.core.columns import positions
from app.scoring.queries.quotes import said_in_quotes, words_of_quotes
from app.scoring.queries.words import words_of
from app.scoring.rules.statements import Said, is_quote, remark_id
from app.scoring.services.analyses.scene import Scene


class Statements:
    """Statements of a study as columns, with the position of the person and the question's row of each."""

    def __init__(self, scene: Scene, question_ids: Collection[int] | None = None) -> None:
        people, spoken = scene.picture.people, scene.picture.spoken
        chosen = spoken.has_words & ~np.isnan(spoken.compound)
        if question_ids is not None:
            chosen &= np.isin(spoken.question, list(question_ids))
        remark, who, question, compound = said_in_quotes(scene.session, scene.study, question_ids)
        self.person = np.concatenate([spoken.person[chosen], positions(people.ids, who)])
        self.question = np.concatenate([spoken.question[chosen], question])
        self.said = Said(
            np.concatenate([spoken.answer[chosen], -remark]),
            people.account[self.person],
            np.concatenate([spoken.compound[chosen], compound]),
        )


def words_in(scene: Scene, said: Said) -> Iterator[str]:
    """Yield the words of statements in their order: answers, then quotes."""
    ids: Sequence[int] = said.ids.tolist()
    yield from words_of(scene.session, [each for each in ids if not is_quote(each)])
    yield from words_of_quotes(scene.session, [remark_id(each) for each in ids if is_quote(each)])
