"""An instant as people of a place and a language write it."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from app.interviews.rules.local_time import offset_words

WHERE = {"en": "en_GB", "ar": "ar_EG"}
"""Which country's habits a language takes where they differ: the order of a day, the marks of numbers."""
DIGITS = {"ar": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")}


def day_words(local: datetime, language: str) -> str:
    """Return a day with its name, as `Friday, 4 December 2026`."""
    from babel.dates import format_date

    plain = "EEEE, d MMMM y" if language == "en" else "full"
    return _own_digits(format_date(local.date(), plain, locale=_locale(language)), language)


def time_words(local: datetime, language: str) -> str:
    """Return a time of day, as `09:30`."""
    from babel.dates import format_time

    plain = "HH:mm" if language == "en" else "short"
    return _own_digits(format_time(local.time(), plain, locale=_locale(language)), language)


def moment_words(at: datetime, zone: ZoneInfo, language: str) -> str:
    """Return an instant by the clock of a zone: day, time, zone and offset, so that it can be read in one way only."""
    if zone.key == "UTC":
        return utc_words(at, language)
    local = at.astimezone(zone)
    place = zone.key.replace("_", " ")
    return f"{day_words(local, language)}, {time_words(local, language)} ({place}, {offset_words(local)})"


def utc_words(at: datetime, language: str) -> str:
    """Return an instant in UTC, with its day."""
    plain = at.astimezone(UTC)
    return f"{day_words(plain, language)}, {time_words(plain, language)} UTC"


def number_words(number: int, language: str) -> str:
    """Return a small whole number with the digits of a language."""
    return _own_digits(str(number), language)


def _own_digits(text: str, language: str) -> str:
    return text.translate(DIGITS.get(language, {}))


@cache
def _locale(language: str) -> str:
    return WHERE.get(language, language)
