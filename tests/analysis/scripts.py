"""Small scripts with the expected places marked in them: `«…»`, which may nest."""

from __future__ import annotations

from textwrap import dedent

from amllint.analysis.facts import ScriptFacts
from amllint.analysis.values import ErrorText
from amllint.source.python.parse import parse
from amllint.source.text import SourceText, Span


def source(text: str) -> SourceText:
    """A script as it would be read from a file."""
    return SourceText("score.py", dedent(text))


def facts(text: str) -> ScriptFacts:
    """The facts of a script."""
    return ScriptFacts(parse(source(text)))


def marked(text: str) -> tuple[str, list[str]]:
    """The script without marks, and `line: text` of each marked place, in order."""
    plain: list[str] = []
    opened: list[int] = []
    spans: list[Span] = []
    for character in dedent(text):
        if character == "«":
            opened.append(len(plain))
        elif character == "»":
            spans.append(Span(opened.pop(), len(plain)))
        else:
            plain.append(character)
    assert not opened
    script = "".join(plain)
    return script, shown(script, set(spans))


def shown(script: str, spans: set[Span]) -> list[str]:
    """Places as a failing test should print them: line and text, in order."""
    read = SourceText("score.py", script)
    return [f"{read.position(s.start).line}: {read.slice(s)}" for s in sorted(spans)]


def leaks(script: str) -> list[str]:
    """Where the text of a foreign exception is taken that `run` returns."""
    labels = {n for r in facts(script).outcome.returns for n in r.value.labels}
    return shown(script, {n.taken for n in labels if isinstance(n, ErrorText) and not n.own})


def request_risks(script: str) -> list[str]:
    """What the request can make raise outside of any handler for it."""
    return shown(script, {r.span for r in facts(script).outcome.risks if r.from_request})
