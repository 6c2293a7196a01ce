"""Relationships get data of their own: a parent, fields, telemetry, health, types, a rule of roll-up, and actions."""

import sqlalchemy as sa
from alembic import op

revision = "1795866600"
down_revision = "1795864000"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("relationship", sa.Column("parent_crm_id", sa.String(200), nullable=True))
    op.add_column("relationship", sa.Column("custom", sa.JSON(), nullable=True))
    op.execute("UPDATE relationship SET custom = '{}'")
    with op.batch_alter_table("relationship", reflect_kwargs={"resolve_fks": False}) as batch:
        batch.alter_column("custom", existing_type=sa.JSON(), nullable=False)
    _actions()
    _telemetry()
    _health()
    _types()


def _actions() -> None:
    # SQLite would write all actions anew for a constraint, and look for what hangs on each of them.
    if op.get_bind().dialect.name == "sqlite":
        named = "CONSTRAINT fk_action_relationship_id REFERENCES relationship (id)"
        op.execute(f"ALTER TABLE action ADD COLUMN relationship_id INTEGER {named}")
    else:
        op.add_column("action", sa.Column("relationship_id", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f("fk_action_relationship_id"), "action", "relationship", ["relationship_id"], ["id"])
    op.create_index(op.f("ix_action_relationship_id"), "action", ["relationship_id"])


def _telemetry() -> None:
    op.create_table(
        "relationship_telemetry",
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(120), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("unit", sa.String(40), nullable=True),
        sa.ForeignKeyConstraint(
            ["relationship_id"], ["relationship.id"], name=op.f("fk_relationship_telemetry_relationship_id")
        ),
        sa.PrimaryKeyConstraint("relationship_id", "metric", "period_end", name=op.f("pk_relationship_telemetry")),
    )
    op.create_index("ix_relationship_telemetry_metric_period_end", "relationship_telemetry", ["metric", "period_end"])


def _health() -> None:
    op.create_table(
        "relationship_health",
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("scorecard_version_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("band", sa.String(10), nullable=True),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["relationship_id"], ["relationship.id"], name=op.f("fk_relationship_health_relationship_id")
        ),
        sa.ForeignKeyConstraint(
            ["scorecard_version_id"],
            ["scorecard_version.id"],
            name=op.f("fk_relationship_health_scorecard_version_id"),
        ),
        sa.PrimaryKeyConstraint(
            "relationship_id", "scorecard_version_id", "as_of", name=op.f("pk_relationship_health")
        ),
    )
    op.create_index(
        "ix_relationship_health_trend",
        "relationship_health",
        ["relationship_id", "as_of", "scorecard_version_id", "score"],
    )


def _types() -> None:
    op.create_table(
        "relationship_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_relationship_type_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relationship_type")),
        sa.UniqueConstraint("key", "revision", name=op.f("uq_relationship_type_key_revision")),
    )
    op.create_table(
        "relationship_roll_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_relationship_roll_up_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relationship_roll_up")),
        sa.UniqueConstraint("revision", name=op.f("uq_relationship_roll_up_revision")),
    )
    op.create_table(
        "relationship_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relationship_change")),
    )


def downgrade() -> None:
    for name in ("change", "roll_up", "type", "health", "telemetry"):
        op.drop_table(f"relationship_{name}")
    with op.batch_alter_table("action", reflect_kwargs={"resolve_fks": False}) as batch:
        batch.drop_index(op.f("ix_action_relationship_id"))
        if op.get_bind().dialect.name != "sqlite":  # There it goes with its column.
            batch.drop_constraint(op.f("fk_action_relationship_id"), type_="foreignkey")
        batch.drop_column("relationship_id")
    for name in ("custom", "parent_crm_id"):
        op.drop_column("relationship", name)
