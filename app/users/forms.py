"""Forms about people."""

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.core.workspace import LONGEST_NAME
from app.users.rules.passwords import LONGEST, SHORTEST
from app.users.rules.roles import Role

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
    organisation = StringField(
        "Your organisation",
        [Length(max=LONGEST_NAME)],
        description="Optional. Customers see it as who asks. You can change it later.",
    )
    currency = StringField(
        "Currency",
        description="Optional. Its three letters, as EUR; left empty, it is that of the first accounts you import.",
    )


ROLES = [
    SelectChoice(Role.ADMIN.value, "Admin: everything, people and settings too"),
    SelectChoice(Role.LEADER.value, "Leader: own studies, imports, reports"),
    SelectChoice(Role.CSM.value, "CSM: assigned accounts and own interviews"),
    SelectChoice(Role.VIEWER.value, "Viewer: reports without contacts"),
]


class NewPersonForm(FlaskForm):  # type: ignore[misc]
    """Somebody who shall sign in."""

    name = StringField("Name", [InputRequired("Enter a name."), Length(max=200)])
    email = EmailField("E-mail", [InputRequired("Enter an e-mail address."), Length(max=LONGEST_ADDRESS)])
    role = SelectField("Role", choices=ROLES, default=Role.VIEWER.value, validate_choice=False)
    password = PasswordField("Password", description=f"Leave it empty to have one made up and shown to you. {ADVICE}")


class RoleForm(FlaskForm):  # type: ignore[misc]
    """Another role for somebody."""

    role = SelectField("Role", choices=ROLES, validate_choice=False)


class FactorForm(FlaskForm):  # type: ignore[misc]
    """Whether the people of a role must have a second factor."""

    role = SelectField("Role", choices=ROLES, validate_choice=False)
    is_required = SelectField("Needs it", choices=["yes", "no"])


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
