"""One questionnaire: what its newest version asks, its versions, and two of them side by side."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.authoring.queries import answered, has_draft, uses, versions_of
from app.authoring.rules.parts import ordered
from app.authoring.rules.publishing import lines_of
from app.authoring.rules.words import DOOR_WORDS, KIND_WORDS, language_name
from app.authoring.views.blueprint import blueprint
from app.core.database import db
from app.core.errors import Missing
from app.core.words import topic
from app.questionnaires.models import QuestionnaireVersion
from app.questionnaires.queries import definition_of
from app.questionnaires.rules.languages import languages_of
from app.users.policy import Permission, access


@blueprint.get("/questionnaires/<key>")
@access(Permission.STUDIES)
def show(key: str) -> ResponseReturnValue:
    """Show what a version asks, the newest unless another is asked for."""
    versions = published(key)
    version = chosen(versions, request.args.get("version", ""), versions[0])
    questionnaire = definition_of(version)
    return render_template(
        "authoring/show.html",
        version=version,
        versions=versions,
        questionnaire=questionnaire,
        languages=[language_name(code) for code in languages_of(questionnaire)],
        entries=ordered(version.definition),
        use=uses(db.session)[key],
        answers=answered(db.session, key),
        has_draft=has_draft(db.session, key),
        kinds=KIND_WORDS,
        doors=DOOR_WORDS,
        topic=topic,
    )


@blueprint.get("/questionnaires/<key>/compare")
@access(Permission.STUDIES)
def compare(key: str) -> ResponseReturnValue:
    """Show what differs between two versions, the two newest unless others are asked for."""
    versions = published(key)
    newer = chosen(versions, request.args.get("to", ""), versions[0])
    before = [version for version in versions if version.version < newer.version]
    older = chosen(versions, request.args.get("from", ""), before[0] if before else newer)
    lines = lines_of(definition_of(older), definition_of(newer), answered(db.session, key))
    return render_template("authoring/compare.html", versions=versions, older=older, newer=newer, lines=lines)


def published(key: str) -> list[QuestionnaireVersion]:
    """Return the versions of a questionnaire, the newest first; Missing where there is none."""
    versions = versions_of(db.session, key)
    if not versions:
        raise Missing(f"There is no questionnaire “{key[:80]}”.", "key")
    return versions


def chosen(versions: list[QuestionnaireVersion], raw: str, default: QuestionnaireVersion) -> QuestionnaireVersion:
    """Return the version of that number; Missing where there is none."""
    if not raw:
        return default
    found = next((version for version in versions if str(version.version) == raw), None)
    if found is None:
        raise Missing("There is no such version.", "version")
    return found
