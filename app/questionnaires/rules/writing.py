"""Writing a questionnaire as the plain document that is stored, hashed and read back."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from app.questionnaires.rules.definition import Question, Questionnaire, Section


def to_document(questionnaire: Questionnaire) -> dict[str, Any]:
    """The plain document of a questionnaire, without fields at their defaults; `parse_definition` reads it back."""
    document: dict[str, Any] = {
        "key": questionnaire.key,
        "name": questionnaire.name,
        "language": questionnaire.language,
        "sections": [_without_defaults(vars(section), Section) for section in questionnaire.sections],
        "questions": [_question_document(question) for question in questionnaire.questions],
    }
    if questionnaire.translations:
        document["translations"] = {name: dict(texts) for name, texts in questionnaire.translations.items()}
    if questionnaire.directions:
        document["directions"] = {name: str(direction) for name, direction in questionnaire.directions.items()}
    if questionnaire.is_paged:
        document["is_paged"] = True
    if questionnaire.thanks:
        document["thanks"] = {str(band): words for band, words in questionnaire.thanks.items()}
    return document


def content_sha256(document: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the canonical JSON: sorted keys, no spaces, UTF-8; the order of keys does not matter."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _without_defaults(fields: Mapping[str, Any], kind: type[Section | Question]) -> dict[str, Any]:
    defaults = {name: field.default for name, field in kind.__dataclass_fields__.items()}
    return {name: value for name, value in fields.items() if value != defaults[name]}


def _question_document(question: Question) -> dict[str, Any]:
    document = _without_defaults(vars(question), Question)
    if question.anchors:
        document["anchors"] = vars(question.anchors).copy()
    for field in ("dimension", "value_side", "value_aspect"):
        if field in document:
            document[field] = str(document[field])
    if "options" in document:
        document["options"] = [vars(option).copy() for option in question.options]
    for field in ("asked_in", "opt_outs"):
        if field in document:
            document[field] = [str(each) for each in document[field]]
    if "probes" in document:
        document["probes"] = list(question.probes)
    return document
