"""Which bytes are text: names of encodings, and signs that Windows-1252 was the wrong guess.

Every byte but five means something in Windows-1252, so a wrong guess is silent. What gives it away is punctuation
where no language puts it: in files whose lines mix in the DOS code page 850, "é" (byte 82) shows as a low quotation
mark inside a word; in files that mix in UTF-8, "é" shows as "Ã©".
"""

import codecs
import re
from enum import StrEnum

KEEP_UNDEFINED = "parallax-keep-undefined"
"""Decoding errors handler: bytes that Windows-1252 leaves undefined become the C1 control of the same number."""


class Encoding(StrEnum):
    """The encodings that are recognised, by the names that people are told."""

    UTF_8 = "UTF-8"
    UTF_8_MARKED = "UTF-8 with byte-order mark"
    UTF_16 = "UTF-16"
    WINDOWS_1252 = "Windows-1252"
    WORKBOOK = "XLSX workbook"


CODECS = {
    Encoding.UTF_8: "utf-8",
    Encoding.UTF_8_MARKED: "utf-8-sig",
    Encoding.UTF_16: "utf-16",
    Encoding.WINDOWS_1252: "cp1252",
}


def _keep_undefined(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error(KEEP_UNDEFINED, _keep_undefined)

_LOWER = "a-zà-öø-ÿšœž"
_LETTER = f"A-ZÀ-ÖØ-Þ{_LOWER}ŠŒŽŸ"
_HIGH_BYTES = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\u0080-\u00bf"

_SIGNS = (
    "[\u0080-\u009f]",  # bytes that Windows-1252 does not define
    f"(?<=[{_LETTER}0-9])[‚„]",  # an opening quotation mark that follows a letter
    r"[‚„](?=\s|$|[,.;:!?)\"])",  # one that opens nothing
    f"ƒ(?=[{_LETTER}])|(?<=[{_LETTER}])ƒ",
    f"(?<=[{_LOWER}])…(?=[{_LOWER}])",
    f"[†‡](?=[{_LETTER}])",
    f"[ˆ˜‰](?=[{_LETTER}])|(?<=[{_LETTER}])[ˆ˜‰]",
    f"(?<=[{_LOWER}])[ŠŒŽŸ]",  # a capital inside a word of small letters
    f"(?<=[{_LETTER}])[‹›“”•¡¢£¤¥¦§¨©¬¯±¶¸¿](?=[{_LETTER}])",
    f"™(?=[{_LETTER}])",
    r"œ(?=\d)",
    f"(?<![0-9])€(?=[{_LETTER}])",
    f"[ÂÃ][{_HIGH_BYTES}]",  # UTF-8 read as Windows-1252
    f"â€[{_HIGH_BYTES}]",
    f"í[\u00a0-\u00bf](?!»)[{_HIGH_BYTES}]",  # half of a surrogate pair, which UTF-8 forbids
)
_IMPLAUSIBLE = re.compile("|".join(_SIGNS))
_OPENING = re.compile(r"‚(?!\S[^‚]*[‘’](?!\w))|„(?!\S[^„]*[“”\"«‟])")


def implausible_fragment(text: str) -> str | None:
    """The first place in a text read as Windows-1252 that makes no sense there, with its neighbours; None if all does.

    Curly quotes, dashes, the euro sign and accented letters pass where a person would write them.
    """
    if text.isascii():
        return None
    found = _IMPLAUSIBLE.search(text) or _OPENING.search(text)
    return text[max(0, found.start() - 12) : found.end() + 12] if found else None
