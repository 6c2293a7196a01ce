"""The list of questionnaires and drafts, and the bank of their questions."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.authoring.queries import Banked, Use, all_versions, drafts, question_bank, uses
from app.authoring.rules.words import KIND_WORDS, language_name
from app.authoring.views.blueprint import blueprint
from app.core.database import db
from app.core.words import topic
from app.questionnaires.models import QuestionnaireVersion
from app.users.policy import Permission, access


@dataclass(frozen=True)
class Published:
    """One questionnaire as the list shows it: its newest version and how it is used."""

    version: QuestionnaireVersion
    questions: int
    languages: str
    use: Use
    has_draft: bool


@blueprint.get("/questionnaires")
@access(Permission.STUDIES)
def index() -> ResponseReturnValue:
    """Show what is published, and what is being written."""
    written = drafts(db.session)
    in_draft = {row.QuestionnaireDraft.key for row in written}
    newest = {version.key: version for version in all_versions(db.session)}
    used = uses(db.session)
    published = [published_line(version, used[key], key in in_draft) for key, version in sorted(newest.items())]
    return render_template("authoring/index.html", published=published, drafts=written, count_of=questions_in)


@blueprint.get("/questionnaires/bank")
@access(Permission.STUDIES)
def bank() -> ResponseReturnValue:
    """Show every question that was ever published, or those in which the words are found."""
    words = request.args.get("q", "").strip()[:200]
    everything = question_bank(db.session)
    found = [banked for banked in everything if words.casefold() in searched(banked)]
    return render_template(
        "authoring/bank.html",
        found=found,
        total=len(everything),
        words=words,
        kinds=KIND_WORDS,
        topic=topic,
        drafts=[row.QuestionnaireDraft for row in drafts(db.session)],
    )


def published_line(version: QuestionnaireVersion, use: Use, has_draft: bool) -> Published:
    """Return one questionnaire as the list shows it."""
    document = version.definition
    languages = map(language_name, [document["language"], *document.get("translations", {})])
    return Published(version, questions_in(document), ", ".join(languages), use, has_draft)


def questions_in(document: dict[str, Any]) -> int:
    """Return how many questions a document has."""
    return len(document.get("questions", []))


def searched(banked: Banked) -> str:
    """Return what a search looks into: key, words, dimension, and where the question stands."""
    entry = banked.entry
    parts = [banked.key, entry["text"], KIND_WORDS[entry["kind"]], topic(entry.get("dimension") or ""), *banked.used_in]
    return " ".join(parts).casefold()
