"""The forms of personal data."""

from flask_wtf import FlaskForm
from wtforms import StringField


class RetentionForm(FlaskForm):  # type: ignore[misc]
    """For how long people's own words are kept."""

    retention_months = StringField(
        "Months for which people’s own words are kept", description="At least 1. Empty: for ever."
    )


class PersonForm(FlaskForm):  # type: ignore[misc]
    """Whose data it is about."""

    email = StringField("Address", description="The person’s e-mail address, as in your contacts.")


class ErasureForm(PersonForm):
    """Whose data are to be erased, typed once more so that it is the right person."""

    again = StringField("The address once more", description="So that it is the right person: this cannot be undone.")
