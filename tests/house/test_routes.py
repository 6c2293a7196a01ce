"""Every route is guarded or listed as public, and each kind of caller gets what the matrix says."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring.services import create_draft
from app.questionnaires.queries import newest_version
from app.questionnaires.services import publish_built_ins
from app.users.models import User
from app.users.policy import PUBLIC, SIGNED_IN, Permission, declared_access
from tests.actions.follow_ups import add_follow_up
from tests.conftest import Fill
from tests.interviews.talks import add_interview
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, populate, sign_in, token_in

CALLERS = {"anonymous": None, "admin": ADMIN, "owner": LEADER, "stranger": STRANGER, "csm": CSM, "viewer": VIEWER}
READERS = ("admin", "owner", "csm", "viewer")
EVERYONE = dict.fromkeys(CALLERS, 200)
PEOPLE_ONLY = dict.fromkeys(CALLERS, 200) | {"anonymous": 302}


def own_study(refused_when_signed_out: int = 302, answer: int = 200) -> dict[str, int]:
    """What callers get at a page of Alice's study, of which one account is Carl's."""
    return {"anonymous": refused_when_signed_out, "stranger": 404} | dict.fromkeys(READERS, answer)


def run_studies(answer: int = 200, stranger: int = 404) -> dict[str, int]:
    """What callers get where studies are run: Alice's by her and by admins."""
    return {"anonymous": 302, "csm": 403, "viewer": 403, "stranger": stranger, "admin": answer, "owner": answer}


def only(*callers: str, refused: int = 403, answer: int = 200) -> dict[str, int]:
    """What callers get at a page that only some roles may open."""
    return dict.fromkeys(CALLERS, refused) | {"anonymous": 302} | dict.fromkeys(callers, answer)


IMPORTERS = ("admin", "owner", "stranger")
WRITERS = only("admin", "owner", "stranger", "csm")
NO_PAGE_THERE = dict.fromkeys(CALLERS, 404) | {"anonymous": 302}
"""Where nothing can be read, an address below an account is looked for as an account of that id."""
NO_PLAN = dict.fromkeys(CALLERS, 404) | {"anonymous": 302, "viewer": 403}
MAIL_TEXT = "/studies/alices/invitations/texts/invitation/de"
RELATIONSHIP = "/accounts/alices-0/relationships/r-1"
NOBODY_GETS = dict.fromkeys(CALLERS, 405)

