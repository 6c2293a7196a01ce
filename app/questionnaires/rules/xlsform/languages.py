"""Languages as XLSForm names them, `Deutsch (de)` or `German`, and as Parallax does, `de`."""

import re
from functools import cache

from babel import Locale, UnknownLocaleError

_CODE_AT_END = re.compile(r"\(\s*([A-Za-z]{2,3})(-[A-Za-z0-9]{2,8})?\s*\)$")
_CODE = re.compile(r"([A-Za-z]{2,3})(-[A-Za-z0-9]{2,8})?")


def code_of(name: str) -> str | None:
    """The code of a language from how a column or a setting names it; None where it cannot be known."""
    name = name.strip()
    found = _CODE_AT_END.search(name) or (_CODE.fullmatch(name) if _is_known(name) else None)
    if found:
        return found[1].lower() + (found[2] or "")
    return _codes_by_name().get(name.casefold())


def name_of(code: str) -> str:
    """How XLSForm names a language: its name and its code, such as `German (de)`."""
    try:
        name = Locale.parse(code, sep="-").get_display_name("en")
    except (ValueError, UnknownLocaleError):
        name = None
    return f"{name} ({code})" if name and "(" not in name else f"{code} ({code})"


def _is_known(name: str) -> bool:
    return name.split("-", maxsplit=1)[0].lower() in Locale("en").languages


@cache
def _codes_by_name() -> dict[str, str]:
    names = {name.casefold(): code for code, name in Locale("en").languages.items() if _CODE.fullmatch(code)}
    for code in ("de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ru", "uk", "ja", "zh", "ar", "he", "sv", "da", "cs"):
        names[(Locale(code).get_language_name(code) or code).casefold()] = code
    return names
