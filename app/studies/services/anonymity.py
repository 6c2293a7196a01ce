"""What cannot be had of an anonymous study, and where to look instead."""

from app.core.errors import Refusal
from app.studies.models import Study


def refuse_anonymous(study: Study) -> None:
    """Refuse what needs to know who answered, with a sentence that names where to look."""
    if study.is_anonymous:
        raise Refusal(
            f"Study “{study.key}” is anonymous: no answer is tied to a person or an account. "
            f"See its figures by segment: flask report segments {study.key}",
            "study",
        )
