"""Files that wait for a person's yes: kept, tried, then imported or forgotten."""

import hashlib
import os
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Missing, Refusal
from app.transfer.models import Upload
from app.transfer.queries import imported_twin, own_upload
from app.transfer.services.declared import known_format
from app.transfer.services.formats import FORMATS
from app.transfer.services.importing import import_file
from app.transfer.services.mapping import Look, chosen_columns, look_at, needs_mapping, remember, remembered
from app.transfer.services.options import Options
from app.users.services import record_event

CHUNK = 1 << 20
KEPT_FOR = timedelta(days=1)
FOLDER = "uploads"
GONE = "The file is not kept any more; upload it again."


def try_upload(
    session: Session, *, folder: Path, content: IO[bytes], filename: str, kind: str, options: Options, user_id: int
) -> Upload:
    """Keep a file and what importing it would do; nothing else is stored, and of a refused file not even that.

    Columns of a source that is known are mapped at once. An upload whose columns a person must name first is kept
    without a preview. Refuses as `import_file` does.
    """
    stored_as, size, sha256 = _keep(folder, content)
    try:
        path = folder / stored_as
        upload = Upload(
            user_id=user_id, kind=kind, filename=filename, stored_as=stored_as, sha256=sha256, size=size, options={}
        )
        look = look_at(path, known=known_format(session, kind), options=options) if kind in FORMATS else None
        known = remembered(session, kind=kind, header=look.header) if look else None
        if known is not None:
            options, known.used_at = replace(options, columns=known.columns, **known.options), now()
        source = known.source if known else None
        upload.options = _told(options) | {"source": source, "is_known": known is not None}
        if known is not None or look is None or not needs_mapping(look):
            upload.options |= _trial(session, upload, path, options)
        session.add(upload)
        session.flush()
        _note(session, upload, "upload.previewed", actor_id=user_id)
    except BaseException:
        forget_bytes(folder, stored_as)
        raise
    return upload


def map_upload(
    session: Session,
    *,
    folder: Path,
    upload_id: int,
    choices: Sequence[str],
    source: str,
    options: Options,
    user_id: int,
) -> Upload:
    """Say what the columns of a kept file are and keep what importing it so would do; remember them by a named source.

    `options` says how dates and numbers are written and what holds now. Refusal where two columns are one field or a
    required one is missing; ImportRefused where cells are at fault: the file is kept all the same.
    """
    upload = existing_upload(session, user_id=user_id, upload_id=upload_id, is_locked=True)
    if upload.imported_at:
        return upload
    look = look_at_upload(session, upload, folder=folder)
    columns = chosen_columns(look, choices)
    shape = {"date_format": options.date_format, "has_decimal_comma": options.has_decimal_comma}
    chosen = _chosen(upload.options | shape | {"columns": columns}, options, user_id)
    told = _told(chosen) | {"source": source.strip() or None, "is_known": False}
    upload.options = told | _trial(session, upload, folder / upload.stored_as, chosen)
    if source.strip():
        remember(session, source=source, look=look, columns=columns, options=chosen, user_id=user_id)
    session.flush()
    _note(session, upload, "upload.mapped", actor_id=user_id)
    return upload


def look_at_upload(session: Session, upload: Upload, *, folder: Path) -> Look:
    """The columns of a kept file; Refusal where it is gone or they cannot be told apart."""
    path = folder / upload.stored_as
    if _sha256(path) != upload.sha256:
        raise Refusal(GONE, "file")
    look = look_at(path, known=known_format(session, upload.kind), options=Options(sheet=upload.options.get("sheet")))
    if look is None:
        raise Refusal("The columns of the file cannot be told apart; mend its first row and upload it again.", "file")
    return look


def _trial(session: Session, upload: Upload, path: Path, options: Options) -> dict[str, Any]:
    """What importing an upload would do, as it is kept until its person has said yes or no."""
    trial = replace(options, is_dry_run=True, has_preview=True, actor_id=upload.user_id)
    report = import_file(session, kind=upload.kind, path=path, options=trial)
    with session.no_autoflush:
        twin = imported_twin(session, upload)
    preview = {
        "report": report.document(),
        **(report.preview.document() if report.preview else {}),
        "imported_before": twin.imported_at.isoformat() if twin and twin.imported_at else None,
    }
    return {"preview": preview}


