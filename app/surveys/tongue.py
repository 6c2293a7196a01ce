"""How a survey's pages speak a language: their own words (catalogues in `locale/`), days and digits."""

import gettext
import io
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from app.questionnaires.rules.definition import Direction
from app.questionnaires.rules.languages import direction_of

FOLDER = Path(__file__).parent / "locale"
MAIN = "en"
WHERE = {MAIN: "en_GB", "ar": "ar_EG"}
"""Which country's habits a language takes where they differ: the order of a day, the marks of numbers."""
DIGITS = {"ar": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")}


@dataclass(frozen=True)
class Tongue:
    """One language: `language` is that of the questionnaire's texts, `spoken` that of the page's own words."""

    language: str
    spoken: str

    @property
    def direction(self) -> Direction:
        """The direction in which the page is read."""
        return direction_of(self.language)

    def say(self, sentence: str, /, **values: Any) -> str:
        """A sentence of ours in this language, with the names in its braces filled in."""
        return _catalogue(self.spoken).gettext(sentence).format(**values)

    def say_count(self, one: str, many: str, count: int, /, **values: Any) -> str:
        """A sentence that depends on a count, which stands in it as `count`."""
        said = _catalogue(self.spoken).ngettext(one, many, count)
        return said.format(count=self.number(count), **values)

    def day(self, day: date) -> str:
        """A day as this language writes it."""
        from babel.dates import format_date

        return self._own_digits(format_date(day, "long", locale=_locale(self.spoken)))

    def moment(self, moment: datetime) -> str:
        """An instant as this language writes it, in UTC."""
        from babel.dates import format_time, get_datetime_format

        time = self._own_digits(format_time(moment, "short", locale=_locale(self.spoken)))
        pattern = str(get_datetime_format("long", locale=_locale(self.spoken)))
        return f"{pattern.format(time, self.day(moment.date()))} UTC"

    def number(self, number: int | str) -> str:
        """A whole number with the digits of this language."""
        from babel.numbers import format_decimal

        text = str(number)
        if not (text.isascii() and text.isdigit()) or len(text) > 9:
            return text
        return self._own_digits(format_decimal(int(text), locale=_locale(self.spoken), numbering_system="default"))

    def _own_digits(self, text: str) -> str:
        """A text with the digits of this language: babel writes Latin ones for all."""
        return text.translate(DIGITS.get(self.spoken, {}))


def tongue_of(language: str) -> Tongue:
    """The tongue for a language: its own words where there is a catalogue, English words otherwise."""
    base = language.split("-", maxsplit=1)[0].lower()
    return Tongue(language, base if base in spoken_languages() else MAIN)


@cache
def spoken_languages() -> tuple[str, ...]:
    """The languages in which the pages have words of their own."""
    return (MAIN, *sorted(file.stem for file in FOLDER.glob("*.po")))


def own_name(language: str) -> str:
    """What a language calls itself."""
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(language, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        return language
    return (name[:1].upper() + name[1:]) if name else language


def _locale(spoken: str) -> str:
    return WHERE.get(spoken, spoken)


@cache
def _catalogue(spoken: str) -> gettext.NullTranslations:
    """The words of a language, read from their source: nothing compiled is kept that could be older."""
    if spoken == MAIN:
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with (FOLDER / f"{spoken}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=spoken, abort_invalid=True))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
