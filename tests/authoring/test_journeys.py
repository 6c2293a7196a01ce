"""Writing a questionnaire in a real browser: every kind, a condition, a translation, published and planned with."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from app.questionnaires.queries import newest_version
from app.questionnaires.rules.reading import parse_definition
from app.questionnaires.services import publish_built_ins
from tests.authoring.drafts import add_pulse, draft
from tests.conftest import InBrowser
from tests.serving import axe_findings, serving, sign_in_page
from tests.users.people import LEADER, STRANGER, add_people, changing

KINDS = {
    "scale_0_10": "Would you recommend us?", "scale_1_5": "How satisfied are you?", "scale_1_7": "How easy was it?",
    "yes_no": "Did it work?", "single_choice": "Which plan?", "multiple_choice": "Which parts?", "ranking": "In order?",
    "number": "How many seats?", "date": "Since when?", "consent": "May we quote you?", "text": "Why?",
    "note": "Nearly done.", "matrix": "How good are",
}  # fmt: skip
SIZES = ({"width": 1440, "height": 900}, {"width": 375, "height": 760})


def look(page: Page) -> list[str]:
    """Return what is wrong with a page at a desk and on a phone: axe's findings, and scrolling sideways."""
    wrong = []
    for size in SIZES:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        wrong += [f"{page.url} at {size['width']}: {finding}" for finding in axe_findings(page)]
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        wrong += [f"{page.url} at {size['width']}: {overflow} px too wide"] if overflow > 0 else []
    page.set_viewport_size(SIZES[0])  # type: ignore[arg-type]
    return wrong