def import_upload(session: Session, *, folder: Path, upload_id: int, options: Options, user_id: int) -> Upload:
    """Import a kept file for real, checking all of it again; one that is imported already stays as it is.

    `options` says what holds now (currency, scope); how to read the file is what its person chose. The caller forgets
    the bytes once it has committed. Missing where the upload is none of the person's.
    """
    upload = existing_upload(session, user_id=user_id, upload_id=upload_id, is_locked=True)
    if upload.imported_at:
        return upload
    path = folder / upload.stored_as
    if _sha256(path) != upload.sha256:
        raise Refusal(GONE, "file")
    kept = upload.options
    if "preview" not in kept:
        raise Refusal("Say first what the columns of the file are.", "columns")
    report = import_file(session, kind=upload.kind, path=path, options=_chosen(kept, options, user_id))
    upload.imported_at = now()
    # What the preview showed may be personal; only its counts stay.
    upload.options = kept | {"preview": {"report": kept["preview"]["report"]}, "result": report.document()}
    session.flush()
    _note(session, upload, "upload.imported", actor_id=user_id)
    return upload


def discard_upload(session: Session, *, upload_id: int, user_id: int) -> str | None:
    """Forget an upload and return under which name its bytes are kept; None, and no change, once it is imported."""
    upload = existing_upload(session, user_id=user_id, upload_id=upload_id, is_locked=True)
    if upload.imported_at:
        return None
    _note(session, upload, "upload.discarded", actor_id=user_id)
    session.delete(upload)
    session.flush()
    return upload.stored_as


def forget_uploads(session: Session, *, before: datetime) -> int:
    """Forget the uploads from before an instant that nobody said yes to, and return how many there were."""
    forgotten = sa.delete(Upload).where(Upload.imported_at.is_(None), Upload.created_at < before)
    rows = session.execute(forgotten.returning(Upload.id)).all()
    if rows:
        record_event(
            session,
            actor_id=None,
            action="upload.forgotten",
            object_type="upload",
            object_id=max(row.id for row in rows),
            fields={"uploads": len(rows)},
        )
    return len(rows)


def forget_waiting(session: Session, *, kinds: Collection[str], actor_id: int | None = None) -> list[str]:
    """Forget all uploads of these kinds that wait for a yes, and return under which names their bytes are kept."""
    waiting = sa.delete(Upload).where(Upload.imported_at.is_(None), Upload.kind.in_(kinds))
    rows = session.execute(waiting.returning(Upload.id, Upload.stored_as)).all()
    if rows:
        record_event(
            session,
            actor_id=actor_id,
            action="upload.forgotten",
            object_type="upload",
            object_id=max(row.id for row in rows),
            fields={"uploads": len(rows)},
        )
    return [row.stored_as for row in rows]


def forget_old_bytes(folder: Path, *, before: datetime) -> int:
    """Remove kept files from before an instant, whoever left them behind, and return how many there were."""
    old = [path for path in folder.glob("*") if _changed_before(path, before)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def forget_bytes(folder: Path, stored_as: str) -> None:
    """Remove the bytes of an upload."""
    (folder / stored_as).unlink(missing_ok=True)


def existing_upload(session: Session, *, user_id: int, upload_id: int, is_locked: bool = False) -> Upload:
    """Return a person's own upload; Missing for everybody else's."""
    upload = own_upload(session, user_id=user_id, upload_id=upload_id, is_locked=is_locked)
    if upload is None:
        raise Missing("There is no such upload.")
    return upload


def _keep(folder: Path, content: IO[bytes]) -> tuple[str, int, str]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stored_as, size, digest = secrets.token_hex(16), 0, hashlib.sha256()
    descriptor = os.open(folder / stored_as, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            while chunk := content.read(CHUNK):
                size += file.write(chunk)
                digest.update(chunk)
    except BaseException:
        forget_bytes(folder, stored_as)
        raise
    return stored_as, size, digest.hexdigest()


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def _told(options: Options) -> dict[str, Any]:
    return {
        "date_format": options.date_format,
        "has_decimal_comma": options.has_decimal_comma,
        "study": options.study,
        "renamed": dict(options.renamed),
        "ignored": list(options.ignored),
        "columns": dict(options.columns),
        "sheet": options.sheet,
    }


def _chosen(kept: Mapping[str, Any], present: Options, user_id: int) -> Options:
    return replace(
        present,
        date_format=kept["date_format"],
        has_decimal_comma=kept["has_decimal_comma"],
        study=kept["study"],
        renamed=kept["renamed"],
        ignored=kept["ignored"],
        columns=kept.get("columns", {}),
        sheet=kept.get("sheet"),
        actor_id=user_id,
        is_dry_run=False,
    )


def _changed_before(path: Path, instant: datetime) -> bool:
    try:
        return path.stat().st_mtime < instant.timestamp()
    except FileNotFoundError:
        return False


def _note(session: Session, upload: Upload, action: str, *, actor_id: int) -> None:
    fields = {"kind": upload.kind, "size": upload.size}
    record_event(session, actor_id=actor_id, action=action, object_type="upload", object_id=upload.id, fields=fields)
