"""The words of a study's mails: looked at, changed, given back."""

from dataclasses import replace

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.errors import Refusal
from app.core.mail import Person, sender_address
from app.studies.models import Study
from app.surveys.forms import MailTextForm
from app.surveys.here import settings
from app.surveys.mails import Letter, mail_of, written
from app.surveys.queries.mails import own_wordings
from app.surveys.rules.invitations.languages import words_of
from app.surveys.rules.invitations.sending import Kind
from app.surveys.rules.invitations.texts import PLACEHOLDERS, MailWording, TextError, checked_wording
from app.surveys.services.mail_texts import forget_text, save_text
from app.surveys.views.inviting import run_study
from app.surveys.views.letters import kind_named, sample_letter, wording_of
from app.surveys.views.replies import pages
from app.users.policy import Permission, access, current_scope

MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-popups allow-top-navigation-by-user-activation"
)
"""Mails carry their styles in the elements; that page shows one of ours, runs nothing and sends nothing."""


@access(Permission.STUDIES)
def mail_text(key: str, kind: str, language: str) -> ResponseReturnValue:
    """Show the words of a mail, try others, store them, or return to ours."""
    study, of = run_study(key), kind_named(kind)
    own = own_wordings(db.session, study.id, of)
    letter_of(study, of, language)
    wording = wording_of(own, language, of, is_anonymous=study.is_anonymous)
    form = MailTextForm(data={"subject": wording.subject, "body": wording.body})
    if request.method == "GET":
        return form_page(study, of, language, form)
    if "forget" in request.form:
        return forgotten(study, of, language)
    if not form.validate():
        return form_page(study, of, language, form), 400
    return tried(study, of, language, form) if "try" in request.form else stored(study, of, language, form)


@access(Permission.STUDIES)
def mail_preview(key: str, kind: str, language: str) -> ResponseReturnValue:
    """Show a mail as a customer's programme does."""
    study = run_study(key)
    letter = letter_of(study, kind_named(kind), language)
    mail = mail_of(
        current_app.jinja_env, letter, pages().asked(db.session, study.version_id), sender_address(settings())
    )
    return Response(mail.html, headers={"Content-Security-Policy": MAIL_POLICY})


def forgotten(study: Study, kind: Kind, language: str) -> ResponseReturnValue:
    """Return to our words."""
    key = study.key
    forget_text(db.session, study=study, kind=kind, language=language, actor_id=current_scope().user_id)
    db.session.commit()
    flash("The mail says our words again.")
    return redirect(url_for("surveys.mail_text", key=key, kind=kind, language=language))


def tried(study: Study, kind: Kind, language: str, form: MailTextForm) -> ResponseReturnValue:
    """Show how the words that were typed would read; nothing is stored."""
    try:
        wording = checked_wording(form.subject.data or "", form.body.data or "")
    except TextError as error:
        form[error.field].errors = [str(error)]
        return form_page(study, kind, language, form), 400
    return form_page(study, kind, language, form, wording)


def stored(study: Study, kind: Kind, language: str, form: MailTextForm) -> ResponseReturnValue:
    """Store the words that were typed, or show them again with what is wrong."""
    key = study.key
    try:
        save_text(
            db.session,
            study=study,
            kind=kind,
            language=language,
            subject=form.subject.data or "",
            body=form.body.data or "",
            at=now(),
            actor_id=current_scope().user_id,
        )
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        form[refusal.field if refusal.field in form else "body"].errors = [refusal.sentence]
        return form_page(run_study(key), kind, language, form), 400
    flash("The text is stored. Mails that wait will say it.")
    return redirect(url_for("surveys.mail_text", key=key, kind=kind, language=language))


def form_page(study: Study, kind: Kind, language: str, form: MailTextForm, trial: MailWording | None = None) -> str:
    """Return the page of a mail's words, with those that are stored or tried as they will read."""
    letter = letter_of(study, kind, language)
    is_own = language in letter.own
    if trial:
        letter = replace(letter, own={**letter.own, language: trial})
    return render_template(
        "surveys/mail_text.html",
        study=study,
        kind=kind,
        language=language,
        words=words_of(language),
        form=form,
        read=written(letter, pages().asked(db.session, study.version_id)),
        is_trial=trial is not None,
        is_own=is_own,
        placeholders=PLACEHOLDERS,
    )


def letter_of(study: Study, kind: Kind, language: str) -> Letter:
    """Return the mail to the one who looks at it."""
    scope = current_scope()
    return sample_letter(db.session, study, kind, language, Person(scope.email, scope.name))
