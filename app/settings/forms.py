"""The forms of the workspace's own facts, and of what customers are told."""

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from app.settings.rules import LANGUAGES


class SettingsForm(FlaskForm):  # type: ignore[misc]
    """Who asks, in which currency amounts are, and how often customers are asked."""

    organisation = StringField("Your organisation", description="Customers see it as who asks.")
    currency = StringField("Currency", description="Its three letters, as EUR. Empty: that of the first accounts.")
    person_days = StringField("Days between two studies for a person", description="Over all studies and modes.")
    account_studies = StringField("Studies for an account", description="The stakeholders of one study count once.")
    account_days = StringField("Within how many days", description="Other studies within these days count.")


class ConsentForm(FlaskForm):  # type: ignore[misc]
    """What customers are told about their data, in each of our languages."""


for language, name in LANGUAGES.items():
    setattr(ConsentForm, language, TextAreaField(name))
