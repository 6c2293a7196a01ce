"""The form of the workspace's own facts."""

from flask_wtf import FlaskForm
from wtforms import StringField


class SettingsForm(FlaskForm):  # type: ignore[misc]
    """Who asks, and in which currency amounts are."""

    organisation = StringField("Your organisation", description="Customers see it as who asks.")
    currency = StringField("Currency", description="Its three letters, as EUR. Empty: that of the first accounts.")
