"""The whole loop as its people live it: from an empty workspace to a PDF, in a real browser on real servers."""

import csv
import io
import re
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.conftest import InBrowser
from tests.journeys.test_serve import Server
from tests.serving import axe_findings, sign_in_page

PASSWORD = "seven quiet otters swim"
ADMIN, OWNER, COLLEAGUE, STRANGER = (f"{name}@norrvane.test" for name in ("ada", "alice", "carl", "lars"))
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 375, "height": 812}
ROLES = ("decision_maker", "champion")


class Loop:
    """One walk through the loop, and what is wrong with the pages that it passed."""

    def __init__(self, browser: Browser, address: str, files: Path) -> None:
        self.browser, self.address, self.files = browser, address, files
        self.wrong: list[str] = []

    def look(self, page: Page) -> None:
        """Note what axe finds, and sideways scrolling at a desk and on a phone."""
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            self.wrong += [f"{page.url} at {size['width']}: {found}" for found in axe_findings(page)]
            over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            self.wrong += [f"{page.url}: {over} px too wide at {size['width']}"] if over > 0 else []
        page.set_viewport_size(DESK)

    def person(self, email: str, **options: Any) -> tuple[BrowserContext, Page]:
        """Return a browser in which this person has signed in."""
        context = self.browser.new_context(viewport=DESK, **options)
        page = context.new_page()
        sign_in_page(page, self.address, email, PASSWORD)
        return context, page

    def create_the_first_admin(self, page: Page) -> None:
        page.goto(self.address)
        for label, words in {"Your name": "Ada Min", "E-mail": ADMIN, "Password": PASSWORD}.items():
            page.get_by_label(label, exact=True).fill(words)
        page.get_by_label("Your organisation").fill("Norrvane Software")
        page.get_by_label("Currency").fill("EUR")
        self.look(page)
        page.get_by_role("button", name="Create the admin and sign in").click()
        page.wait_for_url("**/imports")

    def bring_in(self, page: Page, kind: str) -> None:
        page.goto(f"{self.address}/imports")
        page.get_by_label("What does the file hold?").select_option(kind)
        page.locator("input[type=file]").set_input_files(self.files / f"{kind}.csv")
        page.get_by_role("button", name="Show what would change").click()
        page.get_by_role("button", name=re.compile("^Import ")).wait_for()
        self.look(page)
        page.get_by_role("button", name=re.compile("^Import ")).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("imported")

    def add_people(self, page: Page) -> None:
        for email, role in ((OWNER, "leader"), (COLLEAGUE, "csm"), (STRANGER, "leader")):
            page.goto(f"{self.address}/users/new")
            page.get_by_label("Name", exact=True).fill(email.split("@")[0].title())
            page.get_by_label("E-mail").fill(email)
            page.get_by_label("Role").select_option(role)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Add the person").click()
            page.wait_for_url("**/users")
        self.look(page)

    def plan_and_draw(self, page: Page) -> None:
        page.goto(f"{self.address}/scorecards")
        self.look(page)
        page.get_by_text("Text", exact=True).click()
        page.get_by_role("button", name="Publish the text and compute today’s health").click()
        expect(page.get_by_role("status")).to_contain_text("is published")
        page.goto(f"{self.address}/studies")
        self.look(page)
        page.get_by_role("link", name="New study").click()
        page.get_by_label("Name", exact=True).fill("Spring")
        page.get_by_label("Both").check()
        page.get_by_label("Everyone").check()
        self.look(page)
        page.get_by_role("button", name="See what it gives").click()
        page.get_by_role("button", name="Draw these 12 accounts").click()
        page.get_by_text("The silent, largest first").wait_for()
        self.look(page)

    def links(self, page: Page) -> list[dict[str, str]]:
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Links (CSV)").click()
        text = Path(waiting.value.path()).read_text(encoding="utf-8")
        return list(csv.DictReader(io.StringIO(text)))

    def share_out(self, page: Page) -> None:
        page.get_by_role("link", name="Assign interviews").click()
        self.look(page)
        page.get_by_label(re.compile("^Carl")).check()
        page.get_by_role("button", name="Share out").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("have an interviewer")

    def answer(self, url: str, *, script: bool) -> None:
        context = self.browser.new_context(viewport=PHONE, java_script_enabled=script)
        page = context.new_page()
        page.goto(url)
        expect(page.get_by_text("Norrvane Software").first).to_be_visible()
        for name, value in {"recommend": 2, "satisfaction": 2, "effort": 3, "value_promised": 5}.items():
            page.locator(f'label:has(input[name="{name}"][value="{value}"])').click()
        page.locator("textarea").fill("We re-type every invoice on Fridays, and nobody called us back.")
        page.get_by_role("button", name="Send my answers").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
        assert context.cookies() == []
        context.close()

    def interview(self) -> None:
        context, page = self.person(COLLEAGUE)
        page.goto(f"{self.address}/interviews")
        self.look(page)
        page.locator("main table a, main ul a").first.click()
        page.locator(".iv-page[data-settled]").wait_for()
        for _question in range(8):
            form = page.locator("form[data-question]:not([hidden]), form.iv-item:not([hidden])").first
            if form.locator("textarea[name=value]").count():
                form.locator("textarea[name=value]").fill("They answer fast and keep their word.")
            elif form.locator("input[name=value][value='5']").count():
                form.locator("label:has(input[name=value][value='5'])").click()
            else:
                form.locator("label:has(input[name=value][value='yes'])").click()
            page.keyboard.press("Control+Enter")
        page.wait_for_url("**/review")
        self.look(page)
        page.get_by_role("button", name="Submit the interview").click()
        expect(page.get_by_role("status").first).to_contain_text("is submitted")
        context.close()

    def report(self, page: Page) -> bytes:
        page.goto(f"{self.address}/studies/spring/gaps")
        page.get_by_role("button", name="Open as PDF").wait_for(timeout=90_000)
        # The page may have come with the first answers: the figures of all three follow within seconds.
        state = f"{self.address}/studies/spring/gaps/state.json"
        page.wait_for_function(
            "async address => !(await (await fetch(address)).json()).is_waiting", arg=state, timeout=90_000
        )
        page.reload()
        self.look(page)
        expect(page.locator("main")).to_contain_text("We re-type every invoice on Fridays")
        pdf = page.request.get(f"{self.address}/studies/spring/gaps.pdf")
        return pdf.body()


