"""`flask study open-links`: the one link of each stratum of an anonymous study."""

from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app

from app.cli.edge import as_json_option, edge, emit
from app.core.config import Settings
from app.core.database import db
from app.core.sheets import write_csv
from app.studies.models import Study
from app.studies.queries import study_named
from app.studies.services.open_links import OPEN_COLUMNS, issue_open_links, revoke_open_link


@click.command("open-links")
@click.argument("key")
@click.option("--csv", "path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Where to write.")
@click.option("--revoke", "stratum", metavar="STRATUM", help="End the link of one stratum instead.")
@as_json_option
@edge
def open_links(key: str, path: Path | None, stratum: str | None, *, as_json: bool) -> None:
    """List the open link of each stratum of an anonymous study, or revoke that of one."""
    if path is not None and stratum is not None:
        raise click.UsageError("Give either --csv FILE or --revoke STRATUM.")
    study = study_named(db.session, key)
    if stratum is None:
        list_links(study, path, as_json=as_json)
        return
    ended = revoke_open_link(db.session, study=study, stratum=stratum)
    emit(as_json, {"study": key, "revoked": ended}, f"Revoked {ended} open links of stratum {stratum}.")


def list_links(study: Study, path: Path | None, *, as_json: bool) -> None:
    """Issue what is missing and list all links; committed first, so that nobody gets a link that is not there."""
    settings: Settings = current_app.config["SETTINGS"]
    issued = issue_open_links(db.session, study=study, secret=str(current_app.secret_key), base_url=settings.base_url)
    db.session.commit()
    if path is not None:
        write_csv(path, OPEN_COLUMNS, [link.cells() for link in issued.links])
    document = {
        "study": study.key,
        "issued": issued.new,
        "file": path and str(path),
        "links": [{**asdict(link), "expires_at": link.expires_at.isoformat()} for link in issued.links],
    }
    emit(as_json, document, "\n".join(f"{link.stratum}: {link.url}" for link in issued.links))
