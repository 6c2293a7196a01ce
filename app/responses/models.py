"""Tables of responses, answers and what was noted around them, written by this feature alone."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Key


class Response(Base):
    """What one respondent said in one study: one row however often it is sent.

    `external_id` is the `response_id` of an imported file, else one made here; it is what exports and evidence name.
    `consent_version` is the text about their data that stood below the form that was sent; null where none did.
    `erased_at` is when its words were taken away at the person's wish: nothing can be added since. `handed_over_at` is
    since when an interview is the customer's to finish by a link: until it is taken back no interviewer can write.
    """

    __tablename__ = "response"
    __table_args__ = (UniqueConstraint("respondent_id"), UniqueConstraint("study_id", "external_id"))

    id: Mapped[Key]
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    respondent_id: Mapped[int] = mapped_column(ForeignKey("respondent.id"))
    external_id: Mapped[str] = mapped_column(String(200))
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    mode: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(10))
    language: Mapped[str | None] = mapped_column(String(20))
    consent_version: Mapped[int | None]
    submitted_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)


class Answer(Base):
    """One answer to one question; superseded, never overwritten: the current one has no `superseded_at`.

    `item` is the CRM's id of the relationship that a looped question was asked about, blank where it is asked once.
    `absence` says why there is no value. `is_counted` is false behind a branch that closed: kept, but no part of what
    was said. `recorded_by` is the interviewer who wrote it down; null for what respondents and imports brought.
    `blanked_at` is when words were taken away that stood here; the question counts as answered all the same. `mode` is
    by which door it was given: an interview that was handed over holds answers of both.
    """

    __tablename__ = "answer"

    id: Mapped[Key]
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    item: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    mode: Mapped[str] = mapped_column(String(10), default="survey", server_default="survey")
    value_number: Mapped[float | None]
    value_text: Mapped[str | None] = mapped_column(Text)
    absence: Mapped[str | None] = mapped_column(String(20))
    is_counted: Mapped[bool] = mapped_column(default=True, server_default=true())
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    superseded_at: Mapped[datetime | None]
    blanked_at: Mapped[datetime | None]


class Remark(Base):
    """What an interviewer noted around one question; each save is a new row with the next `revision`.

    The unique revision is what lets one of two simultaneous saves win and tells the other. `item` is as with answers.
    `absence` says why there is no answer, `reason` the same in the interviewer's words, `probes` which probes were
    asked, `quote_permission` how the quote may be used; a quote is word for word unless it `is_paraphrase`. What
    `is_starred` belongs into the brief, what `is_later` is to be put again. `blanked_at` is when note, quote and reason
    were taken away. `save_key` is what the page called the save, so that the same one is known again.
    """

    __tablename__ = "remark"
    __table_args__ = (UniqueConstraint("response_id", "question_id", "item", "revision"),)

    id: Mapped[Key]
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    item: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    revision: Mapped[int]
    note: Mapped[str | None] = mapped_column(Text)
    quote: Mapped[str | None] = mapped_column(Text)
    quote_permission: Mapped[str | None] = mapped_column(String(20))
    is_paraphrase: Mapped[bool] = mapped_column(default=False, server_default=false())
    absence: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(Text)
    probes: Mapped[list[str]] = mapped_column(default=list)
    is_starred: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_later: Mapped[bool] = mapped_column(default=False, server_default=false())
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    superseded_at: Mapped[datetime | None]
    blanked_at: Mapped[datetime | None]
    save_key: Mapped[str | None] = mapped_column(String(36))


class PromiseAnswer(Base):
    """What the customer said when asked whether a promise has reached them, in an interview that asks other things.

    `said` is yes, partly or no; null takes back what was noted by mistake: it was not asked. A row is superseded, never
    overwritten. It counts once the response is submitted, as any answer does.
    """

    __tablename__ = "promise_answer"

    id: Mapped[Key]
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id"), index=True)
    said: Mapped[str | None] = mapped_column(String(10))
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    superseded_at: Mapped[datetime | None]


class Submission(Base):
    """One time that a response was sent: by which form, with which content, and whether it was opened again since.

    The same form with the same content is the same submission, however often it arrives. What the response said at a
    submission are the answers that were current at `submitted_at`. `seconds` is how long the form had stood open.
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("response_id", "form_key", "content_sha256"),)

    id: Mapped[Key]
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    form_key: Mapped[str] = mapped_column(String(64))
    content_sha256: Mapped[str] = mapped_column(String(64))
    submitted_at: Mapped[datetime] = mapped_column(default=now)
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    seconds: Mapped[int | None]
    reopened_at: Mapped[datetime | None]
    reopened_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str | None] = mapped_column(Text)


class AnonymousResponse(Base):
    """What somebody said in an anonymous study: of which stratum, in which language, on which day, and no more.

    `id` is random and rows are kept in its order, so that none of them tells which came first. `form_sha256` is the
    hash of a random key in the form, by which sending it again edits the same row; it is wiped when the study closes.
    """

    __tablename__ = "anonymous_response"
    __table_args__ = (UniqueConstraint("study_id", "form_sha256"), {"sqlite_with_rowid": False})

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    stratum: Mapped[str] = mapped_column(String(400))
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    language: Mapped[str | None] = mapped_column(String(20))
    answered_on: Mapped[date]
    form_sha256: Mapped[str | None] = mapped_column(String(64))


class AnonymousAnswer(Base):
    """One answer of an anonymous response; the newest replaces the one before, so that no row tells of a change."""

    __tablename__ = "anonymous_answer"
    __table_args__ = ({"sqlite_with_rowid": False},)

    response_id: Mapped[str] = mapped_column(ForeignKey("anonymous_response.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(200), primary_key=True, default="", server_default=text("''"))
    value_number: Mapped[float | None]
    value_text: Mapped[str | None] = mapped_column(Text)
    absence: Mapped[str | None] = mapped_column(String(20))
    is_counted: Mapped[bool] = mapped_column(default=True, server_default=true())


class ResponseChange(Base):
    """The fact that a study's responses changed since it was scored; scoring takes away the rows that it has seen.

    `response_id` names the one that did; null where many did, or something else that figures come from. A row committed
    while a scoring computes is not seen by it and stays for the next, on any database.
    """

    __tablename__ = "response_change"

    id: Mapped[Key]
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    response_id: Mapped[int | None]
    changed_at: Mapped[datetime] = mapped_column(default=now)


CURRENT = text("superseded_at IS NULL")
Index(
    "uq_answer_current",
    Answer.response_id,
    Answer.question_id,
    Answer.item,
    unique=True,
    sqlite_where=CURRENT,
    postgresql_where=CURRENT,
)
Index("ix_answer_response_id", Answer.response_id)
Index(
    "uq_promise_answer_current",
    PromiseAnswer.response_id,
    PromiseAnswer.promise_id,
    unique=True,
    sqlite_where=CURRENT,
    postgresql_where=CURRENT,
)
Index(
    "uq_remark_current",
    Remark.response_id,
    Remark.question_id,
    Remark.item,
    unique=True,
    sqlite_where=CURRENT,
    postgresql_where=CURRENT,
)
