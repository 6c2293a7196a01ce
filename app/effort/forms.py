"""What the form of a week sends: three fields for each account."""

import re
from collections.abc import Mapping

from app.effort.rules.typed import Line

_FIELD = re.compile(r"share-([0-9]{1,9})")
_NUMBER = re.compile(r"[0-9]{1,9}")


def lines_in(form: Mapping[str, str]) -> list[Line]:
    """Return the lines of a week as they were typed."""
    found = (_FIELD.fullmatch(name) for name in form)
    return [_line(form, int(each[1])) for each in found if each]


def _line(form: Mapping[str, str], account_id: int) -> Line:
    seen = form.get(f"seen-{account_id}", "")
    return Line(
        account_id=account_id,
        share=form.get(f"share-{account_id}", "")[:20],
        complexity=form.get(f"complexity-{account_id}", "")[:4],
        seen_id=int(seen) if _NUMBER.fullmatch(seen) else 0,
    )
