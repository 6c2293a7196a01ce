"""The life of a study: create it, draw its cross-section, prove the draw, close it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.documents import FieldError, canonical_sha256
from app.core.errors import Refusal
from app.customers.models import Contact
from app.health.queries import newest_computation, newest_scorecard
from app.health.services import compute_health
from app.questionnaires.models import QuestionnaireVersion
from app.questionnaires.queries import definition_of
from app.questionnaires.rules.anonymity import known_reader_needed
from app.questionnaires.services import ready_version
from app.responses.services import seal_anonymous
from app.studies import queries
from app.studies.models import DrawRecord, Respondent, SampledAccount, Study
from app.studies.queries.open_links import strata_asked
from app.studies.rules.anonymity import small_strata_warning
from app.studies.rules.cross_section import CrossSection, Member, cross_section, has_spreads, recomputed
from app.studies.rules.naming import RESERVED
from app.studies.rules.plan import Design, Method, Plan, design_document, design_of, parse_plan
from app.studies.rules.spreads import Scores, ScoreSource
from app.studies.services.triggers import record_of_start, refuse_no_date, start_differences
from app.users.queries import user_by_email
from app.users.services import record_event
from app.users.services.audit import wait_for_turn

_CHUNK = 10_000


@dataclass(frozen=True)
class DrawnStudy:
    """What a draw came to; `allocation` maps stratum -> drawn accounts."""

    accounts: int
    respondents: int
    allocation: dict[str, int]
    seed: int
    audit_sha256: str
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DrawCheck:
    """Whether a draw holds: `differences` are sentences, none where everything recomputes."""

    audit_sha256: str
    differences: list[str]

    @property
    def is_genuine(self) -> bool:
        """Whether record, recomputed draw, stored accounts and audit log agree."""
        return not self.differences


def create_study(
    session: Session, *, document: dict[str, Any], owner_id: int | None = None, actor_id: int | None = None
) -> Study:
    """Plan a study from a study.json; an `owner` that it names comes before `owner_id`.

    Refused with a sentence naming the field: what the plan's rules refuse, a key that is taken, an unknown
    questionnaire, scorecard, owner or account field. Dates may lie in the past.
    """
    plan = _plan(document)
    if plan.key in RESERVED:
        raise Refusal(f"“{plan.key}” is an address of its own; choose another key.", "key")
    if queries.has_study(session, plan.key):
        raise Refusal(f"There is a study “{plan.key}” already; choose another key.", "key")
    version = _ready(session, plan)
    study = Study(key=plan.key, owner_id=_owner_id(session, plan.owner) or owner_id)
    _write_plan(study, plan, version)
    session.add(study)
    session.flush()
    _record(session, study, "study.create", actor_id, _plan_facts(study, version))
    return study


def replan_study(session: Session, *, study: Study, document: dict[str, Any], actor_id: int | None = None) -> Study:
    """Give a study that was not drawn yet another plan, checked as a new one is; key and owner stay.

    Refused as `create_study` refuses, for another key, and once the study is drawn or closed.
    """
    study = queries.study_named(session, study.key, is_locked=True)
    if study.drawn_at is not None:
        raise Refusal(f"Study “{study.key}” has been drawn; what was drawn by stays as it is.", "study")
    if study.closed_at is not None:
        raise Refusal(f"Study “{study.key}” is closed.", "study")
    plan = _plan(document)
    if plan.key != study.key:
        raise Refusal(f"The key of study “{study.key}” stays as it is.", "key")
    version = _ready(session, plan)
    _write_plan(study, plan, version)
    session.flush()
    _record(session, study, "study.replan", actor_id, _plan_facts(study, version))
    return study


def draw_study(
    session: Session,
    *,
    study: Study,
    last_voices: Mapping[str, float] | None = None,
    actor_id: int | None = None,
) -> DrawnStudy:
    """Draw the accounts and respondents of a study, once, with the record from which anyone can recompute it.

    Respondents are all contacts of drawn accounts whose role is one of the plan's, whatever their consent. Neyman goes
    by `last_voices` (account's CRM id -> voice of the last scored study); where they do not reach two accounts in each
    stratum by today's health, which is computed if it was not yet; and where that does not either by size alone, with
    a warning. Refused: a second draw, a closed study, and what `cross_section` refuses. A study with a trigger is
    started instead: nobody is in it yet, and the record says who will join.
    """
    study = queries.study_named(session, study.key, is_locked=True)
    design = design_of(study.plan)
    if study.drawn_at is not None and design.trigger is not None:
        raise Refusal(f"Study “{study.key}” has already been started.", "study")
    if study.drawn_at is not None:
        raise Refusal(f"Study “{study.key}” has already been drawn; a draw is made once.", "study")
    if study.closed_at is not None:
        raise Refusal(f"Study “{study.key}” is closed.", "study")
    _refuse_unknown_fields(session, design)
    if design.trigger is not None:
        return _started(session, study, actor_id)
    try:
        population = queries.population(session, design.fields)
        scores = _scores(session, study, design, population, last_voices or {})
        section = cross_section(population, design, scores=scores)
    except ValueError as error:
        raise Refusal(str(error), "study") from error
    digest = _store(session, study, section)
    _add_respondents(session, study, design)
    study.drawn_at = now()
    respondents = queries.respondent_count(session, study)
    _record(
        session,
        study,
        "study.draw",
        actor_id,
        {"audit_sha256": digest, "accounts": len(section.drawn), "respondents": respondents, "seed": design.seed},
    )
    return DrawnStudy(
        accounts=len(section.drawn),
        respondents=respondents,
        allocation=section.allocation,
        seed=design.seed,
        audit_sha256=digest,
        warnings=_warnings(session, study, design, section),
    )


def verify_draw(session: Session, *, study: Study) -> DrawCheck:
    """Make the draw once more from its record and hold it against record, stored accounts, plan and audit log.

    Filter, frame, certainty, strata, allocation, draw, weights and modes are all recomputed; where accounts join by
    themselves, their occasions, strata and weights. Refused before the draw.
    """
    record = queries.draw_record(session, study)
    if record is None:
        raise Refusal(f"Study “{study.key}” has not been drawn yet.", "study")
    differences = []
    if canonical_sha256(record.audit) != record.audit_sha256:
        differences.append("The record of the draw is not the one that its hash was taken of.")
    if queries.logged_draw(session, study) != record.audit_sha256:
        differences.append("The audit log names another record of the draw.")
    if record.audit.get("plan") != study.plan:
        differences.append("The study's plan is not the one that was drawn by.")
    is_started = "trigger" in study.plan
    differences += (start_differences if is_started else _recomputed_differences)(session, study, record)
    return DrawCheck(record.audit_sha256, differences)


def close_study(session: Session, *, study: Study, actor_id: int | None = None) -> Study:
    """Close a study's fieldwork for good; anonymous answers are final then. Refused before the draw and once closed."""
    # The turn comes before the study's lock, as where people are queued: else the two could wait for each other.
    wait_for_turn(session)
    study = queries.study_named(session, study.key, is_locked=True)
    if study.drawn_at is None:
        raise Refusal(f"Study “{study.key}” has not been drawn yet.", "study")
    if study.closed_at is not None:
        raise Refusal(f"Study “{study.key}” was closed on {study.closed_at:%Y-%m-%d}.", "study")
    study.closed_at = now()
    session.flush()
    if study.is_anonymous:
        seal_anonymous(session, study_id=study.id)
    _record(session, study, "study.close", actor_id, {"closed_at": study.closed_at.isoformat()})
    return study


def _started(session: Session, study: Study, actor_id: int | None) -> DrawnStudy:
    record = record_of_start(study)
    digest = canonical_sha256(record)
    session.add(DrawRecord(study_id=study.id, audit=record, audit_sha256=digest))
    study.drawn_at = now()
    session.flush()
    _record(session, study, "study.start", actor_id, {"audit_sha256": digest, "accounts": 0})
    return DrawnStudy(accounts=0, respondents=0, allocation={}, seed=study.plan["seed"], audit_sha256=digest)


def _plan(document: dict[str, Any]) -> Plan:
    try:
        return parse_plan(document)
    except FieldError as error:
        raise Refusal(str(error), error.field) from error


def _ready(session: Session, plan: Plan) -> QuestionnaireVersion:
    """Return the questionnaire that a plan asks; refuse what the plan names and the workspace does not have."""
    version = ready_version(session, key=plan.questionnaire)
    if plan.design.is_anonymous and (needed := known_reader_needed(definition_of(version))):
        raise Refusal(
            f"Questionnaire “{plan.questionnaire}” cannot be asked anonymously: {needed}. "
            "Choose another one, or plan a study that is not anonymous.",
            "questionnaire",
        )
    newest_scorecard(session, plan.scorecard)
    _refuse_unknown_fields(session, plan.design)
    return version


def _write_plan(study: Study, plan: Plan, version: QuestionnaireVersion) -> None:
    study.name = plan.name
    study.version_id = version.id
    study.scorecard_key = plan.scorecard
    study.plan, study.is_anonymous = design_document(plan.design), plan.design.is_anonymous
    study.opens_on, study.closes_on, study.health_as_of = plan.opens_on, plan.closes_on, plan.health_as_of


def _plan_facts(study: Study, version: QuestionnaireVersion) -> dict[str, Any]:
    # The hash stands for the plan: its filter may name people, and the log never does.
    return {"questionnaire": version.key, "version": version.version, "plan_sha256": canonical_sha256(study.plan)}


def _owner_id(session: Session, owner: str | None) -> int | None:
    if owner is None:
        return None
    user = user_by_email(session, owner)
    if user is None:
        raise Refusal(
            f"There is no user “{owner}” to own the study; create the user first, or leave “owner” out.", "owner"
        )
    return user.id


def _refuse_unknown_fields(session: Session, design: Design) -> None:
    unknown = queries.unknown_fields(session, design.fields)
    if unknown:
        place = "strata" if unknown[0] in design.strata else "filter"
        raise Refusal(f"“{unknown[0]}” in “{place}” is neither a column nor a custom field of any account.", place)
    refuse_no_date(session, design.trigger)


def _scores(
    session: Session, study: Study, design: Design, population: list[Member], last_voices: Mapping[str, float]
) -> Scores | None:
    """The scores that Neyman goes by; whether health is enough is for `cross_section` to say."""
    if design.method is not Method.NEYMAN:
        return None
    voices = Scores(ScoreSource.LAST_VOICE, last_voices)
    if has_spreads(population, design, voices):
        return voices
    version, on = newest_scorecard(session, study.scorecard_key), today()
    health = newest_computation(session, version=version, as_of=on) or compute_health(
        session, version=version, as_of=on
    )
    return Scores(ScoreSource.HEALTH, queries.health_scores(session, health.id))


def _store(session: Session, study: Study, section: CrossSection) -> str:
    digest = section.audit_sha256
    session.add(DrawRecord(study_id=study.id, audit=section.audit, audit_sha256=digest))
    session.flush()
    ids = queries.account_ids(session)
    rows = (
        {
            "study_id": study.id,
            "account_id": ids[drawn.account_id],
            "stratum": drawn.stratum,
            "stratum_size": drawn.stratum_size,
            "weight": drawn.weight,
            "is_certainty": drawn.is_certainty,
            "mode": drawn.mode,
        }
        for drawn in section.drawn
    )
    while chunk := list(islice(rows, _CHUNK)):
        session.execute(insert(SampledAccount), chunk)
    return digest


def _add_respondents(session: Session, study: Study, design: Design) -> None:
    people = (
        select(literal(study.id), Contact.account_id, Contact.id, Contact.role, SampledAccount.mode)
        .join(SampledAccount, SampledAccount.account_id == Contact.account_id)
        .where(SampledAccount.study_id == study.id, Contact.role.in_(design.roles))
        .order_by(Contact.id)
    )
    session.execute(insert(Respondent).from_select(["study_id", "account_id", "contact_id", "role", "mode"], people))


def _warnings(session: Session, study: Study, design: Design, section: CrossSection) -> list[str]:
    warnings = list(section.warnings)
    if lonely := queries.accounts_without_respondents(session, study):
        warnings.append(f"Drawn accounts without a contact in a role of the study: {lonely:,}.")
    if strangers := sorted(set(design.quotas) - {drawn.stratum for drawn in section.drawn}):
        warnings.append(f"Quotas for strata that nothing was drawn from: {', '.join(strangers)}.")
    if study.is_anonymous:
        warnings += small_strata_warning(strata_asked(session, study))
    unknown = sum(arr is None for _, _, arr, _ in section.audit["draw"]["frame"])
    if design.top_arr and unknown:
        warnings.append(
            f"Accounts left out of the largest by ARR, which is missing or in another currency: {unknown:,}."
        )
    return warnings


def _recomputed_differences(session: Session, study: Study, record: DrawRecord) -> list[str]:
    try:
        again = recomputed(record.audit)
    except ValueError as error:
        return [f"The draw cannot be recomputed from its record: {error}"]
    differences = []
    if again.audit_sha256 != canonical_sha256(record.audit):
        differences.append("The draw that the record's population, plan and seed give is another one.")
    if again.drawn != queries.drawn_accounts(session, study):
        differences.append("The stored accounts, strata, weights or modes are not those of the draw.")
    return differences


def _record(session: Session, study: Study, action: str, actor_id: int | None, fields: dict[str, Any]) -> None:
    record_event(session, actor_id=actor_id, action=action, object_type="study", object_id=study.key, fields=fields)
