"""Who is invited to a study and reminded of it: seen by name before anything is sent, and followed while it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.display import count
from app.core.errors import Missing, Refusal
from app.core.mail import Later, Person, Returned, post_of, sender_address
from app.core.paging import Paging, page_asked
from app.core.words import plural
from app.studies.models import Study
from app.studies.rules.budget import Held, held_words
from app.studies.scope import study_in_scope
from app.surveys.here import place, settings
from app.surveys.mails import mail_of
from app.surveys.queries.mails import mail_counts, next_due, not_sent
from app.surveys.rules.invitations.finding import finding
from app.surveys.rules.invitations.sending import WORDS, Kind
from app.surveys.services.invitations import (
    Addressee,
    Outlook,
    Queued,
    outlooks,
    queue_invitations,
    queue_reminders,
    refusal_to_mail,
    stop_mails,
)
from app.surveys.views.letters import kind_named, sample_letter, text_lines
from app.surveys.views.replies import pages
from app.users.policy import Permission, access, current_scope

ROWS = 25
TOLD = {Kind.INVITATION: "invitation", Kind.REMINDER: "reminder"}


@dataclass(frozen=True)
class Group:
    """People who fare alike: those who get the mail (`held` None), or those held back for one reason."""

    held: Held | None
    words: str
    people: int


@access(Permission.STUDIES)
def invitations(key: str) -> ResponseReturnValue:
    """Show who would be invited and reminded, or queue the invitations."""
    study = run_study(key)
    if request.method == "POST":
        return queued(study, Kind.INVITATION, queue_invitations)
    if study.drawn_at is None:
        flash("Draw the study first; then its people can be invited.")
        return redirect(url_for("studies.show", key=key))
    looks = outlooks(db.session, study=study, at=now(), place=place())
    counts = mail_counts(db.session, study)
    kind = Kind.REMINDER if request.args.get("kind") == Kind.REMINDER else Kind.INVITATION
    groups = {each: groups_of(look) for each, look in looks.items()}
    shown = group_shown(groups[kind], request.args.get("show"))
    alike = [each for each in looks[kind].people if shown and each.held == shown.held]
    paging = Paging(len(alike), ROWS, page_asked(request.args.get("page")))
    return render_template(
        "surveys/invitations.html",
        study=study,
        title=finding(counts, will_get=len(looks[Kind.INVITATION].reached), held=held_count(looks[Kind.INVITATION])),
        counts=counts,
        next_due=next_due(db.session, study) if counts["waiting"] else None,
        unsent=[
            (WORDS.get(reason or "") or reason_words(reason, looks[kind]), n)
            for reason, n in not_sent(db.session, study)
        ],
        groups=groups,
        kind=kind,
        shown=shown,
        lines=[line_of(each) for each in alike[paging.first : paging.last]],
        paging=paging,
        texts=text_lines(db.session, study),
        refusal=refusal_to_mail(study),
        has_server=settings().mail_url is not None,
        email=current_scope().email,
        at=now(),
    )


@access(Permission.STUDIES)
def state(key: str) -> ResponseReturnValue:
    """Return how far the mails of a study have come."""
    return jsonify(dict(mail_counts(db.session, run_study(key))))


@access(Permission.STUDIES)
def remind(key: str) -> ResponseReturnValue:
    """Queue a reminder for the silent."""
    return queued(run_study(key), Kind.REMINDER, queue_reminders)


@access(Permission.STUDIES)
def stop(key: str) -> ResponseReturnValue:
    """Stop the mails that wait."""
    stopped = stop_mails(db.session, study=run_study(key), at=now(), actor_id=current_scope().user_id)
    db.session.commit()
    flash(f"Stopped {count(stopped)} {plural(stopped, 'mail')} that waited." if stopped else "No mail was waiting.")
    return redirect(url_for("surveys.invitations", key=key))


@access(Permission.STUDIES)
def try_mail(key: str) -> ResponseReturnValue:
    """Send a mail to the one who asks for it, as a customer would get it; its links lead back here."""
    study, scope = run_study(key), current_scope()
    kind = kind_named(request.form.get("kind", ""))
    letter = sample_letter(db.session, study, kind, request.form.get("language", ""), Person(scope.email, scope.name))
    asked = pages().asked(db.session, study.version_id)
    mail = mail_of(current_app.jinja_env, letter, asked, sender_address(settings()))
    # The server may be slow: nobody is to wait for our lock meanwhile.
    db.session.rollback()
    try:
        with post_of(settings()) as post:
            post.send(mail)
    except (Later, Returned) as refused:
        flash(f"The test mail was not sent. {refused}")
    else:
        flash(f"A test mail is on its way to {scope.email}.")
    return redirect(url_for("surveys.invitations", key=key))


def queued(study: Study, kind: Kind, queue: Callable[..., Queued]) -> ResponseReturnValue:
    """Queue mails of one kind, ring for the worker, and say how many there are."""
    key = study.key
    try:
        done = queue(db.session, study=study, at=now(), place=place(), actor_id=current_scope().user_id)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        flash(refusal.sentence)
    else:
        if done.mails:
            current_app.extensions["bell"].ring("mail")
        told = plural(done.mails, TOLD[kind])
        flash(f"{count(done.mails)} {told} queued." if done.mails else f"Nobody is left to get this {TOLD[kind]}.")
    return redirect(url_for("surveys.invitations", key=key))


def run_study(key: str) -> Study:
    """Return a study that the caller runs."""
    return study_in_scope(db.session, scope=current_scope(), key=key, permission=Permission.STUDIES)


def groups_of(look: Outlook) -> list[Group]:
    """Return those who get the mail, then those who do not, by reason."""
    held = [Group(each, held_words(each, look.budget), people) for each, people in look.held]
    return [Group(None, "They get it.", len(look.reached)), *held]


def group_shown(groups: list[Group], asked: str | None) -> Group | None:
    """Return the group that the address asks for, else the first that has anybody."""
    some = [group for group in groups if group.people]
    return next((group for group in some if group.held == asked), some[0] if some else None)


def held_count(look: Outlook) -> int:
    """Return how many are held back."""
    return sum(people for _, people in look.held)


def line_of(each: Addressee) -> dict[str, Any]:
    """Return one person as the list shows them."""
    person = each.person
    return {
        "name": person.name,
        "email": person.email,
        "account": person.account,
        "account_id": person.account_id,
        "language": person.language,
        "due_at": each.due_at,
    }


def reason_words(reason: str | None, look: Outlook) -> str:
    """Return why a mail was not sent, in words: one of ours, or the server's."""
    return held_words(Held(reason), look.budget) if reason in set(Held) else reason or "No reason is on record."