ROUTES: dict[str, tuple[str, str | None, dict[str, int]]] = {
    "static": ("/static/css/parallax.css", PUBLIC, EVERYONE),
    "health_check.healthz": ("/healthz", PUBLIC, EVERYONE),
    "home.index": ("/", SIGNED_IN, PEOPLE_ONLY),
    "users.sign_in": ("/sign-in", PUBLIC, dict.fromkeys(CALLERS, 302) | {"anonymous": 200}),
    "users.sign_in_code": ("/sign-in/code", PUBLIC, dict.fromkeys(CALLERS, 302)),
    "users.second_factor": ("/second-factor", SIGNED_IN, PEOPLE_ONLY),
    "users.recovery_codes": ("/second-factor/recovery-codes", SIGNED_IN, dict.fromkeys(CALLERS, 405)),
    "users.second_factor_removal": ("/second-factor/removal", SIGNED_IN, dict.fromkeys(CALLERS, 405)),
    "users.sign_out": ("/sign-out", PUBLIC, dict.fromkeys(CALLERS, 405)),
    "users.first_admin": ("/first-admin", PUBLIC, dict.fromkeys(CALLERS, 404)),
    "users.people": ("/users", Permission.USERS, only("admin")),
    "users.new_person": ("/users/new", Permission.USERS, only("admin")),
    "users.role": ("/users/1/role", Permission.USERS, NOBODY_GETS),
    "users.disable": ("/users/1/disable", Permission.USERS, NOBODY_GETS),
    "users.enable": ("/users/1/enable", Permission.USERS, NOBODY_GETS),
    "users.required_factor": ("/users/second-factor", Permission.USERS, NOBODY_GETS),
    "settings.workspace": ("/settings", Permission.USERS, only("admin")),
    "settings.consent": ("/settings/consent", Permission.USERS, only("admin")),
    "subjects.index": ("/settings/personal-data", Permission.USERS, only("admin")),
    "subjects.person": ("/settings/personal-data/person", Permission.USERS, NOBODY_GETS),
    "subjects.copy": ("/settings/personal-data/copy.json", Permission.USERS, NOBODY_GETS),
    "subjects.erase": ("/settings/personal-data/erase", Permission.USERS, NOBODY_GETS),
    "transfer.uploads": ("/imports", Permission.STUDIES, only(*IMPORTERS)),
    "transfer.upload": ("/imports", Permission.STUDIES, only(*IMPORTERS)),
    "transfer.preview": ("/imports/1", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "transfer.columns": ("/imports/1/columns", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "transfer.map_columns": ("/imports/1/columns", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "transfer.forget": ("/imports/sources/1/forget", Permission.STUDIES, NOBODY_GETS),
    "transfer.confirm": ("/imports/1/confirm", Permission.STUDIES, NOBODY_GETS),
    "transfer.discard": ("/imports/1/discard", Permission.STUDIES, NOBODY_GETS),
    "transfer.answers_csv": ("/studies/alices/answers.csv", Permission.REPORTS, own_study() | {"viewer": 403}),
    "transfer.responses_file": ("/studies/alices/responses.csv", Permission.REPORTS, own_study() | {"viewer": 403}),
    "transfer.codebook_csv": ("/studies/alices/codebook.csv", Permission.REPORTS, own_study() | {"viewer": 403}),
    "transfer.crm_file": ("/accounts.csv", Permission.REPORTS, PEOPLE_ONLY),
    "users.password": ("/password", SIGNED_IN, PEOPLE_ONLY),
    "health.scorecards": ("/scorecards", Permission.STUDIES, only(*IMPORTERS)),
    "health.publish": ("/scorecards", Permission.STUDIES, only(*IMPORTERS)),
    "health.hub": ("/health", Permission.ACCOUNTS, PEOPLE_ONLY),
    "health.scorecards_of_health": ("/health/scorecards", Permission.STUDIES, only(*IMPORTERS, answer=302)),
    "health.new_scorecard": ("/scorecards/new", Permission.STUDIES, only(*IMPORTERS)),
    "health.choice": ("/scorecards/choice", Permission.STUDIES, only(*IMPORTERS)),
    "health.choose_scorecards": ("/scorecards/choice", Permission.STUDIES, only(*IMPORTERS)),
    "health.begin": ("/scorecards/none/draft", Permission.STUDIES, NOBODY_GETS),
    "health.discard": ("/scorecards/none/discard", Permission.STUDIES, NOBODY_GETS),
    "health.edit": ("/scorecards/none/edit", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "health.save": ("/scorecards/none/edit", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "health.preview": ("/scorecards/none/preview", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "health.history": ("/scorecards/none/history", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "health.compare": ("/scorecards/none/compare", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "health.look_before_publishing": ("/scorecards/none/publish", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "health.publish_written": ("/scorecards/none/publish", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "authoring.index": ("/questionnaires", Permission.STUDIES, only(*IMPORTERS)),
    "authoring.new": ("/questionnaires/new", Permission.STUDIES, only(*IMPORTERS)),
    "authoring.bank": ("/questionnaires/bank", Permission.STUDIES, only(*IMPORTERS)),
    "authoring.xlsform": ("/questionnaires/xlsform", Permission.STUDIES, only(*IMPORTERS)),
    "authoring.workbook": ("/questionnaires/relationship/questionnaire.xlsx", Permission.STUDIES, only(*IMPORTERS)),
    "authoring.show": ("/questionnaires/relationship", Permission.STUDIES, only(*IMPORTERS)),
    "authoring.compare": ("/questionnaires/relationship/compare", Permission.STUDIES, only(*IMPORTERS)),
    "authoring.begin": ("/questionnaires/relationship/draft", Permission.STUDIES, NOBODY_GETS),
    "authoring.discard": ("/questionnaires/relationship/discard", Permission.STUDIES, NOBODY_GETS),
    "authoring.add_from_bank": ("/questionnaires/relationship/bank", Permission.STUDIES, NOBODY_GETS),
    "authoring.edit": ("/questionnaires/relationship/edit", Permission.STUDIES, only(*IMPORTERS)),
    "authoring.save": ("/questionnaires/relationship/edit", Permission.STUDIES, only(*IMPORTERS)),
    "authoring.preview": ("/questionnaires/relationship/preview", Permission.STUDIES, only(*IMPORTERS)),
    "authoring.publish": ("/questionnaires/relationship/publish", Permission.STUDIES, only(*IMPORTERS)),
    "authoring.languages": ("/questionnaires/relationship/translate", Permission.STUDIES, only(*IMPORTERS)),
    "authoring.translate": ("/questionnaires/relationship/translate/de", Permission.STUDIES, only(*IMPORTERS)),
    "studies.index": ("/studies", Permission.REPORTS, PEOPLE_ONLY),
    "studies.new": ("/studies/new", Permission.STUDIES, run_studies(stranger=200)),
    "studies.show": ("/studies/alices", Permission.REPORTS, own_study()),
    "studies.edit": ("/studies/alices/edit", Permission.STUDIES, run_studies(302)),
    "studies.draw": ("/studies/alices/draw", Permission.STUDIES, dict.fromkeys(CALLERS, 405)),
    "studies.score": ("/studies/alices/score", Permission.STUDIES, dict.fromkeys(CALLERS, 405)),
    "studies.audit": ("/studies/alices/audit", Permission.REPORTS, own_study(answer=404)),
    "studies.close": ("/studies/alices/close", Permission.STUDIES, run_studies()),
    "studies.state": ("/studies/alices/fieldwork.json", Permission.REPORTS, own_study(401)),
    "studies.open_links": ("/studies/alices/open-links", Permission.STUDIES, dict.fromkeys(CALLERS, 405)),
    "studies.silent_csv": ("/studies/alices/silent.csv", Permission.REPORTS, own_study()),
    "interviews.index": ("/interviews", Permission.INTERVIEWS_READ, PEOPLE_ONLY | {"viewer": 403}),
    "interviews.guide": ("/interviews/1", Permission.INTERVIEWS_READ, own_study() | {"viewer": 403}),
    "interviews.history": ("/interviews/1/history", Permission.INTERVIEWS_READ, own_study() | {"viewer": 403}),
    "interviews.review": (
        "/interviews/1/review",
        Permission.INTERVIEWS_WRITE,
        {"anonymous": 302, "admin": 403, "owner": 403, "stranger": 404, "csm": 200, "viewer": 403},
    ),
    "interviews.appointment": ("/interviews/1/appointment", Permission.INTERVIEWS_READ, own_study() | {"viewer": 403}),
    "interviews.call_off_appointment": (
        "/interviews/1/appointment/cancel",
        Permission.INTERVIEWS_WRITE,
        dict.fromkeys(CALLERS, 405),
    ),
    "interviews.call": ("/interviews/1/call", Permission.INTERVIEWS_READ, own_study() | {"viewer": 403}),
    "interviews.undo_call": ("/interviews/1/calls/1/undo", Permission.INTERVIEWS_WRITE, dict.fromkeys(CALLERS, 405)),
    "interviews.day": ("/interviews/day", Permission.INTERVIEWS_WRITE, PEOPLE_ONLY | {"viewer": 403}),
    "interviews.own_clock": ("/interviews/own-zone", Permission.INTERVIEWS_WRITE, dict.fromkeys(CALLERS, 405)),
    "interviews.next_call": (
        "/interviews/next",
        Permission.INTERVIEWS_WRITE,
        dict.fromkeys(CALLERS, 302) | {"viewer": 403},
    ),
    "interviews.save": (
        "/interviews/1/items/recommend",
        Permission.INTERVIEWS_WRITE,
        dict.fromkeys(CALLERS, 405),
    ),
    "interviews.promise_said": ("/interviews/1/promises/1", Permission.INTERVIEWS_WRITE, NOBODY_GETS),
    "interviews.peek": ("/interviews/1/peek", Permission.INTERVIEWS_WRITE, dict.fromkeys(CALLERS, 405)),
    "interviews.from_notes": ("/interviews/1/from-notes", Permission.INTERVIEWS_WRITE, dict.fromkeys(CALLERS, 405)),
    "interviews.times": ("/interviews/1/times", Permission.INTERVIEWS_WRITE, dict.fromkeys(CALLERS, 405)),
    "interviews.earlier": ("/interviews/1/earlier", Permission.INTERVIEWS_READ, own_study() | {"viewer": 403}),
    "interviews.guide_pdf": ("/interviews/1/guide.pdf", Permission.INTERVIEWS_READ, own_study() | {"viewer": 403}),
    "interviews.questionnaire_pdf": (
        "/questionnaires/relationship/guide.pdf",
        Permission.STUDIES,
        only(*IMPORTERS),
    ),
    "interviews.submit": ("/interviews/1/submit", Permission.INTERVIEWS_WRITE, dict.fromkeys(CALLERS, 405)),
    "interviews.reopen": ("/interviews/1/reopen", Permission.INTERVIEWS_WRITE, dict.fromkeys(CALLERS, 405)),
    "interviews.token": (
        "/interviews/token.json",
        Permission.INTERVIEWS_WRITE,
        dict.fromkeys(CALLERS, 200) | {"anonymous": 401, "viewer": 403},
    ),
    "interviews.changes": (
        "/interviews/1/changes.json",
        Permission.INTERVIEWS_WRITE,
        {"anonymous": 401, "admin": 403, "owner": 403, "stranger": 404, "csm": 204, "viewer": 403},
    ),
    "interviews.note_taker": (
        "/interviews/1/note-taker",
        Permission.INTERVIEWS_WRITE,
        own_study() | {"viewer": 403},
    ),
    "interviews.worker": ("/interviews/worker.js", PUBLIC, EVERYONE),
    "interviews.assign": (
        "/studies/alices/interviews",
        Permission.STUDIES,
        own_study() | {"csm": 403, "viewer": 403},
    ),
    "interviews.hand_over": (
        "/interviews/1/hand-over",
        Permission.INTERVIEWS_WRITE,
        {"anonymous": 302, "admin": 403, "owner": 403, "stranger": 404, "csm": 200, "viewer": 403},
    ),
    "interviews.take_back": ("/interviews/1/take-back", Permission.INTERVIEWS_WRITE, NOBODY_GETS),
    "interviews.prediction": (
        "/interviews/1/prediction",
        Permission.INTERVIEWS_READ,
        {"anonymous": 302, "admin": 403, "owner": 403, "stranger": 404, "csm": 200, "viewer": 403},
    ),
    "interviews.brief": (
        "/interviews/1/brief",
        Permission.INTERVIEWS_READ,
        own_study(answer=302) | {"viewer": 403},
    ),
    "interviews.brief_pdf": (
        "/interviews/1/brief.pdf",
        Permission.INTERVIEWS_READ,
        own_study(answer=302) | {"viewer": 403},
    ),
    "interviews.thanks": (
        "/interviews/1/thanks",
        Permission.INTERVIEWS_WRITE,
        {"anonymous": 302, "admin": 403, "owner": 403, "stranger": 404, "csm": 303, "viewer": 403},
    ),
    "interviews.ask_for_coder": ("/interviews/1/coders", Permission.STUDIES, NOBODY_GETS),
    "interviews.coding": (
        "/codings/1",
        Permission.INTERVIEWS_READ,
        only("admin", "owner", "csm", "stranger", answer=404),
    ),
    "reports.interviewing": ("/studies/alices/interviewing", Permission.STUDIES, run_studies()),
    "interviews.join": (
        "/interviews/1/held-with",
        Permission.INTERVIEWS_WRITE,
        {"anonymous": 302, "admin": 403, "owner": 403, "stranger": 404, "csm": 200, "viewer": 403},
    ),
    "interviews.follow_up": ("/interviews/1/follow-ups", Permission.ACTIONS, NOBODY_GETS),
    "actions.index": ("/actions", Permission.ACTIONS, PEOPLE_ONLY | {"viewer": 403}),
    "actions.new": ("/actions/new?account=alices-0", Permission.ACTIONS, PEOPLE_ONLY | {"viewer": 403}),
    "actions.show": ("/actions/1", Permission.ACTIONS, own_study() | {"viewer": 403, "stranger": 200}),
    "actions.change": ("/actions/1", Permission.ACTIONS, own_study() | {"viewer": 403, "stranger": 200}),
    "actions.done": ("/actions/1/done", Permission.ACTIONS, NOBODY_GETS),
    "actions.reopen": ("/actions/1/reopen", Permission.ACTIONS, NOBODY_GETS),
    "actions.board": ("/actions/board", Permission.ACTIONS, WRITERS),
    "actions.ask": ("/actions/1/ask-again", Permission.ACTIONS, NOBODY_GETS),
    "actions.reminders": ("/actions/reminders", Permission.ACTIONS, WRITERS),
    "actions.choose_reminder": ("/actions/reminders", Permission.ACTIONS, WRITERS),
    "playbooks.index": ("/playbooks", Permission.STUDIES, only(*IMPORTERS)),
    "playbooks.new": ("/playbooks/new", Permission.STUDIES, only(*IMPORTERS)),
    "playbooks.show": ("/playbooks/1", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "playbooks.edit": ("/playbooks/1/edit", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "playbooks.switch": ("/playbooks/1/switch", Permission.STUDIES, NOBODY_GETS),
    "playbooks.end": ("/playbooks/1/end", Permission.STUDIES, NOBODY_GETS),
    "playbooks.upsell": ("/actions/upsell", Permission.ACTIONS, WRITERS),
    "customer360.distress": ("/health/distress", Permission.ACCOUNTS, PEOPLE_ONLY),
    "alerts.index": ("/health/alerts", Permission.ACCOUNTS, PEOPLE_ONLY),
    "alerts.add": ("/health/alerts", Permission.ACCOUNTS, PEOPLE_ONLY),
    "alerts.stop": ("/health/alerts/1/stop", Permission.ACCOUNTS, NOBODY_GETS),
    "alerts.leave": ("/h/1/nothing-here", PUBLIC, dict.fromkeys(CALLERS, 404)),
    "health.changes": ("/health/changes", Permission.ACCOUNTS, PEOPLE_ONLY),
    "health.changes_csv": ("/health/changes.csv", Permission.ACCOUNTS, PEOPLE_ONLY),
    "health.trend": ("/accounts/alices-0/health", Permission.ACCOUNTS, PEOPLE_ONLY),
    "customer360.gap_changes": ("/gaps/changes", Permission.ACCOUNTS, PEOPLE_ONLY),
    "customer360.gap_changes_csv": ("/gaps/changes.csv", Permission.ACCOUNTS, PEOPLE_ONLY),
    "customer360.gap_change": ("/accounts/alices-0/gap", Permission.ACCOUNTS, PEOPLE_ONLY),
    "customer360.renewals": ("/renewals", Permission.ACCOUNTS, PEOPLE_ONLY),
    "customer360.accounts": ("/accounts", Permission.ACCOUNTS, PEOPLE_ONLY),
    "customer360.account": ("/accounts/alices-0", Permission.ACCOUNTS, PEOPLE_ONLY),
    "customer360.page_pdf": ("/accounts/alices-0/page.pdf", Permission.ACCOUNTS, PEOPLE_ONLY),
    "subscriptions.index": ("/subscriptions", Permission.ACCOUNTS, PEOPLE_ONLY),
    "subscriptions.stop_own": ("/subscriptions/1/end", Permission.ACCOUNTS, NOBODY_GETS),
    "subscriptions.account": ("/accounts/alices-0/subscribe", Permission.ACCOUNTS, PEOPLE_ONLY),
    "subscriptions.order": ("/accounts/alices-0/subscribe", Permission.ACCOUNTS, PEOPLE_ONLY),
    "subscriptions.rest": ("/accounts/alices-0/subscribe/pause", Permission.ACCOUNTS, NO_PAGE_THERE),
    "subscriptions.resume": ("/accounts/alices-0/subscribe/go-on", Permission.ACCOUNTS, NO_PAGE_THERE),
    "subscriptions.stop": ("/accounts/alices-0/subscribe/1/end", Permission.ACCOUNTS, NO_PAGE_THERE),
    "subscriptions.leave": ("/p/1/nothing-here", PUBLIC, dict.fromkeys(CALLERS, 404)),
    "meetings.brief": ("/accounts/alices-0/brief", Permission.ACCOUNTS, PEOPLE_ONLY),
    "meetings.brief_pdf": ("/accounts/alices-0/brief.pdf", Permission.ACCOUNTS, PEOPLE_ONLY),
    "customer360.section": ("/accounts/alices-0/section-contacts", Permission.ACCOUNTS, PEOPLE_ONLY),
    "customer360.find": ("/find/accounts?q=alices", Permission.ACCOUNTS, PEOPLE_ONLY),
    "customer360.layouts": ("/layouts", Permission.STUDIES, only("admin", "owner", "stranger")),
    "customer360.layout": ("/layouts/role/csm", Permission.STUDIES, only("admin", "owner", "stranger")),
    "customer360.arrange": ("/layouts/role/csm", Permission.STUDIES, only("admin", "owner", "stranger")),
    "customer360.relationship": (RELATIONSHIP, Permission.ACCOUNTS, NO_PAGE_THERE),
    "customer360.write_relationship": (RELATIONSHIP, Permission.ACCOUNTS_WRITE, NO_PAGE_THERE),
    "relationships.index": ("/relationships", Permission.STUDIES, only(*IMPORTERS)),
    "relationships.choose_rule": ("/relationships", Permission.STUDIES, only(*IMPORTERS)),
    "relationships.another": ("/relationships/types", Permission.STUDIES, only(*IMPORTERS, answer=302)),
    "relationships.show": ("/relationships/types/product", Permission.STUDIES, only(*IMPORTERS)),
    "relationships.save": ("/relationships/types/product", Permission.STUDIES, only(*IMPORTERS)),
    "customer360.response": ("/studies/alices/responses/r-alices-0", Permission.REPORTS, own_study()),
    "education.index": ("/education", Permission.ACCOUNTS, PEOPLE_ONLY),
    "education.act": ("/education/1/action", Permission.ACTIONS, NOBODY_GETS),
    "education.account": ("/accounts/alices-0/education", Permission.ACCOUNTS, PEOPLE_ONLY),
    "education.edit": ("/accounts/alices-0/education/edit", Permission.ACCOUNTS_WRITE, WRITERS),
    "overlays.index": ("/overlays", Permission.ACCOUNTS, PEOPLE_ONLY),
    "overlays.new": ("/overlays/new", Permission.STUDIES, only(*IMPORTERS)),
    "overlays.show": ("/overlays/nothing", Permission.ACCOUNTS, dict.fromkeys(CALLERS, 404) | {"anonymous": 302}),
    "overlays.edit": ("/overlays/nothing/edit", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "overlays.by_industry": ("/overlays/nothing/industries", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "overlays.account": ("/accounts/alices-0/overlays", Permission.ACCOUNTS, PEOPLE_ONLY),
    "overlays.change": (
        "/accounts/alices-0/overlays/nothing",
        Permission.ACCOUNTS_WRITE,
        only("admin", "owner", "stranger", "csm", answer=404),
    ),
    "pulse.account": ("/accounts/alices-0/pulse", Permission.ACCOUNTS, PEOPLE_ONLY),
    "pulse.sentiment": ("/accounts/alices-0/pulse/sentiment", Permission.ACCOUNTS_WRITE, NO_PAGE_THERE),
    "pulse.light": ("/accounts/alices-0/pulse/light", Permission.ACCOUNTS_WRITE, NO_PAGE_THERE),
    "pulse.override": ("/accounts/alices-0/pulse/override", Permission.ACCOUNTS_WRITE, NO_PAGE_THERE),
    "pulse.end": ("/accounts/alices-0/pulse/override/end", Permission.ACCOUNTS_WRITE, NO_PAGE_THERE),
    "pulse.matrix": ("/accounts/alices-0/pulse/matrix", Permission.ACCOUNTS, PEOPLE_ONLY),
    "pulse.keep_matrix": ("/accounts/alices-0/pulse/matrix", Permission.ACCOUNTS_WRITE, PEOPLE_ONLY),
    "pulse.index": ("/health/pulse", Permission.ACCOUNTS, PEOPLE_ONLY),
    "pulse.begin": ("/health/pulse/rounds", Permission.STUDIES, NOBODY_GETS),
    "pulse.rate": ("/health/pulse/rate", Permission.ACCOUNTS_WRITE, WRITERS),
    "pulse.keep_rating": ("/health/pulse/rate", Permission.ACCOUNTS_WRITE, WRITERS),
    "pulse.round": ("/health/pulse/rounds/1", Permission.ACCOUNTS, NO_PAGE_THERE),
    "pulse.ask": ("/health/pulse/rounds/1/ask", Permission.STUDIES, NOBODY_GETS),
    "pulse.close": ("/health/pulse/rounds/1/close", Permission.STUDIES, NOBODY_GETS),
    "pulse.settings": ("/settings/pulse", Permission.STUDIES, only(*IMPORTERS)),
    "pulse.keep_settings": ("/settings/pulse", Permission.STUDIES, only(*IMPORTERS)),
    "stakeholders.account": ("/accounts/alices-0/stakeholders", Permission.ACCOUNTS, PEOPLE_ONLY),
    "stakeholders.name": ("/accounts/alices-0/stakeholders/names", Permission.ACCOUNTS_WRITE, WRITERS),
    "stakeholders.ask": ("/accounts/alices-0/stakeholders/ask", Permission.ACCOUNTS_WRITE, WRITERS),
    "stakeholders.study": ("/studies/alices/stakeholders", Permission.REPORTS, own_study()),
    "stakeholders.templates": ("/settings/stakeholders", Permission.STUDIES, only(*IMPORTERS)),
    "ledger.account": ("/accounts/alices-0/ledger", Permission.ACCOUNTS, PEOPLE_ONLY),
    "ledger.new_entry": ("/accounts/alices-0/ledger/1/new", Permission.ACCOUNTS_WRITE, NO_PLAN),
    "ledger.withdraw": ("/accounts/alices-0/ledger/entries/1/withdraw", Permission.ACCOUNTS_WRITE, NO_PLAN),
    "timeline.account": ("/accounts/alices-0/timeline", Permission.ACCOUNTS, PEOPLE_ONLY),
    "ledger.index": ("/ledger", Permission.ACCOUNTS, PEOPLE_ONLY),
    "ledger.index_csv": ("/ledger.csv", Permission.ACCOUNTS, PEOPLE_ONLY),
    "ledger.index_xlsx": ("/ledger.xlsx", Permission.ACCOUNTS, PEOPLE_ONLY),
    "stakeholders.promises": ("/accounts/alices-0/promises", Permission.ACCOUNTS, dict.fromkeys(CALLERS, 302)),
    "stakeholders.new_promise": ("/accounts/alices-0/promises/new", Permission.ACCOUNTS_WRITE, WRITERS),
    "stakeholders.promise": (
        "/accounts/alices-0/promises/1",
        Permission.ACCOUNTS_WRITE,
        dict.fromkeys(CALLERS, 404) | {"anonymous": 302, "viewer": 403},
    ),
    "stakeholders.referral": (
        "/interviews/1/names",
        Permission.INTERVIEWS_WRITE,
        {"anonymous": 302, "admin": 403, "owner": 403, "stranger": 404, "csm": 200, "viewer": 403},
    ),
    "effort.report": ("/effort", Permission.ACCOUNTS_WRITE, WRITERS),
    "effort.report_csv": ("/effort.csv", Permission.ACCOUNTS_WRITE, WRITERS),
    "effort.week": ("/effort/week", Permission.ACCOUNTS_WRITE, WRITERS),
    "effort.account": ("/accounts/alices-0/effort", Permission.ACCOUNTS_WRITE, WRITERS),
    "plans.index": ("/plans", Permission.ACCOUNTS, PEOPLE_ONLY),
    "plans.index_csv": ("/plans.csv", Permission.ACCOUNTS, PEOPLE_ONLY),
    "plans.account": ("/accounts/alices-0/plan", Permission.ACCOUNTS, PEOPLE_ONLY),
    "plans.begin": ("/accounts/alices-0/plan/new", Permission.ACCOUNTS_WRITE, WRITERS),
    "plans.change": ("/accounts/alices-0/plan/change", Permission.ACCOUNTS_WRITE, NO_PLAN),
    "plans.close": ("/accounts/alices-0/plan/close", Permission.ACCOUNTS_WRITE, NO_PAGE_THERE),
    "plans.new_outcome": ("/accounts/alices-0/plan/outcomes/new", Permission.ACCOUNTS_WRITE, NO_PLAN),
    "plans.outcome": ("/accounts/alices-0/plan/outcomes/1", Permission.ACCOUNTS_WRITE, NO_PLAN),
    "plans.done": ("/accounts/alices-0/plan/outcomes/1/done", Permission.ACCOUNTS_WRITE, NO_PAGE_THERE),
    "plans.new_blocker": ("/accounts/alices-0/plan/blockers/new", Permission.ACCOUNTS_WRITE, NO_PLAN),
    "plans.blocker": ("/accounts/alices-0/plan/blockers/1", Permission.ACCOUNTS_WRITE, NO_PLAN),
    "plans.resolve": ("/accounts/alices-0/plan/blockers/1/resolve", Permission.ACCOUNTS_WRITE, NO_PAGE_THERE),
    "reports.validity": ("/scorecards/none/validity", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "reports.ask_for_validity": ("/scorecards/none/validity", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "reports.accept_suggestion": ("/scorecards/none/validity/1/weights", Permission.STUDIES, NOBODY_GETS),
    "reports.gaps": ("/studies/alices/gaps", Permission.REPORTS, own_study()),
    "reports.editions": ("/studies/alices/gaps/editions", Permission.REPORTS, own_study()),
    "reports.publish": ("/studies/alices/gaps/editions", Permission.STUDIES, own_study()),
    "reports.edition": ("/studies/alices/gaps/editions/1", Permission.REPORTS, own_study(answer=404)),
    "reports.edition_pdf": ("/studies/alices/gaps/editions/1.pdf", Permission.REPORTS, own_study(answer=404)),
    "reports.edition_one_page": (
        "/studies/alices/gaps/editions/1/one-page.pdf",
        Permission.REPORTS,
        own_study(answer=404),
    ),
    "reports.share": ("/studies/alices/gaps/editions/1/links", Permission.STUDIES, NOBODY_GETS),
    "reports.close_link": ("/studies/alices/gaps/editions/1/links/1/close", Permission.STUDIES, NOBODY_GETS),
    "reports.comment": ("/studies/alices/gaps/editions/1/comments", Permission.REPORTS, NOBODY_GETS),
    "reports.take_back": (
        "/studies/alices/gaps/editions/1/comments/1/take-back",
        Permission.REPORTS,
        NOBODY_GETS,
    ),
    "reports.sign": ("/studies/alices/gaps/editions/1/sign-off", Permission.STUDIES, NOBODY_GETS),
    "reports.withdraw": ("/studies/alices/gaps/editions/1/sign-off/withdraw", Permission.STUDIES, NOBODY_GETS),
    "reports.delivery": ("/studies/alices/gaps/delivery", Permission.REPORTS, own_study()),
    "reports.deliver": ("/studies/alices/gaps/delivery", Permission.REPORTS, own_study()),
    "reports.stop": ("/studies/alices/gaps/delivery/1/stop", Permission.REPORTS, NOBODY_GETS),
    "reports.leave": ("/d/1/nothing-here", PUBLIC, dict.fromkeys(CALLERS, 404)),
    "reports.shared": ("/r/none", PUBLIC, dict.fromkeys(CALLERS, 404)),
    "reports.shared_pdf": ("/r/none/report.pdf", PUBLIC, dict.fromkeys(CALLERS, 404)),
    "reports.shared_one_page": ("/r/none/one-page.pdf", PUBLIC, dict.fromkeys(CALLERS, 404)),
    "reports.check": ("/studies/alices/recompute", Permission.STUDIES, NOBODY_GETS),
    "reports.topic": ("/studies/alices/gaps/agreement", Permission.REPORTS, own_study(answer=302)),
    "reports.matching": ("/scorecards/default/dimensions", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "reports.match": ("/scorecards/default/dimensions", Permission.STUDIES, only(*IMPORTERS, answer=404)),
    "reports.theme_names": ("/studies/alices/gaps/words/names", Permission.STUDIES, run_studies(answer=404)),
    "reports.undo_theme": ("/studies/alices/gaps/words/names/1/undo", Permission.STUDIES, NOBODY_GETS),
    "reports.reading": ("/studies/alices/gaps/words/reading", Permission.STUDIES, run_studies()),
    "reports.draw_silent_people": ("/studies/alices/gaps/silence/draw", Permission.STUDIES, run_studies()),
    "reports.state": ("/studies/alices/gaps/state.json", Permission.REPORTS, own_study(401)),
    "reports.segments": ("/studies/alices/segments", Permission.REPORTS, own_study(answer=302) | {"csm": 404}),
    "reports.gaps_json": ("/studies/alices/gaps.json", Permission.REPORTS, own_study(401, answer=400)),
    "reports.part_state": ("/studies/alices/gaps/part.json", Permission.REPORTS, own_study(401)),
    "reports.compute_part": ("/studies/alices/gaps/part/compute", Permission.REPORTS, NOBODY_GETS),
    "reports.give_up_part": ("/studies/alices/gaps/part/cancel", Permission.REPORTS, NOBODY_GETS),
    "reports.tables_xlsx": ("/studies/alices/gaps/tables.xlsx", Permission.REPORTS, own_study(answer=400)),
    "reports.table_xlsx": ("/studies/alices/gaps/tables/roles.xlsx", Permission.REPORTS, own_study(answer=400)),
    "reports.table_csv": ("/studies/alices/gaps/tables/roles.csv", Permission.REPORTS, own_study(answer=400)),
    "reports.edition_tables": (
        "/studies/alices/gaps/editions/1/tables.xlsx",
        Permission.REPORTS,
        own_study(answer=404),
    ),
    "reports.gaps_pdf": ("/studies/alices/gaps.pdf", Permission.REPORTS, own_study(answer=400)),
    "reports.gaps_one_page": ("/studies/alices/gaps/one-page.pdf", Permission.REPORTS, own_study(answer=400)),
    "surveys.survey": ("/s/nothing-here", PUBLIC, dict.fromkeys(CALLERS, 404)),
    "surveys.anonymous": ("/a/nothing-here", PUBLIC, dict.fromkeys(CALLERS, 404)),
    "surveys.unsubscribe": ("/u/nothing-here", PUBLIC, dict.fromkeys(CALLERS, 404)),
    "surveys.invitations": ("/studies/alices/invitations", Permission.STUDIES, run_studies()),
    "surveys.state": ("/studies/alices/invitations/state.json", Permission.STUDIES, run_studies() | {"anonymous": 401}),
    "surveys.remind": ("/studies/alices/invitations/remind", Permission.STUDIES, dict.fromkeys(CALLERS, 405)),
    "surveys.stop": ("/studies/alices/invitations/stop", Permission.STUDIES, dict.fromkeys(CALLERS, 405)),
    "surveys.try_mail": ("/studies/alices/invitations/test", Permission.STUDIES, dict.fromkeys(CALLERS, 405)),
    "surveys.mail_text": (MAIL_TEXT, Permission.STUDIES, run_studies()),
    "surveys.mail_preview": (f"{MAIL_TEXT}/mail", Permission.STUDIES, run_studies()),
    "surveys.links_csv": ("/studies/alices/links.csv", Permission.STUDIES, dict.fromkeys(CALLERS, 405)),
}
"""Endpoint: an address, what it declares, and the status that GET gives each caller; no study is scored here."""


def add_everything(session: Session) -> None:
    """Fill a workspace with people, two studies, a draft, and an interview of Carl's at his own account."""
    publish_built_ins(session)
    populate(session)
    definition = newest_version(session, "relationship").definition
    create_draft(session, definition=definition, by=session.scalars(select(User.id)).first() or 0)
    interview = add_interview(session, study_key="alices", account_key="alices-0", email=CSM)
    add_follow_up(session, interview)


@pytest.fixture
def people(application: Flask, fill: Fill) -> Flask:
    """A workspace with people, two studies, and an interview of Carl's at his own account."""
    fill(add_everything)
    return application


def test_every_route_is_listed(application: Flask) -> None:
    assert {rule.endpoint for rule in application.url_map.iter_rules()} == set(ROUTES)


def test_every_route_declares_what_is_listed(application: Flask) -> None:
    declared = {endpoint: declared_access(application, endpoint) for endpoint in ROUTES}
    assert declared == {endpoint: listed for endpoint, (_address, listed, _expected) in ROUTES.items()}
    assert None not in declared.values()


@pytest.mark.parametrize("caller", CALLERS)
def test_each_caller_gets_what_is_listed(people: Flask, caller: str) -> None:
    email = CALLERS[caller]
    browser = sign_in(people, email) if email else people.test_client()
    answers = {
        endpoint: browser.get(address, buffered=True).status_code for endpoint, (address, _, _) in ROUTES.items()
    }
    assert answers == {endpoint: expected[caller] for endpoint, (_, _, expected) in ROUTES.items()}


@pytest.mark.parametrize("caller", [caller for caller in CALLERS if caller != "anonymous"])
def test_what_does_not_exist_and_what_is_not_shared_look_the_same(people: Flask, caller: str) -> None:
    browser = sign_in(people, str(CALLERS[caller]))
    address = "/studies/{}/gaps"
    assert browser.get(address.format("nothing-here")).status_code == 404
    if caller in {"owner", "stranger", "csm"}:
        hidden, none = browser.get(address.format("admins")), browser.get(address.format("nothing-here"))
        assert hidden.status_code == 404
        assert without_token(hidden.text) == without_token(none.text)


def without_token(page: str) -> str:
    """Return a page without its token, which names the second in which it was made."""
    return page.replace(token_in(page), "")


UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
LINK_IS_THE_TOKEN = frozenset(
    {"surveys.survey", "surveys.anonymous", "surveys.unsubscribe"}
    | {"reports.leave", "alerts.leave", "subscriptions.leave"}
)
"""Customers have no session: what proves a form of theirs is the link, and an unknown one is 404."""


@pytest.mark.parametrize("method", UNSAFE)
def test_nothing_unsafe_happens_without_a_token(people: Flask, method: str) -> None:
    for browser in (people.test_client(), sign_in(people, ADMIN)):
        for endpoint, (address, _, _) in ROUTES.items():
            statuses = {404, 405} if endpoint in LINK_IS_THE_TOKEN else {400, 401, 405}
            assert answer(browser, method, address) in statuses, (method, endpoint)


def answer(browser: FlaskClient, method: str, address: str) -> int:
    return browser.open(address, method=method, data={"x": "1"}).status_code
