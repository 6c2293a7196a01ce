"""The kinds of file as this workspace knows them: with the fields that were declared here."""

from dataclasses import replace

from sqlalchemy.orm import Session

from app.relationships.queries.types import defined_types
from app.transfer.services.formats import FORMATS, RELATIONSHIPS, Format


def known_format(session: Session, kind: str) -> Format:
    """A kind of file; one of relationships takes the fields of their types too, each by its name."""
    if kind != RELATIONSHIPS.kind:
        return FORMATS[kind]
    declared = [field.key for definition in defined_types(session).values() for field in definition.fields]
    # Two types may have fields that differ by their capitals alone: a column brings the first of them.
    by_name = {key.casefold(): key for key in reversed(declared)}
    return replace(RELATIONSHIPS, fields=tuple(sorted(by_name.values())))
