"""How pages of accounts are arranged, and what a search for relationships reads."""

import sqlalchemy as sa
from alembic import op

revision = "1795854600"
down_revision = "1795854000"
branch_labels = ()
depends_on = None

RELATIONSHIPS = {
    "sqlite": """UPDATE relationship SET searched = small_letters(
        coalesce(name, '') || char(10) || crm_id || char(10) || type)""",
    "postgresql": """UPDATE relationship SET searched = lower(
        coalesce(name, '') || chr(10) || crm_id || chr(10) || type)""",
}


def upgrade() -> None:
    op.create_table(
        "page_layout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("extent", sa.String(10), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_page_layout_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_layout")),
        sa.UniqueConstraint("extent", "name", "revision", name=op.f("uq_page_layout_extent_name_revision")),
    )
    op.add_column("relationship", sa.Column("searched", sa.Text()))
    op.execute(RELATIONSHIPS[op.get_bind().dialect.name])
    op.create_index("ix_relationship_named", "relationship", ["name"])
    op.create_index("ix_relationship_searched", "relationship", ["account_id", "searched"])
    op.create_index("ix_account_searched", "account", ["searched"], postgresql_where=sa.text("length(searched) < 600"))


def downgrade() -> None:
    op.drop_index("ix_account_searched", "account")
    op.drop_index("ix_relationship_searched", "relationship")
    op.drop_index("ix_relationship_named", "relationship")
    op.drop_column("relationship", "searched")
    op.drop_table("page_layout")
