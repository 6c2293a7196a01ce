"""How far the fieldwork of a drawn study is: who was heard, who is silent, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.database import db
from app.core.paging import Paging, page_asked
from app.core.workspace import the_workspace
from app.studies.models import Study
from app.studies.queries.fieldwork import StratumHeard, fieldwork_stamp, heard_by_stratum, linked_people
from app.studies.queries.people import People, drawn_people
from app.studies.queries.record import draw_sha256, health_day
from app.studies.rules.dispositions import Fact, dispositions_of
from app.studies.rules.funnel import (
    Code,
    Line,
    ModeHeard,
    Rate,
    Tally,
    codes_of,
    heard_by_mode,
    legend,
    line_of,
    lines_of,
    rate_lines,
    tally,
)
from app.studies.rules.plan import Mode
from app.studies.rules.progress import heard_finding, period_words
from app.studies.scope import may_run, may_see_all, may_see_contacts, study_in_scope
from app.studies.views.handed_in import FromScoring
from app.studies.views.links import study_links
from app.studies.views.listing import MODES
from app.studies.views.silent import ROWS, silent_page
from app.studies.views.triggers import occasions_of
from app.users.policy import Permission, access, current_scope

MOST_BOXES = 60
MOST_STRATA = 40
MOST_FLAGGED = 25

NONE_DRAWN = ModeHeard(0, 0, 0, 0, 0)


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


@dataclass(frozen=True)
class Funnel:
    """What became of everybody drawn: people by stratum and role, accounts by stratum, rates and AAPOR's codes."""

    strata: list[Line]
    roles: list[Line]
    accounts: list[Line]
    all_people: Line
    all_accounts: Line
    rates: list[Rate]
    codes: list[Code]
    letters_of_accounts: list[tuple[str, str]]
    letters_of_people: list[tuple[str, str]]


@access(Permission.REPORTS)
def state(key: str) -> ResponseReturnValue:
    """Give what an open page compares to see whether newer figures are there."""
    study = study_in_scope(db.session, scope=current_scope(), key=key)
    return jsonify({"stamp": fieldwork_stamp(db.session, study), "is_waiting": False})


def fieldwork_page(study: Study, scoring: FromScoring, scored_at: datetime | None) -> str:
    """Return the page of a drawn study, cut to what the caller may see."""
    scope = current_scope()
    stamp = fieldwork_stamp(db.session, study)
    people = drawn_people(db.session, study, scope)
    heard = heard_of(study, people)
    closed_on = study.closed_at.date() if study.closed_at else None
    paging = Paging(heard.drawn - heard.heard, ROWS, page_asked(request.args.get("page")))
    is_whole = may_see_all(scope, study)
    flagged = scoring.flagged(db.session, study, scope) if scored_at else []
    return render_template(
        "studies/show.html",
        study=study,
        stamp=stamp,
        mode=MODES.get(study.plan.get("mode", ""), "Survey"),
        title=heard_finding(heard.heard, heard.drawn, is_closed=closed_on is not None, is_part=not is_whole),
        occasions=occasions_of(study),
        today=today(),
        period=period_words(today(), opens_on=study.opens_on, closes_on=study.closes_on, closed_on=closed_on),
        heard=heard,
        funnel=funnel_of(tallied(study, people, scoring)),
        quotas=study.plan.get("quotas") or {},
        quota_heard={stratum.name: stratum.heard for stratum in heard.strata},
        linked=linked_people(db.session, study, scope) if heard.survey.drawn else 0,
        silent=silent_page(study, paging),
        paging=paging,
        flagged=flagged[:MOST_FLAGGED],
        flagged_count=len(flagged),
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


def heard_of(study: Study, people: People) -> Heard:
    """Return who was heard, by stratum and by mode."""
    modes = heard_by_mode(
        people.modes,
        is_heard=people.is_heard,
        is_as_drawn=people.is_as_drawn,
        is_begun=(people.facts & Fact.HAS_BEGUN.value) > 0,
        is_unwilling=people.is_unwilling,
    )
    return Heard(
        strata=heard_by_stratum(db.session, study, current_scope()),
        survey=modes.get(Mode.SURVEY, NONE_DRAWN),
        interview=modes.get(Mode.INTERVIEW, NONE_DRAWN),
    )


def tallied(study: Study, people: People, scoring: FromScoring) -> Tally:
    """Return what became of the people of a study, counted."""
    low = scoring.low_core_shares(db.session, study)
    shares = np.array([low.get(respondent_id, 1.0) for respondent_id in people.ids], dtype=np.float64)
    found = dispositions_of(people.facts, is_heard=people.is_heard, core_share=shares)
    return tally(people.accounts, people.roles, found, people.strata)


def funnel_of(counted: Tally) -> Funnel:
    """Return the funnel as the page shows it."""
    people, accounts = counted.people, counted.accounts
    return Funnel(
        strata=lines_of(counted.people_by_stratum),
        roles=lines_of(counted.people_by_role),
        accounts=lines_of(counted.accounts_by_stratum),
        all_people=line_of("All people", people),
        all_accounts=line_of("All accounts", accounts),
        rates=rate_lines(accounts, people),
        codes=codes_of(accounts, people),
        letters_of_accounts=legend(accounts),
        letters_of_people=legend(people),
    )
