"""Jobs of transfer: uploads that nobody said yes to are forgotten."""

from flask import current_app

from app.core.clock import now
from app.core.database import db
from app.transfer.services.uploads import FOLDER, KEPT_FOR, forget_old_bytes, forget_uploads


def forget_old_uploads() -> int:
    """Forget uploads older than a day; running it twice changes nothing."""
    before = now() - KEPT_FOR
    count = forget_uploads(db.session, before=before)
    db.session.commit()
    forget_old_bytes(current_app.config["SETTINGS"].home / FOLDER, before=before)
    return count
