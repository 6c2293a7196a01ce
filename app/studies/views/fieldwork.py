"""How far the fieldwork of a drawn study is: who was heard, who is silent, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request
from sqlalchemy import Row

from app.core.clock import today
from app.core.database import db
from app.core.workspace import the_workspace
from app.studies.models import Study
from app.studies.queries.fieldwork import (
    ModeHeard,
    StratumHeard,
    draw_sha256,
    health_day,
    heard_by_mode,
    heard_by_stratum,
    linked_people,
    people_asked,
    silent_accounts,
)
from app.studies.rules.paging import Paging, page_asked
from app.studies.rules.plan import Mode
from app.studies.rules.progress import heard_finding, period_words
from app.studies.rules.silent import Asked, silent_step
from app.studies.scope import may_run, may_see_all, may_see_contacts
from app.studies.views.links import study_links
from app.studies.views.listing import MODES
from app.users.policy import current_scope

MOST_BOXES = 60
MOST_STRATA = 40
ROWS = 25

NONE_DRAWN = ModeHeard(0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Silent:
    """An account that has not been heard, who was to be heard there, and what to do."""

    account: Row[Any]
    people: list[Asked]
    step: str


@dataclass(frozen=True)
class Heard:
    """Sums over the strata and modes that the reader sees."""

    strata: Sequence[StratumHeard]
    survey: ModeHeard
    interview: ModeHeard

    @property
    def drawn(self) -> int:
        """Accounts drawn."""
        return sum(stratum.drawn for stratum in self.strata)

    @property
    def heard(self) -> int:
        """Accounts with a submitted response."""
        return sum(stratum.heard for stratum in self.strata)

    @property
    def arr_drawn(self) -> float:
        """Revenue of the drawn accounts per year."""
        return sum(stratum.arr_drawn for stratum in self.strata)

    @property
    def arr_heard(self) -> float:
        """Revenue of the heard accounts per year."""
        return sum(stratum.arr_heard for stratum in self.strata)

    @property
    def people(self) -> int:
        """People drawn."""
        return self.survey.drawn + self.interview.drawn

    @property
    def answered(self) -> int:
        """People with a submitted response."""
        return self.survey.answered + self.interview.answered

    @property
    def never_asked(self) -> int:
        """People drawn whose consent is no."""
        return self.survey.never_asked + self.interview.never_asked


def fieldwork_page(study: Study, scored_at: datetime | None) -> str:
    """Return the page of a drawn study, cut to what the caller may see."""
    scope = current_scope()
    modes = heard_by_mode(db.session, study, scope)
    heard = Heard(
        strata=heard_by_stratum(db.session, study, scope),
        survey=modes.get(Mode.SURVEY, NONE_DRAWN),
        interview=modes.get(Mode.INTERVIEW, NONE_DRAWN),
    )
    closed_on = study.closed_at.date() if study.closed_at else None
    paging = Paging(heard.drawn - heard.heard, ROWS, page_asked(request.args.get("page")))
    is_whole = may_see_all(scope, study)
    return render_template(
        "studies/show.html",
        study=study,
        mode=MODES.get(study.plan.get("mode", ""), "Survey"),
        title=heard_finding(heard.heard, heard.drawn, is_closed=closed_on is not None, is_part=not is_whole),
        period=period_words(today(), opens_on=study.opens_on, closes_on=study.closes_on, closed_on=closed_on),
        heard=heard,
        linked=linked_people(db.session, study, scope) if heard.survey.drawn else 0,
        silent=silent_page(study, paging),
        paging=paging,
        health_day=health_day(db.session, study),
        audit_sha256=draw_sha256(db.session, study) if is_whole else None,
        scored_at=scored_at,
        links=study_links(study.key),
        runs=may_run(scope, study),
        sees_names=may_see_contacts(scope, study),
        currency=the_workspace(db.session).currency,
        most_boxes=MOST_BOXES,
        most_strata=MOST_STRATA,
    )


def silent_page(study: Study, paging: Paging) -> list[Silent]:
    """Return one page of silent accounts, the largest first."""
    scope = current_scope()
    rows = silent_accounts(db.session, study, scope, limit=ROWS, offset=paging.first)
    with_names = may_see_contacts(scope, study)
    people = people_asked(db.session, study, [row.id for row in rows], with_names=with_names)
    is_closed = study.closed_at is not None
    return [
        Silent(row, people.get(row.id, []), silent_step(people.get(row.id, []), is_closed=is_closed)) for row in rows
    ]
