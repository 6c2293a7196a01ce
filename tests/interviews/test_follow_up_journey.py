"""A follow-up beside the questions in a real browser, through an outage and a reload; and the rest on a phone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Route, expect

from app.actions.models import Action
from app.core.clock import today
from app.responses.models import Response
from tests.conftest import InBrowser
from tests.interviews.talks import ANNA
from tests.interviews.test_handing_over import begun
from tests.interviews.test_journeys import NO_WORKER, WIDE, Place, opened, place, shown, signed_in
from tests.serving import axe_findings, sign_in_page
from tests.users.people import changing

__all__ = ["place"]
PHONE = {"width": 375, "height": 760}
PRICES = "Send the price list"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_follow_up_survives_an_outage_and_a_reload(place: Place, in_browser: InBrowser) -> None:
    def journey(browser: Browser) -> list[str]:
        context = browser.new_context(viewport=WIDE)
        page = context.new_page()
        sign_in_page(page, place.address, ANNA)
        page.goto(place.guide)
        page.get_by_text("Add a follow-up").click()
        page.get_by_label("What is to be done?").fill(PRICES)
        context.set_offline(True)
        page.get_by_role("button", name="Add it").click()
        expect(page.get_by_text("The server cannot be reached")).to_be_visible()
        context.set_offline(False)
        page.reload()
        expect(page.get_by_label("What is to be done?")).to_have_value(PRICES)
        page.get_by_label("Until when?").fill("2020-01-01")
        page.get_by_role("button", name="Add it").click()
        expect(page.get_by_text("is over; choose today")).to_be_visible()
        page.get_by_label("Until when?").fill("2099-01-01")
        page.get_by_role("button", name="Add it").click()
        expect(page.get_by_text("within the next five years")).to_be_visible()
        page.get_by_label("Until when?").fill(f"{today() + timedelta(days=30)}")
        page.get_by_role("button", name="Add it").click()
        expect(page.get_by_text(f"Added: {PRICES}")).to_be_visible()
        return axe_findings(page)

    assert in_browser(journey) == []
    with changing(place.application) as session:
        assert session.scalars(sa.select(Action.title)).all() == [PRICES]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_goes_on_while_a_follow_up_is_on_its_way_is_not_called_back(place: Place, in_browser: InBrowser) -> None:
    """The reply comes late: by then the next one is begun, and somebody takes notes."""

    def journey(browser: Browser) -> None:
        page = opened(signed_in(browser, place, **NO_WORKER), place, "reason")
        on_its_way: list[Route] = []

        def hold(route: Route) -> None:
            on_its_way.append(route)

        page.route("**/follow-ups", hold)
        page.get_by_text("Add a follow-up").click()
        title = page.get_by_label("What is to be done?")
        title.fill(PRICES)
        page.get_by_label("Until when?").fill(f"{today() + timedelta(days=30)}")
        with page.expect_request("**/follow-ups"):
            page.get_by_role("button", name="Add it").click()
        title.fill("Call them on Monday")
        shown(page, "note").focus()
        page.keyboard.type("They need it ")
        on_its_way.pop().continue_()
        expect(page.get_by_text(f"Added: {PRICES}")).to_be_visible()
        page.keyboard.type("by May")
        expect(shown(page, "note")).to_have_value("They need it by May")
        expect(title).to_have_value("Call them on Monday")
        page.reload()
        expect(title).to_have_value("Call them on Monday")

    in_browser(journey)
    with changing(place.application) as session:
        assert session.scalars(sa.select(Action.title)).all() == [PRICES]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_rest_is_answered_on_a_phone(place: Place, in_browser: InBrowser) -> None:
    path = begun(place.application, place.world)

    def journey(browser: Browser) -> list[str]:
        page = browser.new_context(viewport=PHONE).new_page()
        page.goto(f"{place.address}{path}")
        expect(page.get_by_text("The rest of our talk")).to_be_visible()
        found = axe_findings(page)
        page.locator("label", has_text="4").first.click()
        while page.get_by_role("button", name="Continue").count():
            page.get_by_role("button", name="Continue").click()
            page.wait_for_load_state()
        page.get_by_role("button", name="Send my answers").click()
        expect(page.get_by_text("Your answers have arrived")).to_be_visible(timeout=30_000)
        return found

    assert in_browser(journey) == []
    with changing(place.application) as session:
        response = session.scalars(sa.select(Response)).one()
        assert response.submitted_at
        assert response.handed_over_at
