"""Dockerfiles are taken apart into instructions, and what they run into commands."""

from __future__ import annotations

from amllint.source.dockerfile import instructions
from amllint.source.shell import commands


def test_instructions_keep_their_places() -> None:
    text = "# one\nFROM a AS b\n\nRUN x && \\\n  # why\n  pip install a \\\n\n  b\nCOPY c d\r\n"
    found = list(instructions(text))
    assert [i.keyword for i in found] == ["FROM", "RUN", "COPY"]
    run = found[1]
    assert run.text.split() == ["x", "&&", "pip", "install", "a", "b"]
    at = run.start + run.text.index("pip")
    assert text[at : at + 13] == "pip install a"
    assert found[2].text == "c d"


def plain(text: str) -> list[list[str | None]]:
    return [[word.plain for word in command.words] for command in commands(text)]


def test_commands_are_told_apart_whatever_joins_them() -> None:
    assert plain("a 'b && c' && d; e || f\ng") == [["a", "b && c"], ["d"], ["e"], ["f"], ["g"]]
    assert plain("pip install x[y]==1.0 $Z 2>&1 >/dev/null") == [
        ["pip", "install", "x[y]==1.0", None]
    ]
    assert [c.piped for c in commands("curl x | bash")] == [False, True]


def test_an_operator_without_quotes_is_a_redirection() -> None:
    (command,) = commands("pip install a>=1.0 'b>=2'")
    assert [w.plain for w in command.words] == ["pip", "install", "a", "b>=2"]
    assert [w.plain for w in command.redirected] == ["=1.0"]
