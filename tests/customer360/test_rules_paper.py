"""What of a page goes to paper, and how."""

import pytest

from app.customer360.rules.paper import LONGEST_TEXT, MOST_LINES, on_paper

BASE = "https://gap.test"


@pytest.mark.parametrize(
    ("html", "printed"),
    [
        pytest.param("<p>Tom &amp; <b>Ann</b></p>", "<p>Tom &amp; <b>Ann</b></p>", id="as it is"),
        pytest.param('<a href="/a?b=1&amp;c">x</a>', f'<a href="{BASE}/a?b=1&amp;c">x</a>', id="a link of ours"),
        pytest.param('<a href="//evil.test/">x</a>', "<span>x</span>", id="a link without a scheme"),
        pytest.param('<a href="javascript:alert(1)">x</a>', "<span>x</span>", id="a link that would run"),
        pytest.param('<a href="#timeline">x</a>', "<span>x</span>", id="a link within the page"),
        pytest.param('<a href="mailto:a@b.test">x</a>', '<a href="mailto:a@b.test">x</a>', id="an address"),
        pytest.param(
            'a<form method="post"><input name="x"><p>y<br></p><button>z</button></form>b', "ab", id="nothing to type"
        ),
        pytest.param('a<a class="btn btn-s" href="/x">Add</a>b', "ab", id="nothing to press"),
        pytest.param('<p style="x" onclick="y" class="sub" id="z">a</p>', '<p class="sub">a</p>', id="bare attributes"),
        pytest.param("<script>x()</script><style>y</style>a", "a", id="no script"),
        pytest.param(
            "<details open><summary>Six more</summary>a</details>",
            '<div><p class="opens">Six more</p>a</div>',
            id="what opens is open",
        ),
        pytest.param("&lt;script&gt;<img src=x onerror=y>", "&lt;script&gt;", id="texts stay texts"),
        pytest.param("<p>unfinished", "<p>unfinished</p>", id="unfinished"),
    ],
)
def test_what_goes_to_paper(html: str, printed: str) -> None:
    assert on_paper(html, base_url=f"{BASE}/") == printed


def test_a_drawing_carries_its_look_and_its_title() -> None:
    drawn = on_paper(
        '<svg viewBox="0 0 9 9" aria-label="A &amp; b"><circle class="c-voice" cx="1"/></svg>', base_url=BASE
    )
    assert '<svg viewBox="0 0 9 9" aria-label="A &amp; b"><title>A &amp; b</title>' in drawn
    assert '<circle class="c-voice" cx="1" fill="#2347a5"></circle></svg>' in drawn


@pytest.mark.parametrize(
    ("line", "around", "cut"),
    [
        ("<li>x</li>", "<ul>{}</ul>", '<li class="cut">and 5 more on the page</li></ul>'),
        (
            "<tr><td>x</td><td>y</td></tr>",
            "<table><tbody>{}</tbody></table>",
            '<tr class="cut"><td colspan="2">and 5 more on the page</td></tr></tbody></table>',
        ),
        ('<p class="study-line">x</p>', "{}", '<p class="cut">and 5 more on the page</p>'),
    ],
    ids=["list", "table", "lines of studies"],
)
def test_a_long_list_is_cut_with_a_count(line: str, around: str, cut: str) -> None:
    printed = on_paper(around.format(line * (MOST_LINES + 5)), base_url=BASE)
    assert printed.count("x") == MOST_LINES
    assert printed.endswith(cut)
    assert "more on the page" not in on_paper(around.format(line * MOST_LINES), base_url=BASE)


def test_what_customers_said_is_left_out_of_what_goes_by_mail() -> None:
    said = '<blockquote class="quote"><q>Hm</q></blockquote><p class="tl-words">Ah</p><p>a</p>'
    assert on_paper(said, base_url=BASE, has_words=False) == "<p>a</p>"
    assert "Hm" in on_paper(said, base_url=BASE)


def test_a_long_text_is_cut_and_says_so() -> None:
    printed = on_paper(f"<p>{'w ' * LONGEST_TEXT}</p>", base_url=BASE)
    assert len(printed) < LONGEST_TEXT + 60
    assert printed.endswith("… (the page has all of it)</p>")
