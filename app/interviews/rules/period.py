"""When an interview may be held: inside the fieldwork period of its study, and not once that was closed."""

from datetime import date, datetime

from app.core.display import day


def refusal_to_ask(*, opens_on: date, closes_on: date, closed_at: datetime | None, today: date) -> str | None:
    """Why nothing may be asked or written down today, or None where it may."""
    if closed_at is not None:
        return refusal_to_count(closed_at)
    if today < opens_on:
        return f"The fieldwork of this study opens on {day(opens_on)}; until then nothing is stored."
    if today > closes_on:
        return f"The fieldwork of this study ended on {day(closes_on)}; what is typed now is not stored."
    return None


def refusal_to_count(closed_at: datetime | None) -> str | None:
    """Why an interview may not be submitted any more, or None where it may: what was heard in time still counts."""
    if closed_at is None:
        return None
    return f"The fieldwork of this study was closed on {day(closed_at)}; interviews do not change any more."
