"""What is typed in bad faith is stored as text, shown as text, and breaks nothing."""

import time
from typing import Any

import pytest
from flask import Flask

from tests.authoring.drafts import add_pulse, draft
from tests.authoring.test_views import EDIT, basis_in, send
from tests.conftest import Fill
from tests.users.people import LEADER, changing, sign_in, token_in

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>${recommend}"
TEXT_FIELDS = (
    "text", "hint", "script", "relevant", "constraint", "constraint_message", "probes", "anchors.low", "anchors.high",
    "dimension", "value_side", "section", "about", "matrix", "calculation",
)  # fmt: skip


@pytest.fixture
def people(application: Flask, fill: Fill) -> Flask:
    """A workspace with people, a published questionnaire and a draft of its next version."""
    fill(add_pulse)
    return application


@pytest.mark.parametrize("kind", ["scale_1_5", "text", "single_choice", "note", "calculated"])
def test_no_field_of_a_question_becomes_markup(people: Flask, kind: str) -> None:
    browser = sign_in(people, LEADER)
    fields: dict[str, Any] = {**dict.fromkeys(TEXT_FIELDS, SCRIPT), "kind": kind, "text": SCRIPT}
    fields |= {"option_key": [SCRIPT, ""], "option_label": [SCRIPT, SCRIPT]}
    assert send(browser, "question.why", **fields).status_code == 303
    send(browser, "about", name=SCRIPT, language="en", **{"thanks.others": SCRIPT})
    send(browser, "section.main", title=SCRIPT, script=SCRIPT, per=SCRIPT, minutes=SCRIPT)
    for address in (
        f"{EDIT}?at=question.why", f"{EDIT}?at=about", f"{EDIT}?at=section.main", "/questionnaires/pulse/preview",
        "/questionnaires/pulse/publish", "/questionnaires/pulse/translate/de", "/questionnaires",
    ):  # fmt: skip
        reply = browser.get(address)
        assert reply.status_code == 200, address
        assert "<script>alert" not in reply.text, address
        assert "<img src=x" not in reply.text, address


def test_what_can_be_published_is_shown_as_text_everywhere(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    send(browser, "question.why", text=SCRIPT, hint=SCRIPT)
    send(browser, "about", name=SCRIPT.replace("${recommend}", ""), language="en")
    page = browser.get("/questionnaires/pulse/publish").text
    data = {"csrf_token": token_in(page), "revision": "3", "knows": "yes"}
    assert browser.post("/questionnaires/pulse/publish", data=data).status_code == 302
    for address in (
        "/questionnaires", "/questionnaires/bank", "/questionnaires/bank?q=%3Cscript%3E", "/questionnaires/pulse",
        "/questionnaires/pulse/compare", "/questionnaires/new?from=pulse",
    ):  # fmt: skip
        reply = browser.get(address)
        assert reply.status_code == 200, address
        assert "<script>alert" not in reply.text, address
        assert "<img src=x" not in reply.text, address


@pytest.mark.parametrize("field", ["text", "key", "option_label", "relevant", "kind"])
def test_a_nul_is_refused_and_the_rest_given_back(people: Flask, field: str) -> None:
    browser = sign_in(people, LEADER)
    reply = send(
        browser, "question.plan", **{"text": "Kept words", "option_label": "a", "option_key": "a", field: "a\0b"}
    )
    assert reply.status_code == 400
    if field not in {"text", "kind"}:
        assert "Kept words" in reply.text
    with changing(people) as session:
        assert draft(session).revision == 1


def test_a_nul_in_a_translation_keeps_the_other_texts(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    address = "/questionnaires/pulse/translate/fr"
    page = browser.get(address).text
    data = {
        "csrf_token": token_in(page),
        "basis": basis_in(page),
        "text:name": "Pouls",
        "text:question.why.text": "a\0",
    }
    reply = browser.post(address, data=data)
    assert (reply.status_code, "Pouls" in reply.text) == (400, True)


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param("(" * 10_000, id="open"),
        pytest.param("(" * 900 + "1" + ")" * 900, id="deep"),
        pytest.param("not(" * 400 + "1" + ")" * 400, id="calls"),
        pytest.param("${recommend} + " * 120 + "1", id="long"),
        pytest.param("'" + "a" * 50_000, id="text"),
    ],
)
def test_an_expression_of_any_shape_is_answered_quickly_in_words(people: Flask, expression: str) -> None:
    browser = sign_in(people, LEADER)
    start = time.monotonic()
    reply = send(browser, "question.why", as_json=True, text="Why?", relevant=expression)
    assert reply.status_code == 200
    assert "relevant" in reply.json["faults"] or reply.json["problems"] == 0  # type: ignore[index,operator]
    assert time.monotonic() - start < 3


