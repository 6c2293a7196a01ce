"""Forms about people."""

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.users.rules.passwords import LONGEST, SHORTEST

ADVICE = f"{SHORTEST} to {LONGEST} characters; a few unrelated words are easy to remember."
LONGEST_ADDRESS = 254


class SignInForm(FlaskForm):  # type: ignore[misc]
    """E-mail and password, in one form."""

    email = EmailField("E-mail", [InputRequired("Enter your e-mail address."), Length(max=LONGEST_ADDRESS)])
    password = PasswordField("Password", [InputRequired("Enter your password.")])


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """The present password and the one to come."""

    current = PasswordField("Present password", [InputRequired("Enter your present password.")])
    password = PasswordField("New password", [InputRequired("Enter the new password.")], description=ADVICE)


class FirstAdminForm(FlaskForm):  # type: ignore[misc]
    """The first login of an empty workspace."""

    name = StringField("Your name", [InputRequired("Enter your name."), Length(max=200)])
    email = EmailField("E-mail", [InputRequired("Enter your e-mail address."), Length(max=LONGEST_ADDRESS)])
    password = PasswordField("Password", [InputRequired("Choose a password.")], description=ADVICE)
