"""Which response changed, so that its account is scored at once."""

import sqlalchemy as sa
from alembic import op

revision = "1795812600"
down_revision = "1795801800"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("response_change") as table:
        table.add_column(sa.Column("response_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_response_change_response_id_response"), "response", ["response_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("response_change") as table:
        table.drop_constraint(op.f("fk_response_change_response_id_response"), type_="foreignkey")
        table.drop_column("response_id")
