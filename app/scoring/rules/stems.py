"""English words and their stems: many texts as columns of numbers, each word stemmed once."""

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from app.scoring.rules.inputs import BoolArray

Places = NDArray[np.int32]

BREAK = -1
"""Stands between two words that are no neighbours: where a phrase ends, and for words that carry no topic."""

END, _END = -2, "\x00"
"""What stands behind each text while many are read at once, as a number and in their words."""
AT_ONCE = 1_000

SHORTEST, LONGEST = 3, 40

_PARTS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[.,;:!?()\n\"/…]|[–—]|\d+|\x00")

# What says how, when or how much, but not what about; praise and blame too, since they are what sentiment measures.
_STOP = """
a about above after again against ago all almost already also although always am amazing among an and another any
anybody anyone anything are aren't around as ask asked at away awesome awful back bad be became because become been
before being below best better between both but by came can can't cannot come comes could couldn't did didn't
different dissatisfied do does doesn't doing don't done down during each either else enough especially etc even ever
every everybody everyone everything example excellent fantastic few find fine first for found from full further gave
get gets getting give given gives glad go goes going gone good got great had hadn't half happen happened happens happy
has hasn't hate hated have haven't having he her here hers herself him himself his horrible how however i i'd i'll i'm
i've if in instead into is isn't it it's its itself just keep kept kind know known last later least less let like
likely little look looking lot lots love loved made make makes making many may maybe me mean means might mine more
most mostly much must my myself need needed needs never new next nice no nobody none nor not nothing now of off often
ok okay old on once one only onto or other others our ours ourselves out over own part per perfect perhaps please
point poor put quite rather really said same satisfied saw say says see seem seems seen several shall she should
shouldn't since so some somebody someone something sometimes somewhat soon still such sure take taken takes tell
terrible than thank thanks that that's the their theirs them themselves then there there's these they they're thing
things think this those though three through thus till to today together told too took toward towards tried try trying
two under unhappy unsatisfied until up upon us use used uses using usually very want wanted wants was wasn't way ways
we we'd we'll we're we've well went were weren't what what's whatever when where whether which while who whole whom
whose why will with within without won't wonderful worse worst would wouldn't year years yes yet you you'd you'll
you're you've your yours yourself
"""
_NUMBERS = "one two three four five six seven eight nine ten hundred thousand half dozen couple"
STOP = frozenset([*_STOP.split(), *_NUMBERS.split()])


@dataclass(frozen=True)
class Corpus:
    """Texts word by word: of which text each word is, its written form and its stem, both by position in their list.

    `form` and `stem` are `BREAK` between words that are no neighbours; every text ends with one.
    """

    text: Places
    form: Places
    stem: Places
    forms: list[str]
    stems: list[str]
    texts: int

    @property
    def is_word(self) -> BoolArray:
        """Where a word stands and no break."""
        words: BoolArray = self.stem != BREAK
        return words


def read_texts(texts: Iterable[str]) -> Corpus:
    """Return English texts as words with their stems (Porter 2001, "Snowball"); words without a topic are breaks."""
    reader, rest, run = _Reader(), iter(texts), array("i")
    while some := list(islice(rest, AT_ONCE)):
        run.extend(reader.read(some))
    read = np.frombuffer(run, dtype=np.int32) if run else np.zeros(0, np.int32)
    is_end = read == END
    form = np.where(is_end, BREAK, read).astype(np.int32)
    stem = np.full(len(form), BREAK, np.int32)
    stem_of = np.array(reader.stem_of, dtype=np.int32)
    stem[form != BREAK] = stem_of[form[form != BREAK]]
    place = np.cumsum(is_end, dtype=np.int32) - is_end
    return Corpus(place.astype(np.int32), form, stem, reader.forms, list(reader.stems), int(is_end.sum()))


class _Reader:
    """Remembers what it has read, so that a word is looked at once however often it stands there."""

    def __init__(self) -> None:
        from nltk.stem.snowball import EnglishStemmer

        self._stem = EnglishStemmer().stem
        self._known: dict[str, int] = {_END: END}
        self.forms: list[str] = []
        self.stem_of: list[int] = []
        self.stems: dict[str, int] = {}

    def read(self, texts: Sequence[str]) -> list[int]:
        """Return the numbers of the texts' words one after the other, with an end behind each text."""
        whole = _END.join(text.replace(_END, " ") for text in texts) + _END
        parts = _PARTS.findall(whole)
        for part in dict.fromkeys(parts):
            if part not in self._known:
                self._known[part] = self._numbered(part)
        return list(map(self._known.__getitem__, parts))

    def _numbered(self, part: str) -> int:
        word = part.replace("’", "'").lower()
        if word in STOP or not part[0].isalpha():
            return BREAK
        word = word.removesuffix("'s")
        stem = self._stem(word)
        if not SHORTEST <= len(word) <= LONGEST or word in STOP or "'" in stem:
            return BREAK
        self.forms.append(part.replace("’", "'").removesuffix("'s"))
        self.stem_of.append(self.stems.setdefault(stem, len(self.stems)))
        return len(self.forms) - 1
