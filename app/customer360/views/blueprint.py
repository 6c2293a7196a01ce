"""The blueprint that the pages of accounts share, and the converter of their addresses."""

from typing import Any

from flask import Blueprint, Flask
from werkzeug.routing import PathConverter

blueprint = Blueprint("customer360", __name__)


class AnyText(PathConverter):
    """Ids that other systems made: they may hold slashes anywhere."""

    regex = ".+?"
    part_isolating = False


@blueprint.record_once
def add_converter(state: Any) -> None:
    """Let this feature's addresses end in an id with slashes."""
    application: Flask = state.app
    application.url_map.converters["text"] = AnyText
