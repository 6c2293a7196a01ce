"""What a study would ask of whom, before anything is drawn."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from sqlalchemy import Row

from app.core.database import db
from app.core.paging import Paging, page_asked
from app.core.workspace import the_workspace
from app.studies.models import Study
from app.studies.queries.frame import named_accounts
from app.studies.queries.outlook import Frame, Outlook, frame_of
from app.studies.rules.plan import Method
from app.studies.scope import may_run
from app.studies.views.handed_in import FromScoring
from app.studies.views.listing import MODES
from app.studies.views.triggers import unstarted_page
from app.users.policy import current_scope

MOST_STRATA = 40
ROWS = 50
LARGEST_SIZE = 10_000_000

_SIZE = re.compile(r"[1-9][0-9]{0,7}")


@dataclass(frozen=True)
class Trial:
    """Another size that was asked for: as it was typed, as a number, and what is wrong with it."""

    typed: str
    size: int | None
    problem: str | None = None


@dataclass(frozen=True)
class Entering:
    """The accounts that would enter: one page of their ids, and the names of all that the page mentions."""

    ids: Sequence[str]
    paging: Paging
    names: Mapping[str, Row[*tuple[Any, ...]]]


def undrawn_page(study: Study, scoring: FromScoring, refused: str | None = None) -> str:
    """Return the page of a study before its draw or its start; `refused` is why that was not made."""
    if "trigger" in study.plan:
        return unstarted_page(study, refused)
    frame = frame_of(db.session, study, scoring.last_voices(db.session, study))
    design = frame.design
    is_census = design.method is Method.CENSUS
    trial = Trial("", None) if is_census else trial_asked(request.args.get("size"), design.size)
    outlook, trial, problem = tried(frame, trial)
    return render_template(
        "studies/undrawn.html",
        study=study,
        design=design,
        mode=MODES[design.mode],
        outlook=outlook,
        entering=entering(outlook) if outlook else None,
        refused=refused or problem,
        is_census=is_census,
        is_neyman=design.method is Method.NEYMAN,
        trial=trial,
        sizes=[] if is_census or outlook is None else frame.around(outlook),
        most_strata=MOST_STRATA,
        rows=ROWS,
        runs=may_run(current_scope(), study),
        currency=the_workspace(db.session).currency,
    )


def tried(frame: Frame, trial: Trial) -> tuple[Outlook | None, Trial, str | None]:
    """Return what the asked size gives; where it gives nothing, what the plan gives, and why either does not."""
    try:
        return frame.outlook(trial.size), trial, None
    except ValueError as error:
        if trial.size is None:
            return None, trial, str(error)
        return tried(frame, Trial(trial.typed, None, str(error)))


def trial_asked(text: str | None, planned: int | None) -> Trial:
    """Return the size behind `?size=`."""
    plain = (text or "").strip().replace(",", "")
    if not plain or plain == str(planned):
        return Trial(plain or str(planned), None)
    if not _SIZE.fullmatch(plain):
        return Trial(text or "", None, f"Enter a whole number from 1 to {LARGEST_SIZE:,}.")
    return Trial(plain, int(plain))


def entering(outlook: Outlook) -> Entering:
    """Return one page of the accounts that would enter."""
    ids = outlook.preview.account_ids
    paging = Paging(len(ids), ROWS, page_asked(request.args.get("page")))
    shown = ids[paging.first : paging.last]
    mentioned = {*shown, *outlook.effort.empty[:ROWS], *outlook.effort.refused[:ROWS]}
    return Entering(shown, paging, named_accounts(db.session, mentioned))
