"""A mark of each respondent's scores, so that scoring again writes only those that changed."""

import sqlalchemy as sa
from alembic import op

revision = "1795821000"
down_revision = "1795813200"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("respondent_score", sa.Column("mark", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("respondent_score", "mark")
