"""How a command reads a file that holds one JSON object."""

from pathlib import Path
from typing import Any

import click

from app.core.documents import parse_json
from app.core.errors import Refusal

json_file = click.argument("path", metavar="FILE.json", type=click.Path(exists=True, dir_okay=False, path_type=Path))


def read_document(path: Path) -> dict[str, Any]:
    """Return the file's JSON object; a Refusal names the file and says what is wrong with it."""
    try:
        return parse_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Refusal(f"{path.name}: {error}", "file") from error
