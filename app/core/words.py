"""Counts, lists and labels as people write them."""

from collections.abc import Sequence

from app.core.display import count

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_IRREGULAR = {
    "person": "people",
    "study": "studies",
    "is": "are",
    "has": "have",
    "was": "were",
    "does": "do",
    "differs": "differ",
    "pays": "pay",
    "opportunity": "opportunities",
}
_ACRONYMS = {"nps", "csat", "arr", "csm", "it", "ceo", "cfo", "cio", "cto"}

SPACES = (" ", "\n", "\r", "\t")


def squeezed(words: str) -> str:
    """Return words in small letters without spaces and line breaks: the same for all who typed the same."""
    for space in SPACES:
        words = words.replace(space, "")
    return words.lower()


def in_words(n: int) -> str:
    """A count below ten in words, from ten on in grouped figures: `nine`, `46`, `3,527`; zero is `no`."""
    return _SMALL[n] if 0 <= n < len(_SMALL) else count(n)


def plural(n: int, word: str) -> str:
    """The noun or verb for so many: `1 account`, `2 accounts`, `1 is`, `2 are`."""
    return word if n == 1 else _IRREGULAR.get(word, f"{word}s")


def counted(n: int, noun: str) -> str:
    """So many of something: `nine accounts`, `one person`."""
    return f"{in_words(n)} {plural(n, noun)}"


def capital(sentence: str) -> str:
    """The text with a capital first letter; the rest stays as it is."""
    return sentence[:1].upper() + sentence[1:]


def listed(parts: Sequence[str]) -> str:
    """A list in a sentence: `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def label(key: str) -> str:
    """A key as a label: `decision_maker` is `Decision maker`."""
    words = [word.upper() if word.lower() in _ACRONYMS else word for word in key.replace("_", " ").split()]
    return capital(" ".join(words)) or "Not named"


def lower_first(text: str) -> str:
    """The text as it stands inside a sentence; names in capitals keep them."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def topic(dimension: str) -> str:
    """A dimension as the reader knows it; value is what was received."""
    return "Value received" if dimension == "value" else label(dimension)


def name_in_address(address: str) -> str:
    """The name that stands before the @ of an address, `tom.quist@…` is `Tom Quist`; other text stays as it is."""
    if "@" not in address:
        return address
    parts = [part for part in address.split("@", maxsplit=1)[0].replace("_", ".").split(".") if part]
    return " ".join(f"{part[:1].upper()}." if len(part) == 1 else capital(part) for part in parts)
