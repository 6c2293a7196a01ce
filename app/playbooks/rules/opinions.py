"""What people at an account like and dislike of each product they have, from questions that were asked about each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.display import number
from app.core.words import capital, in_words, label, plural
from app.questionnaires.rules.quoting import LEVELS

LIKES_FROM, DISLIKES_TO = 75.0, 25.0
"""Of 100: on a scale from 1 to 5 a rating of four or more, and of two or less."""
MOST_QUOTES = 2
NO_WORDS = frozenset({"", "-", "–", "none", "nothing", "no", "n/a", "na", "nothing really", "nothing at all"})
"""What stands in a field of words where somebody had nothing to say."""


class Side(StrEnum):
    """On which side words or a person stand."""

    LIKES = "likes"
    DISLIKES = "dislikes"


@dataclass(frozen=True)
class Words:
    """A person's words of one product that may be quoted; `level` says how, `side` is None where nothing tells it."""

    text: str
    side: Side | None
    level: str | None = None


@dataclass(frozen=True)
class Opinion:
    """What one person said of one product: a rating 0-100 where they gave one, and words; where it can be read.

    `has_likes` and `has_dislikes` say what was answered, also in words that must not be quoted.
    """

    product: str
    role: str
    study_key: str
    external_id: str
    rating: float | None = None
    has_likes: bool = False
    has_dislikes: bool = False
    words: Sequence[Words] = ()

    @property
    def side(self) -> Side | None:
        """Whether they like it: by their rating, else by what they had to say; None for neither, or both."""
        if self.rating is not None:
            return Side.LIKES if self.rating >= LIKES_FROM else Side.DISLIKES if self.rating <= DISLIKES_TO else None
        if self.has_likes is self.has_dislikes:
            return None
        return Side.LIKES if self.has_likes else Side.DISLIKES


@dataclass(frozen=True)
class Quote:
    """Words of somebody, on which side, and the way to all that they said."""

    side: Side
    text: str
    role: str
    level: str
    study_key: str
    external_id: str


@dataclass(frozen=True)
class Voice:
    """One person who spoke of a product, as a line: who, how they stand, and the way to all that they said."""

    role: str
    stands: str
    study_key: str
    external_id: str


@dataclass(frozen=True)
class ProductView:
    """What was said of one product: the finding, who likes it, in whose words; `is_disliked` speaks against more."""

    product: str
    sentence: str
    is_disliked: bool
    quotes: tuple[Quote, ...]
    voices: tuple[Voice, ...]


def has_said(text: str | None) -> bool:
    """Tell whether a field of words says something."""
    return (text or "").strip().rstrip(".!").strip().casefold() not in NO_WORDS


def rating_of(value: float, *, minimum: float | None, maximum: float | None, is_reversed: bool) -> float | None:
    """Return a rating on 0-100, high being good; None where the question has no scale."""
    if minimum is None or maximum is None or maximum <= minimum:
        return None
    share = 100 * (value - minimum) / (maximum - minimum)
    return 100 - share if is_reversed else share


def product_views(opinions: Sequence[Opinion]) -> list[ProductView]:
    """Return what was said of each product, the disliked first, then those that most people spoke of."""
    by_product: Mapping[str, list[Opinion]] = defaultdict(list)
    for each in opinions:
        by_product[each.product].append(each)
    views = [(_view(product, said), len(said)) for product, said in by_product.items()]
    return [view for view, _ in sorted(views, key=lambda it: (not it[0].is_disliked, -it[1], it[0].product))]


def _view(product: str, said: Sequence[Opinion]) -> ProductView:
    sides = [each.side for each in said]
    likes, dislikes = sides.count(Side.LIKES), sides.count(Side.DISLIKES)
    is_disliked = dislikes > 0 and dislikes >= likes
    return ProductView(
        product=product,
        sentence=_sentence(product, len(said), likes, dislikes, is_disliked=is_disliked),
        is_disliked=is_disliked,
        quotes=tuple(_quotes(said)),
        voices=tuple(Voice(label(each.role), _stands(each), each.study_key, each.external_id) for each in said),
    )


def _sentence(product: str, people: int, likes: int, dislikes: int, *, is_disliked: bool) -> str:
    if people == 1:
        verb = "likes" if likes else "dislikes" if dislikes else "neither likes nor dislikes"
        told = f"The one person who spoke of {product} {verb} it"
    elif likes:
        told = f"{capital(in_words(likes))} of {in_words(people)} {plural_verb(likes, 'like')} {product}"
        told += f"; {in_words(dislikes)} {plural_verb(dislikes, 'dislike')} it" if dislikes else ""
    elif dislikes:
        told = f"{capital(in_words(dislikes))} of {in_words(people)} {plural_verb(dislikes, 'dislike')} {product}"
    else:
        told = f"None of {in_words(people)} who spoke of {product} likes or dislikes it"
    return f"{told}: no reason to sell more of it." if is_disliked else f"{told}."


def plural_verb(n: int, verb: str) -> str:
    """The verb for so many: one likes, two like."""
    return plural(2 if n == 1 else 1, verb)


def _quotes(said: Sequence[Opinion]) -> list[Quote]:
    found: dict[Side, list[Quote]] = {Side.DISLIKES: [], Side.LIKES: []}
    for each in said:
        for words in each.words:
            side = words.side or each.side
            if side is not None and has_said(words.text):
                level = LEVELS.get(words.level or "", "")
                found[side].append(
                    Quote(side, words.text.strip(), label(each.role), level, each.study_key, each.external_id)
                )
    return [quote for quotes in found.values() for quote in quotes[:MOST_QUOTES]]


def _stands(opinion: Opinion) -> str:
    side = f"{opinion.side} it" if opinion.side else "neither likes nor dislikes it"
    return side if opinion.rating is None else f"{side}, {number(opinion.rating)} of 100"
