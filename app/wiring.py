"""The lists: which tables, blueprints, job handlers and filters make up the application."""

from functools import partial

from flask import Flask

import app.actions.models
import app.alerts.models
import app.core.workspace
import app.customer360.models
import app.customers.models
import app.education.models
import app.effort.models
import app.health.models
import app.interviews.models
import app.ledger.models
import app.overlays.models
import app.plans.models
import app.playbooks.models
import app.pulse.models
import app.questionnaires.models
import app.relationships.models
import app.reports.models
import app.responses.models
import app.scoring.models
import app.settings.models
import app.stakeholders.models
import app.studies.models
import app.subscriptions.models
import app.transfer.models
import app.users.models  # noqa: F401  (each models module registers its tables)
from app.actions.tasks import reminders
from app.actions.views import blueprint as actions
from app.alerts.tasks import alerts
from app.alerts.views import blueprint as alerts_blueprint
from app.authoring.views import blueprint as authoring
from app.core.forgery import prepare_forgery_check
from app.core.queue import Handler, prepare_queue
from app.core.web import prepare_uploads, prepare_web
from app.customer360.queries.voices import newest_voices
from app.customer360.views import blueprint as customer360
from app.education.views import blueprint as education
from app.effort.views import effort_blueprint
from app.health.tasks import health as compute_health
from app.health.views import blueprint as health
from app.home.views import blueprint as home
from app.interviews.queries.coding import predicted_pairs
from app.interviews.tasks import appointments
from app.interviews.views import blueprint as interviews
from app.ledger.views import blueprint as ledger
from app.meetings.views import blueprint as meetings
from app.overlays.views import overlays_blueprint
from app.plans.queries import standing_still
from app.plans.views import blueprint as plans
from app.playbooks.tasks import playbooks
from app.playbooks.views import blueprint as playbooks_blueprint
from app.pulse.views import pulse_blueprint
from app.relationships.tasks import relationships
from app.relationships.views import blueprint as relationships_blueprint
from app.reports.tasks import delivery
from app.reports.views import blueprint as reports
from app.scoring.queries import flagged_responses, last_voices, scored_at
from app.scoring.rules.kappa import kappa
from app.scoring.services import Beside, low_core_shares
from app.scoring.tasks import check, choose, distress, score, validate
from app.settings.views import blueprint as settings
from app.stakeholders.views import blueprint as stakeholders
from app.studies.tasks import letters
from app.studies.views import FromScoring, studies_blueprint
from app.subjects.tasks import expire_words
from app.subjects.views import blueprint as subjects
from app.subscriptions.tasks import pages
from app.subscriptions.views import blueprint as subscriptions
from app.surveys.tasks import mail, trigger
from app.surveys.views import prepare_surveys
from app.timeline.views import blueprint as timeline
from app.transfer.tasks import forget_old_uploads
from app.transfer.views import blueprint as transfer
from app.users.sign_in import prepare_sign_in


def wire(application: Flask) -> None:
    """Attach every blueprint, job handler and template filter.

    The order matters: first what every request needs, then who asks and whether they may, then what they sent.
    """
    prepare_web(application)
    prepare_sign_in(application)
    prepare_uploads(application)
    prepare_forgery_check(application)
    application.register_blueprint(
        studies_blueprint(FromScoring(scored_at, last_voices, low_core_shares, flagged_responses))
    )
    application.register_blueprint(interviews)
    application.register_blueprint(actions)
    application.register_blueprint(playbooks_blueprint)
    application.register_blueprint(reports)
    application.register_blueprint(customer360)
    application.register_blueprint(meetings)
    application.register_blueprint(subscriptions)
    application.register_blueprint(health)
    application.register_blueprint(alerts_blueprint)
    application.register_blueprint(effort_blueprint(standing_still))
    application.register_blueprint(plans)
    application.register_blueprint(ledger)
    application.register_blueprint(timeline)
    application.register_blueprint(pulse_blueprint(partial(kappa, weights="linear")))
    application.register_blueprint(stakeholders)
    application.register_blueprint(overlays_blueprint(newest_voices))
    application.register_blueprint(relationships_blueprint)
    application.register_blueprint(education)
    application.register_blueprint(settings)
    application.register_blueprint(transfer)
    application.register_blueprint(authoring)
    application.register_blueprint(subjects)
    application.register_blueprint(home)
    prepare_surveys(application)
    beside = Beside(predicted_pairs)
    jobs: dict[str, Handler] = {
        "health": compute_health,
        "relationships": relationships,
        "score": partial(score, beside),
        "check": partial(check, beside),
        "choose": choose,
        "validate": validate,
        "distress": distress,
        "mail": mail,
        "letters": letters,
        "trigger": trigger,
        "appointments": appointments,
        "delivery": delivery,
        "alerts": alerts,
        "pages": pages,
        "playbooks": playbooks,
        "reminders": reminders,
        "forget_old_uploads": forget_old_uploads,
        "expire_words": expire_words,
    }
    prepare_queue(application, jobs)