def take(url: str, satisfaction: int) -> None:
    """Answer a survey as the simplest client does."""
    form = {"recommend": "9", "satisfaction": str(satisfaction), "value_promised": "3", "value_delivered": "4"}
    with urllib.request.urlopen(url, timeout=30) as reply:  # noqa: S310  (our own address)
        page = reply.read().decode()
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    assert key
    body = urllib.parse.urlencode(form | {"form_key": key[1]}).encode()
    with urllib.request.urlopen(url, body, timeout=30) as reply:  # noqa: S310  (the same)
        assert b"Thank you" in reply.read()


def write_files(folder: Path) -> None:
    """Write the import files of twelve customers with two people each."""
    folder.mkdir()
    accounts = [
        [f"N-{i:02d}", f"Customer {i:02d}", "Large" if i < 5 else "Small", 10_000 * (i + 1), COLLEAGUE if i < 3 else ""]
        for i in range(12)
    ]
    rows: dict[str, list[list[Any]]] = {
        "accounts": [["account_id", "name", "segment", "arr", "csm_email"], *accounts],
        "contacts": [["contact_id", "account_id", "name", "email", "role"]]
        + [
            [
                f"{account[0]}-{role}",
                account[0],
                f"{role.title()} of {account[1]}",
                f"{account[0]}-{role}@example.test",
                role,
            ]
            for account in accounts
            for role in ROLES
        ],
        "telemetry": [["account_id", "period_end", "metric", "value"]]
        + [[account[0], "2026-01-31", "active_users", 5 + 7 * i] for i, account in enumerate(accounts)],
    }
    for kind, lines in rows.items():
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)


@pytest.fixture
def empty(tmp_path: Path) -> Any:
    """An empty workspace, served with its worker."""
    server = Server(tmp_path / "loop", sample=False)
    server.wait()
    yield server
    server.stop()


def test_from_an_empty_workspace_to_a_pdf(empty: Server, tmp_path: Path, in_browser: InBrowser) -> None:
    write_files(tmp_path / "files")

    def journey(browser: Browser) -> tuple[list[str], bytes, dict[str, list[int]]]:
        loop = Loop(browser, empty.address, tmp_path / "files")
        admins = browser.new_context(viewport=DESK)
        page = admins.new_page()
        loop.create_the_first_admin(page)
        for kind in ("accounts", "contacts", "telemetry"):
            loop.bring_in(page, kind)
        loop.add_people(page)
        admins.close()
        owners, page = loop.person(OWNER)
        loop.plan_and_draw(page)
        links = loop.links(page)
        assert len(links) == 12
        loop.share_out(page)
        loop.answer(links[0]["url"], script=True)
        loop.answer(links[2]["url"], script=False)
        for number, link in enumerate(links[4:]):
            take(link["url"], 3 + number % 3)
        loop.interview()
        pdf = loop.report(page)
        page.goto(f"{loop.address}/accounts")
        loop.look(page)
        page.goto(f"{loop.address}/accounts/{links[0]['account_id']}")
        loop.look(page)
        page.get_by_role("link", name=re.compile("Decision_Maker of|Champion of")).first.click()
        loop.look(page)
        owners.close()
        seen = {email: statuses(loop, email) for email in (OWNER, COLLEAGUE, STRANGER)}
        return loop.wrong, pdf, seen

    wrong, pdf, seen = in_browser(journey)
    assert wrong == []
    assert pdf.startswith(b"%PDF-")
    assert seen == {OWNER: [200, 200, 200, 200], COLLEAGUE: [200, 200, 403, 403], STRANGER: [404, 404, 404, 404]}


def statuses(loop: Loop, email: str) -> list[int]:
    """Return what a person gets at the study, its report, its interviews and its closing."""
    context, page = loop.person(email)
    paths = ("/studies/spring", "/studies/spring/gaps", "/studies/spring/interviews", "/studies/spring/close")
    found = [page.request.get(f"{loop.address}{path}").status for path in paths]
    context.close()
    return found
