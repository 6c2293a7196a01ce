"""The interviewer's day: whom they meet, whom they call, and what closes soon."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.actions.queries.asking import running_studies, to_ask_again
from app.core.clock import now
from app.core.database import db
from app.core.errors import Refusal
from app.interviews.queries.calls import Callee, closing_studies, meetings_between, people_to_call
from app.interviews.queries.planning import own_zone
from app.interviews.rules.local_time import zone_names
from app.interviews.rules.meeting import WAYS
from app.interviews.rules.moments import day_words, moment_words
from app.interviews.rules.next_call import Ready, best_call, in_order
from app.interviews.services.appointments import choose_zone
from app.interviews.views.appointments import reader_zone
from app.interviews.views.blueprint import blueprint
from app.studies.rules.attempts import CALL_OUTCOMES
from app.users.policy import Permission, access, current_scope

SOON_DAYS = 7
MOST_CALLS = 50
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True)
class CallLine:
    """Somebody to call, as the list shows them: `when` is when they may be called, by their own clock."""

    person: Callee
    is_now: bool
    is_promised: bool
    when: str
    last: str


@blueprint.get("/interviews/day")
@access(Permission.INTERVIEWS_WRITE)
def day() -> ResponseReturnValue:
    """Show one day of the caller's interviews, by their own clock."""
    return day_page()


@blueprint.post("/interviews/own-zone")
@access(Permission.INTERVIEWS_WRITE)
def own_clock() -> ResponseReturnValue:
    """Note by which clock the caller lives."""
    try:
        choose_zone(db.session, user_id=current_scope().user_id, name=request.form.get("timezone", ""))
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        return day_page(refusal), 400
    flash("Times are shown by your clock now.")
    return redirect(url_for("interviews.day"), code=303)


def day_page(refusal: Refusal | None = None) -> str:
    """Render the day that was asked for, today where it was none."""
    scope, at, reader = current_scope(), now(), reader_zone()
    today = at.astimezone(reader).date()
    on = day_asked(request.args.get("on", ""), today)
    people = people_to_call(db.session, scope=scope, at=at)
    by_id = {one.to_call.interview_id: one for one in people}
    ordered = [by_id[one.interview_id] for one in in_order([one.to_call for one in people], at=at)]
    return render_template(
        "interviews/day.html",
        on=on,
        today=today,
        title_day=day_words(datetime.combine(on, time(12)), "en"),
        before=on - timedelta(days=1),
        after=on + timedelta(days=1),
        meetings=[meeting_line(row, reader) for row in meetings_on(on, reader)],
        ways=WAYS,
        calls=[call_line(one, at) for one in ordered[:MOST_CALLS]],
        calls_count=len(ordered),
        ready_count=sum(one.to_call.ready(at) is not Ready.LATER for one in people),
        best=best_call([one.to_call for one in people], at=at),
        again=again_lines(today),
        closing=closing_studies(db.session, scope=scope, on=today, until=today + timedelta(days=SOON_DAYS)),
        reader=reader.key.replace("_", " "),
        is_reader_known=own_zone(db.session, scope.user_id) is not None,
        zones=zone_names(),
        typed=request.form.get("timezone", "") if refusal else own_zone(db.session, scope.user_id) or "",
        refusal=refusal,
        is_nobody="nobody" in request.args,
    )


def again_lines(today: date) -> list[dict[str, Any]]:
    """Return whom the caller is to ask again, with the study that asks them now, if one does."""
    rows = to_ask_again(db.session, scope=current_scope())
    studies = running_studies(db.session, contact_ids=[row.contact_id for row in rows if row.contact_id], on=today)
    return [{"row": row, "study": studies.get(row.contact_id or 0)} for row in rows]


def day_asked(raw: str, today: date) -> date:
    """Return the day of the address, today where it names none that calendars reach."""
    try:
        asked = date.fromisoformat(raw)
    except ValueError:
        return today
    return asked if FIRST_DAY <= asked <= LAST_DAY else today


def meetings_on(on: date, reader: ZoneInfo) -> Any:
    """Return the caller's appointments of a day by their own clock."""
    since, until = (datetime.combine(each, time(), reader).astimezone(UTC) for each in (on, on + timedelta(days=1)))
    return meetings_between(db.session, scope=current_scope(), since=since, until=until)


def meeting_line(row: Any, reader: ZoneInfo) -> dict[str, Any]:
    """Return one appointment as the day shows it."""
    found = row.Appointment
    local = found.starts_at.astimezone(reader)
    return {
        "row": row,
        "time": f"{local:%H:%M}",
        "ends": f"{(found.starts_at + timedelta(minutes=found.minutes)).astimezone(reader):%H:%M}",
        "theirs": moment_words(found.starts_at, ZoneInfo(found.timezone), "en"),
        "way": WAYS[found.way],
        "place": found.place,
        "is_link": found.place.startswith("https://"),
    }


def call_line(one: Callee, at: datetime) -> CallLine:
    """Return somebody to call as the day shows them."""
    due_at, ready = one.to_call.due_at(at), one.to_call.ready(at)
    return CallLine(
        person=one,
        is_now=ready is not Ready.LATER,
        is_promised=one.to_call.is_promised,
        when=moment_words(due_at, one.to_call.zone, "en"),
        last=CALL_OUTCOMES[one.last].label if one.last else "",
    )
