"""Tables of transfer: files that were uploaded and wait for a person's yes, and what columns of their sources mean."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Document, Key


class Upload(Base):
    """A file that was uploaded, previewed, and imported once its person said yes.

    The bytes lie under `stored_as` in the uploads folder until then. `options` are those of the import: date_format,
    has_decimal_comma, study, renamed, ignored, columns, sheet; and the preview, which an upload lacks until it is known
    what its columns mean.
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


class ImportMapping(Base):
    """What the columns of a source's files mean, so that its next file is read at once; all who import share it.

    `header` holds the names as the file wrote them, `columns` what each is to us (empty: left out), `options` how dates
    and numbers are written.
    """

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("source", "kind"),)

    id: Mapped[Key]
    source: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    header: Mapped[list[str]]
    columns: Mapped[Document]
    options: Mapped[Document]
    made_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    used_at: Mapped[datetime] = mapped_column(default=now)
