"""How much one study's score of an account says; of several studies the newest that says most is shown."""

from typing import Any


def says(score: Any) -> int:
    """Return 2 where voice and health can be compared, 1 where somebody was heard, 0 where nobody was."""
    if score.quadrant != "insufficient":
        return 2
    return 1 if score.respondents else 0
