"""The lists: which tables, blueprints, job handlers and filters make up the application."""

from flask import Flask

import app.core.workspace
import app.customers.models
import app.health.models
import app.questionnaires.models
import app.responses.models
import app.scoring.models
import app.studies.models
import app.users.models  # noqa: F401  (each models module registers its tables)


def wire(application: Flask) -> None:
    """Attach every blueprint, job handler and template filter."""
