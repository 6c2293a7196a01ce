"""The form of the workspace's own facts."""

from flask_wtf import FlaskForm
from wtforms import StringField


class SettingsForm(FlaskForm):  # type: ignore[misc]
    """Who asks, in which currency amounts are, and how often customers are asked."""

    organisation = StringField("Your organisation", description="Customers see it as who asks.")
    currency = StringField("Currency", description="Its three letters, as EUR. Empty: that of the first accounts.")
    person_days = StringField("Days between two studies for a person", description="Over all studies and modes.")
    account_studies = StringField("Studies for an account", description="The stakeholders of one study count once.")
    account_days = StringField("Within how many days", description="Other studies within these days count.")