def press(page: Page, button: str) -> None:
    """Press a button that sends the form, and wait for the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).first.click()
    ready(page)


def ready(page: Page) -> None:
    """Wait until the editor listens."""
    page.locator("#part[data-ready]").wait_for()


def saved(page: Page) -> None:
    """Wait until the page says that what was typed is saved."""
    expect(page.locator("[data-save-words]")).to_have_text(re.compile(r"^Saved \d\d:\d\d:\d\d"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_questionnaire_is_written_published_and_planned_with(
    application: Flask, database_url: str, tmp_path: Path, in_browser: InBrowser
) -> None:
    with changing(application) as session:
        add_people(session)
        publish_built_ins(session)
    with serving(tmp_path / "served", database_url) as address:
        wrong, offered = in_browser(lambda browser: write(browser, address))
    assert wrong == []
    assert offered == "Spring pulse (spring_pulse)"
    with changing(application) as session:
        questionnaire = parse_definition(newest_version(session, "spring_pulse").definition)
    assert [question.text for question in questionnaire.questions if question.matrix is None] == [*KINDS.values()]
    assert {question.kind for question in questionnaire.questions} == set(KINDS)
    reason = next(question for question in questionnaire.questions if question.kind == "text")
    assert reason.relevant == "${likely} < 7"
    assert questionnaire.translations["ar"]["name"] == "نبض الربيع"


def write(browser: Browser, address: str) -> tuple[list[str], str]:
    """Write, translate, publish, and look into the plan of a study; return what is wrong and what the plan offers."""
    page = browser.new_context(viewport=SIZES[0]).new_page()  # type: ignore[arg-type]
    sign_in_page(page, address, LEADER)
    page.goto(f"{address}/studies")
    page.get_by_role("link", name="Questionnaires").click()
    wrong = look(page)
    page.get_by_role("link", name="New questionnaire").click()
    page.get_by_label("Name", exact=True).fill("Spring pulse")
    wrong += look(page)
    page.get_by_role("button", name="Begin the draft").click()
    ready(page)
    for kind, words in KINDS.items():
        add(page, kind, words)
        wrong += look(page) if kind in {"scale_0_10", "ranking"} else []
    press(page, "Would you recommend us? Scale 0 to 10")
    page.get_by_label("Key", exact=True).fill("likely")
    with page.expect_navigation():
        page.get_by_label("Key", exact=True).press("Tab")
    condition(page)
    wrong += look(page)
    press_away(page, "Languages")
    translate(page)
    wrong += look(page)
    page.get_by_role("link", name="Spring pulse").click()
    ready(page)
    press_away(page, "Publish…")
    expect(page.locator("h1")).to_have_text("Ready to publish as version 1")
    wrong += look(page)
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.locator(".toast")).to_contain_text("published as version 1")
    wrong += look(page)
    page.goto(f"{address}/questionnaires/bank?q=seats")
    wrong += look(page)
    page.goto(f"{address}/studies/new")
    return wrong, page.locator("#questionnaire option[value=spring_pulse]").inner_text()


def add(page: Page, kind: str, words: str) -> None:
    """Add a question of a kind below the last one, and type what it asks."""
    page.locator("#new-kind").select_option(kind)
    press(page, "Add question")
    page.locator("#f-text").fill(words)
    if kind in {"single_choice", "multiple_choice", "ranking"}:
        page.get_by_label("Words of answer 1").fill("Small")
        page.get_by_label("Words of answer 2").fill("Large")
    saved(page)
    if kind != "matrix":
        expect(page.get_by_text("Nothing stands in the way of publishing.")).to_be_visible()
    if kind == "matrix":
        press(page, "Add a row")
        page.locator("#f-text").fill("Speed")
        saved(page)
    elif kind != "note":
        expect(page.frame_locator("[data-preview]").get_by_text(words).first).to_be_visible()


def condition(page: Page) -> None:
    """Give the open question a condition, wrongly first: the sentence of the parser stands below it at once."""
    press(page, "Why? Open text")
    page.get_by_text("Conditions", exact=True).click()
    page.get_by_label("Asked if").fill("${likely} <")
    expect(page.locator("#f-relevant-error")).to_contain_text("ends too early")
    page.get_by_label("Asked if").fill("${likely} < 7")
    expect(page.locator("#f-relevant-error")).to_be_hidden()
    saved(page)


def press_away(page: Page, button: str) -> None:
    """Press a button that leads from the editor to another page."""
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def translate(page: Page) -> None:
    """Translate the name into Arabic."""
    page.get_by_label("Add a language").fill("ar")
    page.get_by_role("button", name="Translate into it").click()
    field = page.get_by_label("Spring pulse")
    expect(field).to_have_attribute("dir", "rtl")
    expect(field).to_have_attribute("placeholder", "Spring pulse")
    field.fill("نبض الربيع")
    page.get_by_role("button", name="Save the translation").click()
    expect(page.locator(".toast")).to_contain_text("saved")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_typed_is_lost(application: Flask, database_url: str, tmp_path: Path, in_browser: InBrowser) -> None:
    with changing(application) as session:
        add_pulse(session)
    with serving(tmp_path / "served", database_url) as address:
        found = in_browser(lambda browser: lose(browser, address))
    assert found == {
        "offline": "Not saved yet: the server does not answer. What you typed is kept in this browser",
        "restored": "Why, offline?",
        "deleted": [["Undo", "deleting", "why"]],
        "back": "Why, offline?",
        "moved": ["Which plan?", "Would you recommend us?"],
        "both": ["Why, Lars?", "Why, Alice?"],
        "wrong": [],
    }
    with changing(application) as session:
        assert draft(session).definition["questions"][5]["text"] == "Why, Alice?"


def lose(browser: Browser, address: str) -> dict[str, Any]:
    """Type while the server is away, reload, delete and undo, move by keys, and write beside a colleague."""
    found: dict[str, Any] = {}
    context = browser.new_context(viewport=SIZES[0])  # type: ignore[arg-type]
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in_page(page, address, LEADER)
    editor = f"{address}/questionnaires/pulse/edit"
    page.goto(f"{editor}?at=question.why")
    ready(page)

    def away(route: Route) -> None:
        route.abort() if route.request.method == "POST" else route.continue_()

    page.route("**/edit*", away)
    page.locator("#f-text").fill("Why, offline?")
    expect(page.locator("[data-save-words]")).to_contain_text("Not saved yet")
    found["offline"] = page.locator("[data-save-words]").inner_text()
    page.unroute("**/edit*")
    page.reload()
    ready(page)
    found["restored"] = page.locator("#f-text").input_value()
    saved(page)

    press(page, "Delete")
    found["deleted"] = [each.split() for each in page.get_by_role("button", name="Undo deleting").all_inner_texts()]
    press(page, "Undo deleting why")
    found["back"] = page.locator("#f-text").input_value()

    press(page, "Which plan? One choice")
    with page.expect_navigation():
        page.locator("#f-text").press("Alt+ArrowUp")
    ready(page)
    names = page.locator(".au-outline ol").first.locator(".au-name")
    found["moved"] = [name.split("\n")[0] for name in names.all_inner_texts()]

    page.goto(f"{editor}?at=question.why")
    ready(page)
    colleague(browser, address)
    page.locator("#f-text").fill("Why, Alice?")
    expect(page.locator("[data-save-words]")).to_contain_text("Lars Stranger changed this part meanwhile")
    with page.expect_navigation():
        page.locator("#part").get_by_role("button", name="Save", exact=True).click()
    found["both"] = page.locator("tbody td").all_inner_texts()
    found["wrong"] = look(page)
    page.get_by_role("button", name="Store mine").click()
    ready(page)
    context.close()
    return found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_outline_that_comes_late_shows_nothing_old(
    application: Flask, database_url: str, tmp_path: Path, in_browser: InBrowser
) -> None:
    with changing(application) as session:
        add_pulse(session)
    with serving(tmp_path / "served", database_url) as address:
        in_browser(lambda browser: save_twice(browser, address))


def save_twice(browser: Browser, address: str) -> None:
    """Save a question twice; the outline of the first save comes after that of the second."""
    page = browser.new_context(viewport=SIZES[0]).new_page()  # type: ignore[arg-type]
    sign_in_page(page, address, LEADER)
    page.goto(f"{address}/questionnaires/pulse/edit?at=question.why")
    ready(page)
    late: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        late.append((route, route.fetch()))

    page.route("**/edit?at=*", hold, times=1)
    with page.expect_request("**/edit?at=*"):
        page.locator("#f-text").fill("Why, first?")
    page.locator("#f-text").fill("Why, second?")
    outline = page.locator("[data-fresh=outline]")
    expect(outline).to_contain_text("Why, second?")
    route, first = late.pop()
    with page.expect_response("**/edit?at=*"):
        route.fulfill(response=first)
    page.evaluate("fetch(location.href).then((reply) => reply.text())")
    expect(outline).to_contain_text("Why, second?")


def colleague(browser: Browser, address: str) -> None:
    """Let Lars change the open question."""
    context = browser.new_context()
    page = context.new_page()
    sign_in_page(page, address, STRANGER)
    page.goto(f"{address}/questionnaires/pulse/edit?at=question.why")
    ready(page)
    page.locator("#f-text").fill("Why, Lars?")
    saved(page)
    context.close()
