"""The edge of an erasure: what is done once, by command and in the browser alike, after the transaction."""

from flask import current_app

from app.core.database import db, sweep
from app.core.outbox import remove_mails
from app.subjects.services.erasing import Erased
from app.transfer.services.uploads import FOLDER, forget_bytes


def finish(erased: Erased) -> bool:
    """Remove the files, and write SQLite's file anew without what was taken away; call it after the commit.

    False where somebody was reading, so that the database's log still holds traces.
    """
    home = current_app.config["SETTINGS"].home
    remove_mails(erased.mails)
    for stored_as in erased.uploads:
        forget_bytes(home / FOLDER, stored_as)
    return sweep(db.engine, is_thorough=True)
