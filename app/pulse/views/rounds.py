"""Rounds of blind rating: opened and closed by those who run studies, rated by CSMs, read as a report."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now, today
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.customers.scope import reaches_every_account
from app.health.models import JudgementSeal
from app.health.queries.sealing import open_seal, sealable_keys, sees_judgement
from app.pulse.models import PulseRound
from app.pulse.queries.rounds import (
    csms,
    open_round,
    overrides_standing,
    progress,
    queue_of,
    rated_in,
    round_of,
    rounds_known,
    scorecard_of,
    seal_of,
    sentiments_before,
)
from app.pulse.rules.overrides import calculated_words
from app.pulse.rules.page import left_words, round_basis
from app.pulse.rules.rounds import (
    COLOURS,
    Judge,
    agreement_words,
    differing,
    finding,
    missing_words,
    order_words,
    sealed_order_words,
    sealed_words,
    step_words,
)
from app.pulse.rules.words import STEPS
from app.pulse.services.rounds import ask_sentiments, begin_round, close_round, rate_blind
from app.pulse.views.account import KEY_BYTES
from app.users.policy import Permission, access, current_scope


@access(Permission.ACCOUNTS)
def index() -> ResponseReturnValue:
    """Show rounds, one's own queue, and the overrides that stand."""
    return page()


@access(Permission.STUDIES)
def begin() -> ResponseReturnValue:
    """Open a round, or show the form again with what is wrong."""
    try:
        round_ = begin_round(
            db.session,
            name=request.form.get("name", ""),
            raters=request.form.getlist("raters"),
            at=now(),
            by=current_scope().user_id,
            weights_of=request.form.get("scorecard", "") if request.form.get("first") == "weights" else None,
        )
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        return page({refusal.field or "name": refusal.sentence}), 400
    if round_.seal_id:
        flash("The round is open; judgement is hidden from everybody who may set weights until they are published.")
    else:
        flash("The round is open; scores are frozen as they were.")
    return redirect(url_for("pulse.round", round_id=round_.id), code=303)


@access(Permission.ACCOUNTS_WRITE)
def rate() -> ResponseReturnValue:
    """Show the next of one's own accounts in the open round, without its health."""
    return rating()


@access(Permission.ACCOUNTS_WRITE)
def keep_rating() -> ResponseReturnValue:
    """Store what was said and go on to the next account; refused, the page keeps what was typed."""
    form = request.form
    try:
        rate_blind(
            db.session,
            scope=current_scope(),
            crm_id=form.get("account", ""),
            value=form.get("value", ""),
            reason=form.get("reason", ""),
            form_key=form.get("form_key", ""),
            at=now(),
        )
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        if isinstance(refusal, Missing):
            raise
        return rating({refusal.field or "value": refusal.sentence}), 400
    return redirect(url_for("pulse.rate"), code=303)


@access(Permission.STUDIES)
def ask(round_id: int) -> ResponseReturnValue:
    """Freeze the scores of a round by the weights that were published, and ask its people for sentiments."""
    try:
        ask_sentiments(db.session, round_id=round_id, at=now(), by=current_scope().user_id)
        db.session.commit()
        flash("Scores are frozen, and sentiments are asked.")
    except Refusal as refusal:
        db.session.rollback()
        if isinstance(refusal, Missing):
            raise
        flash(refusal.sentence)
    return redirect(url_for("pulse.round", round_id=round_id), code=303)


@access(Permission.ACCOUNTS)
def show(round_id: int) -> ResponseReturnValue:
    """Show who has rated in an open round, or how far a closed one agrees."""
    scope, round_ = current_scope(), round_of(db.session, round_id)
    seal = seal_of(db.session, round_)
    facts = {
        "round": round_,
        "basis": basis_of(round_),
        "order": order_of(round_, seal),
        "runs_studies": scope.can(Permission.STUDIES),
        "sees_all": reaches_every_account(scope),
    }
    if round_.closed_at is None and round_.computation_id is None:
        return render_template("pulse/waiting.html", seal=seal, **facts)
    holding = open_seal(db.session)
    if holding and round_.result is not None and not sees_judgement(db.session, scope):
        return render_template("pulse/hidden.html", account=None, words=sealed_words(holding), **facts)
    if round_.result is None:
        mine = [row for row in progress(db.session, round_) if facts["sees_all"] or row[0] == scope.email]
        return render_template("pulse/round.html", progress=mine, **facts)
    rated = rated_in(db.session, round_, scope)
    return render_template(
        "pulse/report.html",
        result=round_.result,
        title=finding(round_.result),
        words=agreement_words(round_.result),
        missing=missing_words(round_.result),
        colours=[each.value for each in COLOURS],
        differing=[
            (each, calculated_words(each.score, each.band), step_words(each.value)) for each in differing(rated)
        ],
        **facts,
    )


