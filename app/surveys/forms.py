"""The form of a mail's words."""

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField


class MailTextForm(FlaskForm):  # type: ignore[misc]
    """What a mail says; the rules of the texts look at it, wherever it comes from."""

    subject = StringField("Subject", description="One line. Placeholders work here too, except {link}.")
    body = TextAreaField("Text", description="An empty line begins a new paragraph. The button and the numbers follow.")
