"""The lists: which tables, blueprints, job handlers and filters make up the application."""

from flask import Flask

import app.core.workspace
import app.customers.models
import app.health.models
import app.interviews.models
import app.questionnaires.models
import app.responses.models
import app.scoring.models
import app.studies.models
import app.transfer.models
import app.users.models  # noqa: F401  (each models module registers its tables)
from app.core.forgery import prepare_forgery_check
from app.core.queue import prepare_queue
from app.core.web import prepare_web
from app.customer360.views import blueprint as customer360
from app.reports.views import blueprint as reports
from app.scoring.queries import scored_at
from app.scoring.tasks import rescore
from app.studies.views import studies_blueprint
from app.users.sign_in import prepare_sign_in


def wire(application: Flask) -> None:
    """Attach every blueprint, job handler and template filter.

    The order matters: first what every request needs, then who asks and whether they may, then what they sent.
    """
    prepare_web(application)
    prepare_sign_in(application)
    prepare_forgery_check(application)
    application.register_blueprint(studies_blueprint(scored_at))
    application.register_blueprint(reports)
    application.register_blueprint(customer360)
    prepare_queue(application, {"rescore": rescore})
