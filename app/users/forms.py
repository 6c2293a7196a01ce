"""Forms about people."""

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField
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


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The code that follows the password."""

    code = StringField(
        "Code",
        [InputRequired("Enter the code.")],
        description="The six digits that your authenticator app shows now, or one of your recovery codes.",
    )


class PasswordAgainForm(FlaskForm):  # type: ignore[misc]
    """The present password, asked again before something that matters."""

    password = PasswordField("Your password", [InputRequired("Enter your password.")])


class SetUpForm(PasswordAgainForm):
    """The password again, and the first code of the offered secret."""

    offer = HiddenField()
    code = StringField(
        "Code",
        [InputRequired("Enter the code that the app shows.")],
        description="The six digits that the app shows now.",
    )
