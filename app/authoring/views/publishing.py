"""Publishing a draft: what changes, which responses that meets, and whether anything breaks, said before."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.authoring.forms import number_sent
from app.authoring.queries import (
    Use,
    all_versions,
    answered,
    answers_elsewhere,
    draft_of,
    responses_affected,
    uses,
)
from app.authoring.rules.problems import Reading, reading_of
from app.authoring.rules.publishing import Elsewhere, Line, clashes, lines_of
from app.authoring.services import Stale, publish_draft
from app.authoring.views.blueprint import blueprint
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.questionnaires.models import QuestionnaireDraft, QuestionnaireVersion
from app.questionnaires.queries import definition_of, published_version
from app.questionnaires.rules.definition import Questionnaire
from app.users.policy import Permission, access, current_scope


@dataclass(frozen=True)
class Outlook:
    """What publishing would do."""

    newest: QuestionnaireVersion | None
    reading: Reading
    lines: list[Line]
    affected: int
    use: Use

    @property
    def breaking(self) -> int:
        """How many changes break something."""
        return sum(line.is_breaking for line in self.lines)


@blueprint.route("/questionnaires/<key>/publish", methods=["GET", "POST"])
@access(Permission.STUDIES)
def publish(key: str) -> ResponseReturnValue:
    """Show what publishing would change, or publish; what breaks something needs to be known first."""
    draft = draft_of(db.session, key, is_locked=request.method == "POST")
    outlook = outlook_of(draft)
    if request.method == "GET":
        return publish_page(draft, outlook)
    try:
        version = published_draft(draft, outlook)
        db.session.commit()
    except Missing:
        raise
    except Stale as stale:
        db.session.rollback()
        return publish_page(draft_of(db.session, key), outlook, stale), 409
    except Refusal as refusal:
        db.session.rollback()
        return publish_page(draft_of(db.session, key), outlook, refusal), 400
    flash(f"{version.name} is published as version {version.version}. New studies ask it; others keep theirs.")
    return redirect(url_for("authoring.show", key=key))


def published_draft(draft: QuestionnaireDraft, outlook: Outlook) -> QuestionnaireVersion:
    """Publish, or refuse where something breaks and the form does not say that this is known."""
    if outlook.breaking and not request.form.get("knows"):
        raise Refusal("Tick that you know what breaks, or go back and change it.", "knows")
    revision = number_sent(request.form.get("revision", ""))
    return publish_draft(db.session, draft=draft, revision=revision, by=current_scope().user_id)


def outlook_of(draft: QuestionnaireDraft) -> Outlook:
    """Return what publishing a draft would do; nothing is compared while it cannot be published."""
    reading = reading_of(draft.definition)
    newest = published_version(db.session, draft.key)
    new = reading.questionnaire
    lines: list[Line] = []
    if new is not None and not reading.problems:
        old = definition_of(newest) if newest else None
        if old is not None:
            lines = lines_of(old, new, answered(db.session, draft.key))
        lines = [*clashes(new, elsewhere(draft.key, new), old), *lines]
    changed = {line.key for line in lines if line.key}
    affected = responses_affected(db.session, draft.key, changed) if changed else 0
    return Outlook(newest, reading, lines, affected, uses(db.session)[draft.key])


def elsewhere(key: str, new: Questionnaire) -> list[Elsewhere]:
    """Return the other questionnaires in which questions of this one have answers, each in its newest version."""
    counts = answers_elsewhere(db.session, key)
    asked = {question.key for question in new.questions}
    sharing = {other for question, other in counts if question in asked}
    newest = {version.key: version for version in all_versions(db.session) if version.key in sharing}
    return [
        Elsewhere(definition_of(version), {question: n for (question, other), n in counts.items() if other == name})
        for name, version in sorted(newest.items())
    ]


def publish_page(draft: QuestionnaireDraft, outlook: Outlook, refusal: Refusal | None = None) -> str:
    """Return the page that says what publishing would do."""
    return render_template("authoring/publish.html", draft=draft, outlook=outlook, refusal=refusal)
