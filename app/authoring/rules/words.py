"""How the editor names things: kinds of questions, their fields, and what comes of a change."""

from babel import Locale, UnknownLocaleError

from app.core.words import topic
from app.questionnaires.rules.changes import ChangeKind
from app.questionnaires.rules.definition import (
    RANKED,
    AskedIn,
    Band,
    Dimension,
    Direction,
    ValueAspect,
    ValueSide,
)
from app.questionnaires.rules.importance import Way, way_of
from app.questionnaires.rules.kinds import KINDS, Absence

KIND_WORDS = {
    "scale_0_10": "Scale 0 to 10",
    "scale_1_5": "Scale 1 to 5",
    "scale_1_7": "Scale 1 to 7",
    "yes_no": "Yes or no",
    "single_choice": "One choice",
    "multiple_choice": "Several choices",
    "ranking": "Ranking",
    "number": "Number",
    "date": "Date",
    "consent": "Consent",
    "text": "Open text",
    "note": "Note",
    "matrix": "Matrix",
    "calculated": "Calculated value",
}
OPT_OUT_WORDS = {
    Absence.NOT_APPLICABLE: "Not applicable",
    Absence.DONT_KNOW: "Don’t know",
    Absence.REFUSED: "Prefer not to say",
}
DOOR_WORDS = {AskedIn.SURVEY: "Survey", AskedIn.INTERVIEW: "Interview"}
DIRECTION_WORDS = {Direction.LEFT_TO_RIGHT: "Left to right", Direction.RIGHT_TO_LEFT: "Right to left"}
SIDE_WORDS = {
    ValueSide.PROMISED: "Promised",
    ValueSide.DELIVERED: "Delivered",
    ValueSide.TO_BE_DELIVERED: "To be delivered",
}
ASPECT_WORDS = {
    ValueAspect.ECONOMIC: "Economic",
    ValueAspect.EMOTIONAL: "Emotional",
    ValueAspect.COMMUNITY: "Community",
}
BAND_WORDS = {
    Band.PROMOTER: "To promoters (9 or 10)",
    Band.PASSIVE: "To passives (7 or 8)",
    Band.DETRACTOR: "To detractors (0 to 6)",
    Band.OTHERS: "To everybody else",
}
CHANGE_WORDS = {
    ChangeKind.REMOVED: "Removed",
    ChangeKind.ADDED: "Added",
    ChangeKind.KIND: "Another kind",
    ChangeKind.OPTION_REMOVED: "Answer removed",
    ChangeKind.OPTION_ADDED: "Answer added",
    ChangeKind.SCORING: "Scored otherwise",
    ChangeKind.CONDITION: "Another condition",
    ChangeKind.CONSTRAINT: "Other answers allowed",
    ChangeKind.CALCULATION: "Calculated otherwise",
    ChangeKind.MATRIX: "Another matrix",
    ChangeKind.DOORS: "Asked elsewhere",
    ChangeKind.OPT_OUTS: "Other ways out",
    ChangeKind.REQUIRED: "Required otherwise",
    ChangeKind.WORDING: "Another wording",
    ChangeKind.TRANSLATION: "Translation",
    ChangeKind.ORDER: "Another order",
    ChangeKind.LOOK: "Another look",
}


def importance_words(kind: str) -> dict[str, str]:
    """What a question of this kind can say of importance: which topic it asks about, or that it ranks several."""
    if way_of(kind) is Way.RANKING:
        return {RANKED: "Yes: each answer is a topic, by its key"}
    return {dimension.value: topic(dimension) for dimension in Dimension} if way_of(kind) else {}


def language_name(code: str) -> str:
    """A language as an English reader names it, `de` is German; an unknown code stands for itself."""
    try:
        return Locale.parse(code, sep="-").get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code


_OF_ANSWERS = frozenset({"required", "core", "opt_outs", "constraint", "constraint_message"})
_OF_SCALES = frozenset({"dimension", "value_side", "value_aspect", "reverse", "anchors"})
_OF_ALL = frozenset({"text", "section", "hint", "script", "probes", "relevant", "asked_in", "matrix"})


def fields_of(kind: str) -> frozenset[str]:
    """The fields that apply to a kind of question, besides its key and the kind itself."""
    rules = KINDS[kind]
    fields = _OF_ALL
    if rules.takes_answer:
        fields |= _OF_ANSWERS | (frozenset() if rules.is_numeric else {"about"})
    if rules.is_numeric:
        fields |= _OF_SCALES
    if rules.needs_options:
        fields |= {"options"}
    if way_of(kind):
        fields |= {"importance"}
    if kind == "number":
        fields |= {"whole"}
    return fields | {"calculation"} if kind == "calculated" else fields
