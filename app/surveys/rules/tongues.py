"""In which language a survey speaks: the one chosen here, else before, else the customer's, else the browser's."""

from collections.abc import Iterable, Sequence


def chosen_language(offered: Sequence[str], wishes: Iterable[str | None]) -> str:
    """The first wish that is on offer, as a whole or by its base (“de-AT” finds “de”); else the first on offer."""
    for wish in wishes:
        found = match(offered, wish) if wish else None
        if found:
            return found
    return offered[0]


def match(offered: Sequence[str], wish: str) -> str | None:
    """The language on offer that a wish means, or None."""
    plain = {language.casefold(): language for language in offered}
    whole = wish.strip().replace("_", "-").casefold()
    base = whole.split("-")[0]
    by_base = {language.split("-")[0]: plain[language] for language in reversed(plain)}
    return plain.get(whole) or plain.get(base) or by_base.get(base)
