"""A mark of each open answer that was read, so that repeated words are found without reading them again."""

import sqlalchemy as sa
from alembic import op

from app.scoring.rules.marks import mark_of_words
from app.scoring.rules.quality import LONG_TEXT

revision = "1795828200"
down_revision = "1795826400"
branch_labels = ()
depends_on = None

PORTION = 5_000
READ = sa.text("""
SELECT v.answer_id AS answer, a.value_text AS words FROM verbatim_sentiment v JOIN answer a ON a.id = v.answer_id
WHERE v.answer_id > :after AND a.value_text IS NOT NULL ORDER BY v.answer_id LIMIT :portion
""")
MARKED = sa.text("UPDATE verbatim_sentiment SET mark = :mark, is_long = :is_long WHERE answer_id = :answer")


def upgrade() -> None:
    op.add_column("verbatim_sentiment", sa.Column("mark", sa.BigInteger()))
    op.add_column("verbatim_sentiment", sa.Column("is_long", sa.Boolean(), nullable=False, server_default=sa.false()))
    bind, after = op.get_bind(), 0
    while rows := bind.execute(READ, {"after": after, "portion": PORTION}).all():
        after = rows[-1].answer
        bind.execute(
            MARKED,
            [
                {"answer": row.answer, "mark": mark_of_words(row.words), "is_long": len(row.words) >= LONG_TEXT}
                for row in rows
            ],
        )


def downgrade() -> None:
    op.drop_column("verbatim_sentiment", "is_long")
    op.drop_column("verbatim_sentiment", "mark")
