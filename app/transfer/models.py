"""Tables of transfer: files that were uploaded and wait for a person's yes."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Document, Key


class Upload(Base):
    """A file that was uploaded, previewed, and imported once its person said yes.

    The bytes lie under `stored_as` in the uploads folder until then. `options` are those of the import: date_format,
    has_decimal_comma, study, renamed, ignored.
    """

    __tablename__ = "upload"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    filename: Mapped[str] = mapped_column(String(255))
    stored_as: Mapped[str] = mapped_column(String(64), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    options: Mapped[Document]
    created_at: Mapped[datetime] = mapped_column(default=now)
    imported_at: Mapped[datetime | None]
