"""Which dimension of voice a scorecard's measures are held against, where somebody chose."""

import sqlalchemy as sa
from alembic import op

import app.core.database

revision = "1795801111"
down_revision = "1795798800"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "measure_dimensions",
        sa.Column("scorecard_key", sa.String(80), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", app.core.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["user.id"], name=op.f("fk_measure_dimensions_changed_by_user")),
        sa.PrimaryKeyConstraint("scorecard_key", name=op.f("pk_measure_dimensions")),
    )


def downgrade() -> None:
    op.drop_table("measure_dimensions")
