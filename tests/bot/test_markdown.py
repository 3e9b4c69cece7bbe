"""Hostile text stays text, by the very parser that GitHub uses."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import example, given, settings
from hypothesis import strategies as st

from amllint.bot.comments import SUMMARY, comment, marks, mended
from amllint.bot.markdown import code, escaped, fenced, link, one_line, prose
from amllint.bot.plan import REASONS, Rest
from amllint.bot.results import At, Change, Found, Mend, Place, Results
from amllint.bot.suggestion import Suggestion
from amllint.bot.summary import LIMIT, Overview, summary

HOSTILE = (
    "</details><script>alert(1)</script>",
    "@octocat please see #1 and GH-2 and acme/churn#3 !4",
    "```suggestion\nrm -rf /\n```",
    "``` `` ` ````",
    "`@octocat`@octocat`",
    "[click](javascript:alert(1)) ![x](https://evil.example/x.png)",
    "<!-- amllint:v1:summary -->",
    "\n\n<!-- amllint:v1:0123456789abcdef -->",
    "https://evil.example www.evil.example evil@evil.example <https://evil.example>",
    "WWW.evil.example HTTP://EVIL.example ftp://evil.example",
    "# head\n- item\n1. item\n> quote\n\n    code\n***",
    "*a* _b_ **c** ~~d~~ $e$ :smile: &amp; &#64;octocat \\@octocat",
    "| a | b |\n|---|---|\n| c | d |",
    "\x00\x1b[31m\u202e\ud800\u2028",
    "[^1]: x\n[a]: https://evil.example",
)
PIECES = st.sampled_from([*"`*_[]()<>!#@&\\~$:/|-+.=\n\t ab1", "```", "<b>", "-->", "www.", "GH-1"])
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.lists(PIECES, max_size=30).map("".join))


class Elements(HTMLParser):
    """The elements, attributes and text of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.comments: list[str] = []
        self.text = ""
        self.plain = ""
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._inside += [tag] if tag not in ("br", "img", "input", "hr") else []
        self.links += [v or "" for k, v in attrs if k in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            self._inside.remove(tag)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data.strip())

    def handle_data(self, data: str) -> None:
        self.text += data
        if not {"code", "pre"} & set(self._inside):
            self.plain += data


def rendered(markdown: str) -> Elements:
    """Markdown as GitHub's parser has it, raw HTML included so that it would be seen."""
    extensions = ["table", "autolink", "strikethrough", "tasklist"]
    html = cmarkgfm.markdown_to_html_with_extensions(
        markdown,
        options=Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES,
        extensions=extensions,
    )
    return Elements(html)


def means_nobody(plain: str) -> bool:
    """Whether no text outside code is a mention or a reference."""
    return not re.search(r"@\w|#\d|GH-\d|!\d|://|www\.", plain, re.IGNORECASE)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("@a")
def test_escaped_text_is_that_text_and_nothing_more(text: str) -> None:
    line = one_line(text)
    seen = rendered(f"x {escaped(line)} x")
    assert set(seen.tags) <= {"p"}
    assert seen.comments == []
    assert seen.text.replace("\u200b", "").strip() == f"x {line} x".strip()
    assert means_nobody(seen.plain)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_inline_code_is_that_text(text: str) -> None:
    line = one_line(text)
    seen = rendered(f"x {code(text)} x")
    assert set(seen.tags) <= {"p", "code"}
    assert seen.text.strip() == (f"x {line} x" if line else "x  x")
    assert seen.plain.split() == ["x", "x"]


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_prose_has_code_and_text_alone(text: str) -> None:
    seen = rendered(f"x {prose(text)}")
    assert set(seen.tags) <= {"p", "code"}
    assert means_nobody(seen.plain)
    kept = f"x{one_line(text)}"
    assert re.sub(r"[\s`\u200b]", "", seen.text) == re.sub(r"[\s`\u200b]", "", kept)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_no_line_closes_a_fence(text: str) -> None:
    block = re.sub(r"[\x00\r\ud800-\udfff]", "", text)
    seen = rendered(f"{fenced(block, 'suggestion')}\n\nafter")
    assert seen.tags == ["pre", "code", "p"]
    assert seen.text.rstrip().endswith("after")
    assert seen.plain.strip() == "after"