def close(judge: Judge, round_id: int) -> ResponseReturnValue:
    """Close a round for good and show its report."""
    try:
        close_round(db.session, round_id=round_id, judge=judge, at=now(), by=current_scope().user_id)
        db.session.commit()
        flash("The round is closed and stays as it is.")
    except Refusal as refusal:
        db.session.rollback()
        if isinstance(refusal, Missing):
            raise
        flash(refusal.sentence)
    return redirect(url_for("pulse.round", round_id=round_id), code=303)


def basis_of(round_: PulseRound) -> str:
    """Return with what the scores of a round were frozen, in a sentence."""
    card = scorecard_of(db.session, round_)
    if card is None or round_.as_of is None:
        return "No scores were frozen."
    return round_basis(round_.as_of, card.name, card.version)


def order_of(round_: PulseRound, seal: JudgementSeal | None) -> str:
    """Return in which order weights and sentiments of a round came about, in a sentence."""
    if seal is not None:
        return sealed_order_words(seal)
    card = scorecard_of(db.session, round_)
    return order_words(card.created_at, round_.opened_at, sentiments_before(db.session, card)) if card else ""


def listed(round_: PulseRound, *, is_seen: bool) -> str:
    """Return what the list of rounds says of one."""
    if round_.result is None:
        return "open" if round_.computation_id else "waits for weights"
    return finding(round_.result) if is_seen else "closed"


def page(problems: dict[str, str] | None = None) -> str:
    """Return the page of rounds, with what is wrong about what was typed."""
    scope, standing = current_scope(), open_round(db.session)
    seal, is_seen = open_seal(db.session), sees_judgement(db.session, scope)
    return render_template(
        "pulse/index.html",
        rounds=[(each, listed(each, is_seen=is_seen)) for each in rounds_known(db.session)],
        hidden=sealed_words(seal) if seal and not is_seen else None,
        keys=sealable_keys(db.session) if scope.can(Permission.STUDIES) else [],
        open_round=standing,
        csms=csms(db.session) if scope.can(Permission.STUDIES) else [],
        left=len(queue_of(db.session, round_=standing, scope=scope)) if standing else 0,
        overrides=[
            (row, calculated_words(row.score, row.calculated))
            for row in (overrides_standing(db.session, scope=scope, on=today()) if is_seen else [])
        ],
        problems=problems or {},
        typed=request.form if problems else {},
        chosen=request.form.getlist("raters") if problems else None,
        may_rate=scope.can(Permission.ACCOUNTS_WRITE),
        runs_studies=scope.can(Permission.STUDIES),
    )


def rating(problems: dict[str, str] | None = None) -> str:
    """Return the page of the next account to rate; what was typed stays with the account that it was typed for."""
    round_ = open_round(db.session)
    queue = list(queue_of(db.session, round_=round_, scope=current_scope())) if round_ else []
    asked = request.form.get("account") if problems else None
    following = next((each for each in queue if each.crm_id == asked), queue[0] if queue else None)
    return render_template(
        "pulse/rate.html",
        round=round_,
        account=following,
        left=left_words(len(queue)),
        steps=STEPS,
        problems=problems or {},
        typed=request.form if problems and following and following.crm_id == asked else {},
        form_key=secrets.token_hex(KEY_BYTES),
    )


PAGES: tuple[tuple[str, str, Callable[..., Any], str], ...] = (
    ("/health/pulse", "index", index, "GET"),
    ("/health/pulse/rounds", "begin", begin, "POST"),
    ("/health/pulse/rate", "rate", rate, "GET"),
    ("/health/pulse/rate", "keep_rating", keep_rating, "POST"),
    ("/health/pulse/rounds/<int:round_id>", "round", show, "GET"),
    ("/health/pulse/rounds/<int:round_id>/ask", "ask", ask, "POST"),
)
