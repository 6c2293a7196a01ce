"""What customers talk about, read anew with every scoring: what was taken away or superseded is in no theme."""

from collections import Counter
from typing import Any

import numpy as np

from app.scoring.queries import words as queries
from app.scoring.queries.quotes import quotes_in_other_languages
from app.scoring.rules.analyses.words import drawn_texts, word_figures
from app.scoring.rules.editing import Edit
from app.scoring.rules.hand_coding import hand_coding
from app.scoring.services.analyses.scene import Figures, Scene
from app.scoring.services.analyses.statements import Statements, words_in

SEED = 1
"""Which texts are read where there are too many; stored with the figures."""


def words(scene: Scene) -> Figures:
    """Return the themes in open answers and in quotes that interviewers wrote down, with what stands behind them.

    And how far sentiment was checked (methods k).
    """
    session = scene.session
    said = Statements(scene).said
    read = said.at(drawn_texts(said, SEED))
    edits = {key: Edit(row.name, row.into, row.is_hidden) for key, row in queries.theme_edits(session).items()}
    found = word_figures(words_in(scene, read), read, scene.picture.voices.voice, edits)
    return {
        **found,
        "of_texts": len(said.ids),
        "seed": SEED,
        "left_out": _left_out(scene),
        "hand_coding": hand_coding(queries.hand_codes(session)),
    }


def _left_out(scene: Scene) -> list[dict[str, Any]]:
    """How many statements there are in each language that is not read, most first."""
    counts: Counter[str] = Counter()
    is_read = not np.isnan(scene.picture.spoken.compound).any()
    for rows in (() if is_read else (queries.other_languages,)) + (quotes_in_other_languages,):
        for language, n in rows(scene.session, scene.study):
            counts[language] += n
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [{"language": language, "texts": n} for language, n in ordered]