def found(text: str, **changes: Any) -> Found:
    """A finding all of whose texts are `text`."""
    place = Place(text, At(1, 1), At(1, 2))
    mend = Mend("unsafe", text, (Change(place, text),))
    values: dict[str, Any] = {
        "code": "AML109", "name": "error-leak", "severity": "warning", "stage": "score",
        "message": text, "help": text, "url": text, "place": place, "fingerprint": text,
        "related": ((text, place),), "mend": mend,
    }  # fmt: skip
    return Found(**{**values, **changes})


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
def test_a_comment_ends_with_its_own_mark(text: str, fix: str) -> None:
    clean = re.sub(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]", "", fix)
    body = comment(found(text), Suggestion(1, 1, clean))
    seen = rendered(body)
    assert set(seen.tags) <= {"p", "strong", "code", "pre", "ul", "li"}
    assert len(seen.comments) == 1
    assert seen.comments[0].startswith("amllint:v1:")
    known = marks(body)
    assert known is not None
    assert seen.comments == [f"amllint:v1:{known.fingerprint}"]
    assert known.fingerprint != SUMMARY
    assert means_nobody(seen.plain)


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_summary_is_folded_and_closed(texts: list[str]) -> None:
    rest = [Rest(found(t), r) for t in texts for r in REASONS]
    results = Results(tuple(e.found for e in rest), unchecked=((texts[0], "x", "y"),))
    body = summary(Overview(results, rest, 0), lambda place: texts[0])
    seen = rendered(body)
    allowed = {"h3", "p", "strong", "code", "ul", "li", "details", "summary", "a"}
    assert set(seen.tags) <= allowed - ({"a"} if not texts[0].startswith("https://") else set())
    assert seen.tags.count("details") == len(REASONS)
    known = marks(body)
    assert known is not None
    assert known.fingerprint == SUMMARY


def test_a_long_summary_is_cut_between_findings() -> None:
    rest = [
        Rest(
            found("x" * 400 + " <b>", place=Place(f"f{i}", At(i + 1, 1), At(i + 1, 1))), "elsewhere"
        )
        for i in range(3000)
    ]
    body = summary(Overview(Results(tuple(e.found for e in rest)), rest, 0), lambda place: "")
    assert LIMIT - 1500 < len(body) <= 65_535
    seen = rendered(body)
    more = re.search(r"and (\d+) more", seen.text)
    assert more is not None
    assert seen.tags.count("li") - 1 + int(more[1]) == 3000
    assert known_end(body)


def known_end(body: str) -> bool:
    """Whether the mark is the last thing in a body."""
    return body.endswith("<!-- amllint:v1:summary -->")


def test_no_comment_is_too_long_for_a_server() -> None:
    long = "a`" * 500_000
    related = ((long, Place(long, At(1, 1), At(1, 1))),) * 5000
    mend = Mend("unsafe", long, ())
    huge = found(
        long, name="x-" * 500_000, url="https://" + "a" * 10**6, related=related, mend=mend
    )
    for body in (
        comment(huge),
        comment(huge, Suggestion(1, 1, long)),
        comment(huge, proposed=long),
        mended(comment(huge), "f" * 40),
    ):
        assert marks(body) is not None
        assert len(body) < 65_536


def test_a_suggestion_is_a_block_that_github_knows() -> None:
    body = comment(found("x"), Suggestion(1, 2, "a\n```\nb"))
    assert "\n````suggestion\na\n```\nb\n````\n" in body
    assert "```suggestion\n```" in comment(found("x"), Suggestion(1, 2, None))
    assert "\n```suggestion\n\n```\n" in comment(found("x"), Suggestion(1, 2, ""))


def test_an_unsafe_fix_is_called_unsafe() -> None:
    safe = Mend("safe", "m", ())
    assert "**unsafe**" in comment(found("x"), Suggestion(1, 1, "y"))
    assert "**unsafe**" not in comment(found("x", mend=safe), Suggestion(1, 1, "y"))


def test_what_is_no_longer_found_offers_no_button() -> None:
    old = comment(found("x"), Suggestion(1, 1, "y"))
    now = mended(old, "abcdef0123456789")
    assert "suggestion\n" not in now
    assert now.startswith("**No longer found** in abcdef012345.")
    before, after = marks(old), marks(now)
    assert before is not None
    assert after == (before.fingerprint, True)


@pytest.mark.parametrize(
    "mark",
    [
        "",
        "x <!-- amllint:v1:aaaaaaaa -->",
        "<!-- amllint:v1:aaaaaaaa --> x",
        "<!-- amllint:v2:a -->",
    ],
)
def test_a_mark_elsewhere_is_none(mark: str) -> None:
    assert marks(mark) is None


def test_a_link_goes_where_it_says_or_nowhere() -> None:
    assert link("x", "javascript:alert(1)") == "x"
    assert link("x", "https://a.example/b>c") == "x"
    assert rendered(link("x", "https://a.example/b(c)")).links in ([], ["https://a.example/b(c)"])
    assert rendered(link("x", "https://a.example/b#L1")).links == ["https://a.example/b#L1"]
