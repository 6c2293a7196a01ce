"""Which response changed, so that its account is scored at once."""

import sqlalchemy as sa
from alembic import op

revision = "1795812600"
down_revision = "1795801800"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("response_change", sa.Column("response_id", sa.Integer()))


def downgrade() -> None:
    op.drop_column("response_change", "response_id")
