"""What the page of a study's mails finds, in one line."""

from collections.abc import Mapping

from app.core.display import count
from app.core.words import plural


def finding(counts: Mapping[str, int], *, will_get: int, held: int) -> str:
    """The title: what waits while mails go out, else who would be invited next, else what was sent."""
    sent, waiting = counts["sent"] + counts["bounced"], counts["waiting"]
    if waiting:
        return f"{count(sent)} of {count(sent + waiting)} mails {plural(sent, 'is')} sent, {_waits(waiting)}"
    if will_get or not sent:
        people = f"{count(will_get)} {plural(will_get, 'person')} will get the invitation"
        return f"{people}, {count(held)} {plural(held, 'is')} held back" if held else people
    answer = f"{count(sent)} {plural(sent, 'mail')} {plural(sent, 'is')} sent"
    return f"{answer}, {count(counts['bounced'])} came back" if counts["bounced"] else answer


def _waits(waiting: int) -> str:
    return f"{count(waiting)} {'waits' if waiting == 1 else 'wait'}"
