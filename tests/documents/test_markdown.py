"""Prose in, HTML out: nothing that runs, nothing skipped, nothing that a tagged PDF refuses."""

import sys
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.markdown import Named, Shown, blocks, is_safe_link, named_pictures, to_html

ALLOWED = {
    *("a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p"),
    *("pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {"href", "rel", "scope", "class", "start"}
PIECES = st.sampled_from(
    [
        *("# ", "###### ", "\n", "\n\n", "- ", "1. ", "    ", "> ", "|a|b|\n|-|:-:|\n|", "```\n", "**", "_"),
        *("[x](", "![", "](", ")", "<script>", "<img src=x onerror=y>", "javascript:a", "data:text/html,x"),
        *("http://169.254.169.254/", "https://example.org/", "[r]: file:///etc/passwd\n", "[r]", "&#x3c;"),
        *("`", "---\n", "\\", "\x00", "\ud800"),
    ]
)
MARKDOWN = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=40).map("".join)


class Seen(HTMLParser):
    """What a browser would see: tags with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    @property
    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _attrs in self.tags if tag[0] == "h" and tag[1:].isdigit()]


@given(MARKDOWN)
@settings(max_examples=150, deadline=None)
def test_any_text_gives_only_known_tags_and_live_addresses(text: str) -> None:
    for tag, attributes in Seen(to_html(text, base_level=2)).tags:
        assert tag in ALLOWED
        assert set(attributes) <= ATTRIBUTES
        assert tag != "a" or is_safe_link(attributes["href"] or "")


@given(MARKDOWN, st.integers(1, 5))
@settings(max_examples=100, deadline=None)
def test_headings_stand_under_the_base_level_and_never_skip(text: str, base: int) -> None:
    levels = Seen(to_html(text, base_level=base)).headings
    for above, level in zip([base, *levels], levels, strict=False):
        assert base < level <= min(above + 1, 6)


@given(MARKDOWN)
@settings(max_examples=100, deadline=None)
def test_no_item_starts_with_a_paragraph_and_no_link_holds_markup(text: str) -> None:
    tags = [tag for tag, _attrs in Seen(to_html(text, base_level=2)).tags]
    html = to_html(text, base_level=2)
    assert "<li><p>" not in html.replace("\n", "")
    assert tags.count("a") == html.count("</a>")
    assert all("<" not in part.split("</a>")[0] for part in html.split("<a ")[1:])


def test_headings_are_numbered_by_nesting() -> None:
    html = to_html("# A\n##### B\n## C\n# D", base_level=2)
    assert html == "<h3>A</h3>\n<h4>B</h4>\n<h4>C</h4>\n<h3>D</h3>\n"


@pytest.mark.parametrize("text", ["#", "# ![](x.png)", "## [](https://example.org)", "![](x.png)"])
def test_headings_and_paragraphs_that_say_nothing_are_left_out(text: str) -> None:
    assert to_html(text, base_level=2) == ""


def test_loose_list_is_tightened_and_keeps_its_later_paragraphs() -> None:
    html = to_html("- one\n\n- two\n\n  more", base_level=2)
    assert html == "<ul>\n<li>one</li>\n<li>two\n<p>more</p>\n</li>\n</ul>\n"


def test_table_has_scopes_and_classes_for_alignment() -> None:
    html = to_html("|a|b|c|\n|-|-:|:-:|\n|1|2|3|", base_level=2)
    assert '<th scope="col">a</th>' in html
    assert '<th class="text-right" scope="col">b</th>' in html
    assert '<td class="text-center">3</td>' in html
    assert "style" not in html


def test_link_keeps_its_words_without_markup() -> None:
    html = to_html("[**bold** and `code` ![pic](x.png)](https://example.org)", base_level=2)
    assert html == '<p><a href="https://example.org" rel="noopener">bold and code pic</a></p>\n'


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd"),
        "vbscript:x",
        *("/relative", "page.html", "#part", "//example.org", "http://", "mailto:", "ftp://example.org"),
        *(
            "http://169.254.169.254/latest",
            "http://2852039166/",
            "http://[fe80::1]/",
            "http://[::ffff:169.254.1.1]/",
        ),
        # Other ways to write them, as a browser understands them.
        *("http://169.254.43518/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/", "http://127.1/"),
        *("http://169.254.169.254./", "http://169。254。169。254/", "http://１２７.0.0.1/", "http://LOCALHOST./"),
        *("http://localhost:8000/", "http://127.0.0.1/", "http://[::1]/", "http://0.0.0.0/", "http://[bad/"),
    ],
)
def test_link_that_leads_nowhere_safe_becomes_its_words(url: str) -> None:
    assert to_html(f"[words](<{url}>)", base_level=2) == "<p>words</p>\n"


def test_raw_html_is_shown_as_text() -> None:
    assert to_html("<b onclick=x>", base_level=2) == "<p>&lt;b onclick=x&gt;</p>\n"


PICTURES = {12: Shown("/pictures/12/", 640, 480)}


@pytest.mark.parametrize(
    "address",
    [
        *(
            "https://example.org/walk.png",
            "http://169.254.169.254/x.png",
            "file:///etc/passwd",
            "data:image/png;base64,x",
        ),
        *(
            "/pictures/12/",
            "walk.png",
            "javascript:x",
            "image:13",
            "image:",
            "image:12x",
            "image:-12",
            "image:12/../13",
        ),
        *("IMAGE:12", "image: 12", "image:%31%32", f"image:{'9' * 30}", "image:\u0661\u0662"),
    ],
)
def test_picture_that_is_not_of_the_products_own_becomes_its_alternative_text(address: str) -> None:
    text = f"![the *river* walk](<{address}>)"
    assert to_html(text, base_level=2) == "<p>the river walk</p>\n"
    assert to_html(text, base_level=2, pictures=PICTURES) == "<p>the river walk</p>\n"
    assert [named.number for named in named_pictures(text)] == ([13] if address == "image:13" else [])


def test_own_picture_is_shown_with_its_alternative_text_and_size() -> None:
    text = '![the *river* walk & "more"](image:12 "title")'
    shown = '<img src="/pictures/12/" alt="the river walk &amp; &quot;more&quot;" width="640" height="480">'
    assert to_html(text, base_level=2, pictures=PICTURES) == f"<p>{shown}</p>\n"
    assert to_html(text, base_level=2) == "<p>the river walk &amp; &quot;more&quot;</p>\n".replace("&quot;", '"')
    assert named_pictures(text) == [Named(12, 'the river walk & "more"')]


@pytest.mark.parametrize("text", ["![](image:12)", "![ ](image:12)", "![&nbsp;](image:12)", "![![](x)](image:12)"])
def test_own_picture_without_alternative_text_is_not_shown(text: str) -> None:
    assert "<img" not in to_html(text, base_level=2, pictures=PICTURES)
    assert named_pictures(text)[-1:] == [Named(12, "")]


def test_a_picture_in_a_heading_or_a_link_is_its_words() -> None:
    assert to_html("# ![walk](image:12)", base_level=2, pictures=PICTURES) == "<h3>walk</h3>\n"
    html = to_html("[![walk](image:12)](https://example.org)", base_level=2, pictures=PICTURES)
    assert html == '<p><a href="https://example.org" rel="noopener">walk</a></p>\n'


@given(MARKDOWN)
@settings(max_examples=100, deadline=None)
def test_any_text_shows_no_picture_but_the_products_own(text: str) -> None:
    for tag, attributes in Seen(to_html(text + "![x](image:12)", base_level=2, pictures=PICTURES)).tags:
        assert tag in ALLOWED | {"img"}
        assert tag != "img" or attributes["src"] == "/pictures/12/"


@pytest.mark.parametrize(
    "piece",
    ["a", "[", "![", "*a **a ", "`a``", "> ", "|x|y|\n", "[a](http://b.c) ", "_a ", "<a ", "&", "- a\n"],
)
def test_work_grows_with_the_length_and_not_with_its_square(piece: str) -> None:
    def calls(length: int) -> int:
        text, made = "|a|b|\n|-|-|\n" + piece * (length // len(piece)), [0]

        def count(_frame: object, event: str, _argument: object) -> None:
            made[0] += event in ("call", "c_call")

        sys.setprofile(count)
        try:
            to_html(text, base_level=2)
        finally:
            sys.setprofile(None)
        return made[0]

    assert calls(8_000) < 6 * calls(2_000)


@given(MARKDOWN)
@settings(max_examples=150, deadline=None)
def test_the_parts_of_any_text_are_the_whole_of_it(text: str) -> None:
    parts = blocks(text, base_level=2)
    assert "".join(part.html for part in parts) == to_html(text, base_level=2)


def test_parts_are_whole_and_have_their_words() -> None:
    text = "# A *b*\n\nOne\ntwo [x](https://x.example)\n\n- c\n- d\n\n  e\n\n|h|\n|-|\n|i|\n\n---\n\n> q\n\n    code"
    assert [(part.html.strip()[:4], part.words) for part in blocks(text, base_level=2)] == [
        ("<h3>", "A b"),
        ("<p>O", "One two x"),
        ("<ul>", "c\nd\ne"),
        ("<tab", "h\ni"),
        ("<hr>", ""),
        ("<blo", "q"),
        ("<pre", "code\n"),
    ]
