"""The day on which an opportunity was created, so that a scorecard can count the new ones."""

import sqlalchemy as sa
from alembic import op

revision = "1795853400"
down_revision = "1795852800"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("opportunity", sa.Column("created_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("opportunity", "created_on")
