"""Deals may have a currency of their own, as promises do."""

import sqlalchemy as sa
from alembic import op

revision = "1795864000"
down_revision = "1795855800"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("opportunity", sa.Column("currency", sa.String(3), nullable=True))


def downgrade() -> None:
    op.drop_column("opportunity", "currency")