def test_a_body_of_more_than_a_megabyte_is_refused(people: Flask) -> None:
    assert send(sign_in(people, LEADER), "question.why", text="x" * 1_000_001).status_code == 413


def test_a_draft_does_not_grow_without_end(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    reply = send(browser, "question.why", text="x" * 900_000)
    assert (reply.status_code, "too large" in reply.text) == (400, True)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        pytest.param({"do": "restore:99"}, 400, id="restore-nothing"),
        pytest.param({"do": "restore:x"}, 400, id="restore-words"),
        pytest.param({"do": "option_up:-1"}, 400, id="negative"),
        pytest.param({"do": "add", "new_kind": "nonsense"}, 400, id="kind"),
        pytest.param({"do": "add_row"}, 400, id="row-of-no-matrix"),
        pytest.param({"do": "nonsense"}, 303, id="unknown-button"),
        pytest.param({"kind": "nonsense"}, 400, id="no-kind"),
        pytest.param({"key": "bad key!"}, 400, id="key"),
        pytest.param({"key": "plan"}, 400, id="taken-key"),
        pytest.param({"go": "page:elsewhere:https://evil.test"}, 303, id="other-page"),
        pytest.param({"go": "https://evil.test"}, 303, id="other-site"),
        pytest.param({"basis": "nonsense", "text": "Why ${recommend}?"}, 409, id="no-basis"),
    ],
)
def test_forms_that_no_page_of_ours_sends(people: Flask, fields: dict[str, str], status: int) -> None:
    reply = send(sign_in(people, LEADER), "question.why", **{"text": "Why?", **fields})
    assert reply.status_code == status
    assert "evil.test" not in reply.headers.get("Location", "")


@pytest.mark.parametrize("place", ["question.none", "section.none", "", "constructor", "translation.de"])
def test_parts_that_are_not_there(people: Flask, place: str) -> None:
    browser = sign_in(people, LEADER)
    assert browser.get(f"{EDIT}?at={place or 'x'}").status_code == 404
    page = browser.get(EDIT).text
    data = {"csrf_token": token_in(page), "place": place, "basis": basis_in(page), "kind": "text", "text": "x"}
    assert browser.post(EDIT, data=data).status_code in {404, 409}


@pytest.mark.parametrize(
    "address",
    [
        "/questionnaires/none", "/questionnaires/none/edit", "/questionnaires/none/preview",
        "/questionnaires/none/publish", "/questionnaires/none/compare", "/questionnaires/none/translate",
        "/questionnaires/pulse?version=9", "/questionnaires/pulse/compare?from=x", "/questionnaires/new?from=none",
        "/questionnaires/pulse/translate/en", "/questionnaires/pulse/translate/..x",
    ],
)  # fmt: skip
def test_questionnaires_that_are_not_there(people: Flask, address: str) -> None:
    assert sign_in(people, LEADER).get(address).status_code == 404


def test_the_preview_can_be_framed_by_us_alone_and_sends_nothing(people: Flask) -> None:
    browser = sign_in(people, LEADER)
    reply = browser.get("/questionnaires/pulse/preview")
    policy = reply.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "form-action 'none'" in policy
    assert reply.headers["X-Frame-Options"] == "SAMEORIGIN"
    editor = browser.get(EDIT)
    assert editor.headers["X-Frame-Options"] == "DENY"
    assert "frame-src 'self'" in editor.headers["Content-Security-Policy"]
