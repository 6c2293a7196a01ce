"""Words of the report: those of the whole house, and strata and quotes as labels."""

from app.core.words import capital, counted, in_words, label, listed, plural
from app.studies.rules.cross_section import ALL, CERTAINTY, WITHOUT_SIZE

__all__ = ["capital", "counted", "in_words", "label", "listed", "plural", "shortened", "stratum_label"]


def stratum_label(stratum: str) -> str:
    """A stratum as a label: its parts with a middle dot; the single unnamed stratum is all accounts."""
    if stratum == CERTAINTY:
        return "Certainty picks"
    if stratum == WITHOUT_SIZE:
        return "Without known revenue"
    if stratum == ALL or not stratum.strip(" |"):
        return "All accounts"
    parts = [part.strip() or "not given" for part in stratum.removeprefix("\\").split("|")]
    return " · ".join(parts)


def shortened(text: str, longest: int) -> str:
    """The text, cut at a word where it is longer than so many characters, with an ellipsis."""
    flat = " ".join(text.split())
    if len(flat) <= longest:
        return flat
    cut = flat[: longest - 1]
    at_word = cut.rsplit(" ", 1)[0] if " " in cut[longest // 2 :] else cut
    return f"{at_word.rstrip(' ,;:.')}…"
