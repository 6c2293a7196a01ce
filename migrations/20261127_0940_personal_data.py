"""Personal data: what customers are told, how long their words are kept, and who was erased."""

import sqlalchemy as sa
from alembic import op

from app.core.database import Instant

revision = "1795772400"
down_revision = "1795764600"
branch_labels = ()
depends_on = None

INSTANTS = (
    ("contact", "erased_at"),
    ("response", "erased_at"),
    ("answer", "blanked_at"),
    ("remark", "blanked_at"),
    ("workspace", "expired_at"),
)


def upgrade() -> None:
    op.create_table(
        "consent_text",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by", sa.Integer()),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_consent_text_created_by")),
        sa.PrimaryKeyConstraint("version", "language", name=op.f("pk_consent_text")),
    )
    for table, column in INSTANTS:
        op.add_column(table, sa.Column(column, Instant()))
    op.add_column("response", sa.Column("consent_version", sa.Integer()))
    op.add_column("workspace", sa.Column("retention_months", sa.Integer(), server_default="24"))


def downgrade() -> None:
    op.drop_column("workspace", "retention_months")
    op.drop_column("response", "consent_version")
    for table, column in reversed(INSTANTS):
        op.drop_column(table, column)
    op.drop_table("consent_text")
