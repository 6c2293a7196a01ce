"""The form by which files come in."""

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from app.transfer.rules.mappings import has_control_characters, names_of, pairs_of

RESPONSES = "responses"
"""The kind of file that belongs to a study."""

NO_STUDY = SelectChoice("", "Choose a study")
LONGEST_LIST = 20_000


def refuse_controls(_form: Any, field: Any) -> None:
    """Refuse characters that nobody types."""
    if has_control_characters(field.data or ""):
        raise ValidationError("Remove the characters that cannot be seen.")


class UploadForm(FlaskForm):  # type: ignore[misc]
    """What a file holds, the file, and how to read it; the view knows which kinds and studies there are."""

    kind = SelectField("What does the file hold?", choices=[], validate_choice=False)
    file = FileField("File", [FileRequired("Choose a file.")], description="CSV or XLSX, at most 16 MB.")
    date_format = StringField(
        "Date format",
        [Length(max=40, message="Write it in at most 40 characters."), refuse_controls],
        description="Leave empty for 2026-01-31. For 31.01.2026 write %d.%m.%Y.",
    )
    has_decimal_comma = BooleanField("Numbers are written 1.234,56")
    sheet = StringField(
        "Sheet of a workbook",
        [Length(max=80, message="Write it in at most 80 characters."), refuse_controls],
        description="Leave empty where one sheet alone has rows.",
    )
    study = SelectField("Study", choices=[NO_STUDY], validate_choice=False)
    renamed = TextAreaField(
        "Questions that have another name in the file",
        [Length(max=LONGEST_LIST), refuse_controls],
        description="One a line, as csat_1_5=satisfaction: first the name in the file, then the study’s.",
    )
    ignored = TextAreaField(
        "Questions to leave out",
        [Length(max=LONGEST_LIST), refuse_controls],
        description="One name a line.",
    )

    def validate_kind(self, field: Any) -> None:
        """Refuse a kind of file that there is none of."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("Choose what the file holds.")

    def validate_study(self, field: Any) -> None:
        """Ask for the study where the file holds responses."""
        if self.is_of_responses and not field.data:
            raise ValidationError("Choose the study that these responses belong to; it must have been drawn.")

    def validate_renamed(self, field: Any) -> None:
        """Refuse lines that map nothing."""
        try:
            pairs_of(field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from error

    @property
    def is_of_responses(self) -> bool:
        """Whether the fields for responses count."""
        return bool(self.kind.data == RESPONSES)

    def chosen(self) -> dict[str, Any]:
        """What was chosen, as options of an import."""
        chosen = {
            "date_format": (self.date_format.data or "").strip() or None,
            "has_decimal_comma": self.has_decimal_comma.data,
            "sheet": (self.sheet.data or "").strip() or None,
        }
        if not self.is_of_responses:
            return chosen
        asked = {"renamed": pairs_of(self.renamed.data or ""), "ignored": names_of(self.ignored.data or "")}
        return chosen | asked | {"study": self.study.data}


class ColumnsForm(FlaskForm):  # type: ignore[misc]
    """How the values of a file are written, and by which name its source is remembered; its columns stand beside."""

    source = StringField(
        "Remember these columns as",
        [Length(max=120, message="Write it in at most 120 characters."), refuse_controls],
        description="For example Salesforce accounts. The next file with the same columns is read at once. Leave it "
        "empty to map this file alone.",
    )
    date_format = StringField(
        "Date format",
        [Length(max=40, message="Write it in at most 40 characters."), refuse_controls],
        description="Leave empty for 2026-01-31. For 31.01.2026 write %d.%m.%Y.",
    )
    has_decimal_comma = BooleanField("Numbers are written 1.234,56")
