"""What people type about questions: one mapping a line, one name a line."""

import unicodedata
from collections.abc import Mapping, Sequence


def pairs_of(text: str) -> dict[str, str]:
    """The mappings of a text, one FROM=TO a line; ValueError with the line that is none."""
    pairs = {}
    for line in names_of(text):
        old, sign, new = (part.strip() for part in line.partition("="))
        if not (old and sign and new):
            raise ValueError(f"Write each line as FROM=TO, not “{line[:80]}”.")
        pairs[old] = new
    return pairs


def names_of(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def has_control_characters(text: str) -> bool:
    """Whether a text holds characters that nobody types: NUL and the like."""
    return any(unicodedata.category(character) == "Cc" and character not in "\r\n\t" for character in text)


def plain_name(filename: str) -> str:
    """The last part of a file's name as a browser told it, without what cannot be shown."""
    shown = "".join(character for character in filename if character.isprintable())
    return shown.replace("\\", "/").rsplit("/", 1)[-1].strip()[:255] or "file"


COUNTED = ("rows", "created", "updated", "unchanged", "ignored", "other_currency")


def differences(previewed: Mapping[str, int], happened: Mapping[str, int]) -> Sequence[str]:
    """What an import did otherwise than its preview said, as phrases; nothing where it did the same."""
    return [
        f"{happened.get(name, 0):,} {name.replace('_', ' ')} instead of {previewed.get(name, 0):,}"
        for name in COUNTED
        if happened.get(name, 0) != previewed.get(name, 0)
    ]
