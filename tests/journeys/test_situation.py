"""A situation from its beginning to a study that is divided by it, and a missing skill on its way to an action."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app.core.clock import today
from app.health.services import load_scorecard
from tests.conftest import InBrowser
from tests.education.world import add_world as add_needs
from tests.overlays.world import add_accounts
from tests.serving import axe_findings, serving, sign_in_page
from tests.studies.portfolio import SCORECARD
from tests.users.people import CSM, LEADER, changing


def look(page: Page) -> list[str]:
    """Return what is wrong with a page: axe's findings, and scrolling sideways."""
    page.wait_for_load_state()
    found = [f"{page.url}: {finding}" for finding in axe_findings(page)]
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [*found, f"{page.url}: {overflow} px too wide"] if overflow > 0 else found


def title(page: Page) -> str:
    return page.locator("h1").inner_text().replace("\n", " ")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_situation_is_begun_judged_changed_and_divides_a_study(
    application: Flask, database_url: str, tmp_path: Path, in_browser: InBrowser
) -> None:
    with changing(application) as session:
        add_accounts(session)
        load_scorecard(session, document=SCORECARD)
    with serving(tmp_path / "served", database_url) as address:
        for width in (1440, 375):
            name = f"Strike {width}"
            wrong = in_browser(lambda browser, width=width, name=name: begin_and_judge(browser, address, width, name))
            assert wrong == []
            wrong = in_browser(lambda browser, width=width, name=name: change(browser, address, width, name))
            assert wrong == []
            strata, wrong = in_browser(lambda browser, width=width, name=name: draw(browser, address, width, name))
            assert wrong == []
            assert strata == ["severe", "slight"]


def opened(browser: Browser, address: str, width: int, email: str) -> Page:
    """Return a page of somebody who is signed in."""
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    sign_in_page(page, address, email)
    return page


def begin_and_judge(browser: Browser, address: str, width: int, name: str) -> list[str]:
    """Begin a situation and judge Retail; return what is wrong with the pages."""
    page = opened(browser, address, width, LEADER)
    page.goto(f"{address}/overlays")
    wrong = look(page)
    page.get_by_role("link", name="New situation").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("First day").fill(today().isoformat())
    page.get_by_label("Last day").fill("2020-01-01")
    page.get_by_role("button", name="Put it on record").click()
    page.get_by_text("It cannot end before it begins").wait_for()
    wrong += look(page)
    page.get_by_label("Last day").fill("")
    page.get_by_role("button", name="Put it on record").click()
    page.get_by_label("Level for Retail").select_option("severe")
    page.get_by_label("In words for Retail").fill("Shops closed")
    wrong += look(page)
    page.get_by_role("button", name="Store").click()
    page.get_by_text("It has no last day yet.").wait_for()
    assert title(page) == f"{name}: two accounts severe, €3,000 a year"
    wrong += look(page)
    page.context.close()
    return wrong


def change(browser: Browser, address: str, width: int, name: str) -> list[str]:
    """Judge an account of one's own from its page; return what is wrong with the pages."""
    page = opened(browser, address, width, CSM)
    page.goto(f"{address}/accounts/O0")
    page.get_by_text(f"Under “{name}”").wait_for()
    wrong = look(page)
    page.get_by_role("link", name="Situations around it").click()
    page.get_by_role("link", name=f"Judge this account under {name}").click()
    page.get_by_label("How hard it meets this account").select_option("slight")
    page.get_by_label("Reason").fill("They sell by mail")
    page.get_by_label("What the concessions come to").fill("500 USD")
    page.get_by_role("button", name="Put it on record").click()
    page.get_by_text("Write the amount in EUR").wait_for()
    wrong += look(page)
    page.get_by_label("What the concessions come to").fill("500")
    page.get_by_role("button", name="Put it on record").click()
    page.get_by_text("It stands beside the score from now on.").wait_for()
    assert page.get_by_text(f"{name}: slight").is_visible()
    wrong += look(page)
    page.context.close()
    return wrong


def draw(browser: Browser, address: str, width: int, name: str) -> tuple[list[str], list[str]]:
    """Plan a study that is divided by the situation, draw and prove it; return its strata and what is wrong."""
    page = opened(browser, address, width, LEADER)
    page.goto(f"{address}/studies/new")
    page.get_by_label("Name", exact=True).fill(f"Under {name}")
    page.get_by_label(f"overlay:strike-{width}", exact=False).first.check()
    page.get_by_label("Everyone").check()
    page.locator("select[name=filter_field]").first.select_option("industry")
    page.locator("input[name=filter_values]").first.fill("Retail")
    page.get_by_role("button", name="See what it gives").click()
    page.get_by_role("button", name="Draw these 2 accounts").wait_for()
    wrong = look(page)
    strata = sorted(page.locator("[aria-labelledby=strata] tbody tr td:first-child").all_inner_texts())
    page.get_by_role("button", name="Draw these 2 accounts").click()
    page.get_by_role("link", name="See the record of the draw").click()
    page.get_by_role("button", name="Recompute the draw").click()
    page.get_by_text("agree.").wait_for()
    page.context.close()
    return strata, wrong


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_missing_skill_becomes_an_action_and_is_done(
    application: Flask, database_url: str, tmp_path: Path, in_browser: InBrowser
) -> None:
    with changing(application) as session:
        add_needs(session)
    with serving(tmp_path / "served", database_url) as address:
        titles, wrong = in_browser(lambda browser: act(browser, address))
    assert wrong == []
    assert titles == [
        "One person in need of it",
        "Education for the champion: skills are missing",
        "Every need of education has an action",
        "Education of Lumen: included and not taken",
    ]


def act(browser: Browser, address: str) -> tuple[list[str], list[str]]:
    """Make an action of a need on a phone, do it, and note what was bought; return titles and what is wrong."""
    page = opened(browser, address, 375, CSM)
    page.goto(f"{address}/education")
    titles, wrong = [title(page)], look(page)
    page.get_by_role("button", name="Make an action of it").click()
    page.get_by_text("It is on the list of actions.").wait_for()
    titles.append(title(page))
    wrong += look(page)
    page.get_by_label("In words").fill("Two sessions held")
    page.get_by_role("button", name="It is done").click()
    page.goto(f"{address}/education")
    page.get_by_text("Done ").first.wait_for()
    titles.append(title(page))
    wrong += look(page)
    page.get_by_role("link", name="Lumen").first.click()
    page.get_by_role("link", name="Note what is known").click()
    page.get_by_label("Did the deal include education?").select_option("yes")
    page.get_by_label("What it included").fill("Two courses")
    wrong += look(page)
    page.get_by_role("button", name="Put it on record").click()
    page.get_by_text("It is on record.").wait_for()
    titles.append(title(page))
    wrong += look(page)
    page.context.close()
    return titles, wrong
