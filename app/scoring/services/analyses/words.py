"""What customers talk about, read anew with every scoring: what was taken away or superseded is in no theme."""

import numpy as np

from app.scoring.queries import words as queries
from app.scoring.rules.analyses.words import Said, drawn_texts, word_figures
from app.scoring.rules.editing import Edit
from app.scoring.rules.hand_coding import hand_coding
from app.scoring.services.analyses.scene import Figures, Scene

SEED = 1
"""Which texts are read where there are too many; stored with the figures."""


def words(scene: Scene) -> Figures:
    """Return the themes in open answers with the answers behind them, and how far sentiment was checked (methods k)."""
    session, picture = scene.session, scene.picture
    rows = queries.said_in_words(session, scene.study)
    place = {account_id: i for i, account_id in enumerate(picture.drawn.account_ids)}
    said = Said(
        np.fromiter((row[0] for row in rows), np.int64, len(rows)),
        np.fromiter((place[row[1]] for row in rows), np.int64, len(rows)),
        np.fromiter((row[2] for row in rows), np.float64, len(rows)),
    )
    read = said.at(drawn_texts(said, SEED))
    edits = {key: Edit(row.name, row.into, row.is_hidden) for key, row in queries.theme_edits(session).items()}
    found = word_figures(queries.words_of(session, read.ids.tolist()), read, picture.voices.voice, edits)
    return {
        **found,
        "of_texts": len(rows),
        "seed": SEED,
        "left_out": [
            {"language": row.language, "texts": row.answers} for row in queries.other_languages(session, scene.study)
        ],
        "hand_coding": hand_coding(queries.hand_codes(session)),
    }
