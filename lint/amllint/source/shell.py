"""Command lines: words with their places, as bash, cmd and PowerShell tell them apart.

What a word holds of variables stays in it as such; a substitution is only known when it runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from amllint.source.text import Span


class Variable(NamedTuple):
    """A part of a word that is known later; `name` is empty for what is no plain variable."""

    name: str


Part: TypeAlias = "str | Variable"


class Word(NamedTuple):
    """A word of a command line: its span in the text, quotes included, and what it is made of."""

    span: Span
    parts: tuple[Part, ...]

    def text(self, variables: Mapping[str, str]) -> str | None:
        """What it stands for, `None` where a variable in it has no known value."""
        done = [p if isinstance(p, str) else variables.get(p.name) for p in self.parts]
        return None if any(p is None for p in done) else "".join(p or "" for p in done)

    @property
    def plain(self) -> str | None:
        """What it stands for, `None` where it has any variable."""
        return self.text({})


class Call(NamedTuple):
    """A command: where it stands, and the words behind its name."""

    span: Span
    words: tuple[Word, ...]


_MACRO: Final = re.compile(r"\$\{\{\s*([^{}\r\n]{1,200}?)\s*\}\}|\$\(([A-Za-z_][\w.-]{0,100})\)")
"""Variables of GitHub's workflows and of Azure Pipelines, filled in before any shell runs."""
_NAMED: Final = re.compile(r"\$\{([A-Za-z_]\w*)\}|\$(?:env:)?([A-Za-z_]\w*)")
_PERCENT: Final = re.compile(r"%([A-Za-z_][\w.]*)%")
_SPECIAL: Final = re.compile(r"\$[0-9@*#?!$-]|%%?(?:~\w*)?[0-9*]|%%[A-Za-z]\b")
"""Arguments of a script, and what the shell itself knows: `$1`, `$@`, `$?`, `%1`, `%%i`."""
_LATER: Final = re.compile(
    r"\{\{?[ \t]*[A-Za-z_][\w.\[\]]*[ \t]*\}?\}|(?<!\w)__[A-Z][A-Z0-9_]*?__(?!\w)"
    r"|<[A-Za-z_][\w .-]{0,100}>|#\{[^{}\r\n]{1,200}\}#"
)
"""What a template fills in, or a notebook: `{{X}}`, `__X__`, `<x>`, `#{x}#`, `{x}`."""
_HEREDOC: Final = re.compile(r"(?m)^(?P<line>.*?<<[-~]?[ \t]*(['\"]?)(?P<end>[A-Za-z_]\w*)\2.*)$")
_SHELLS: Final = re.compile(r"\b(?:bash|sh|zsh|ksh|dash|ssh|pwsh|su|sudo|source)\b")
_CONTINUED: Final = re.compile(r"[\\^`][ \t]*(?:\r\n|\r|\n)")
_PLAIN: Final = re.compile(r"[\w./:=,@+*?~{}\[\]!-]+")
_BEFORE: Final = re.compile(
    r"(?:.*(?:&&|\|\||[;|(`{!=&@])|(?:.*[\s;])?(?:then|do|else|call|sudo|time|exec|eval|if|!))?"
    r"[ \t\"]*(?:\w+=\S*[ \t]+)*\Z"
)
_SILENT: Final = re.compile(r"[ \t]*(?:@?rem\b|::|@?echo\b|#|//|Write-\w+|print)", re.IGNORECASE)
_COMMENT: Final = re.compile(r"(?:^|\s)#")
_MOST_WORDS: Final = 400


def calls(text: str, command: re.Pattern[str]) -> Iterator[Call]:
    """The places where a text runs a command; what is commented out or printed is none."""
    texts = _texts(text)
    for match in command.finditer(text):
        if any(span.start <= match.start() < span.end for span in texts):
            continue
        start = max(text.rfind("\n", 0, match.start()), text.rfind("\r", 0, match.start())) + 1
        before = text[start : match.start()]
        if _SILENT.match(before) or _COMMENT.search(before) or not _BEFORE.match(before):
            continue
        words = tuple(_words(text, match.end()))
        end = words[-1].span.end if words else match.end()
        yield Call(Span(match.start(), end), words)


class Simple(NamedTuple):
    """A simple command: its words, name included, and whether its input is another's output.

    `redirected` are the words that name files to read or write.
    """

    words: tuple[Word, ...]
    piped: bool
    redirected: tuple[Word, ...]


_ESCAPED: Final = re.compile(r"\\[<>]")
"""What no path of any system has, unlike a backslash before most other characters."""
_SEPARATOR: Final = re.compile(r"&&|\|\||[;|&()`\r\n]|#[^\r\n]*")
_REDIRECTION: Final = re.compile(r"(?:>>|>&|<&|>|<)[ \t]*")


def commands(text: str) -> Iterator[Simple]:
    """All simple commands of a text, one behind another, whatever joins them."""
    at, piped = 0, False
    words: list[Word] = []
    files: list[Word] = []
    while at < len(text):
        found = list(_words(text, at))
        words += found
        at = _skip(text, found[-1].span.end if found else at)
        redirection = _REDIRECTION.match(text, at)
        separator = _SEPARATOR.match(text, at)
        if redirection:
            if found and found[-1].span.end == at and found[-1].plain in ("1", "2"):
                words.pop()
            word, at = _word(text, redirection.end())
            files.append(word)
        elif separator or at >= len(text):
            if words:
                yield Simple(tuple(words), piped, tuple(files))
            words, files = [], []
            piped = separator is not None and separator[0] == "|"
            at = separator.end() if separator else at
        elif not found:
            at += 1
    if words:
        yield Simple(tuple(words), piped, tuple(files))


def _texts(text: str) -> list[Span]:
    """Here-documents that no shell reads: what they hold is written or printed, not run."""
    if "<<" not in text:
        return []
    found: list[Span] = []
    for match in _HEREDOC.finditer(text):
        if _SHELLS.search(match["line"]) or (found and match.start() < found[-1].end):
            continue
        end = re.compile(rf"(?m)^[ \t]*{match['end']}[ \t]*\r?$").search(text, match.end())
        if end:
            found.append(Span(match.end(), end.start()))
    return found


def _words(text: str, at: int) -> Iterator[Word]:
    for _ in range(_MOST_WORDS):
        at = _skip(text, at)
        if at >= len(text) or text[at] in "\r\n;|&)<>`#":
            return
        word, at = _word(text, at)
        if word.span.end == word.span.start:
            return
        yield word


def _skip(text: str, at: int) -> int:
    """Step over blanks and continued lines."""
    while at < len(text):
        continued = _CONTINUED.match(text, at)
        if continued:
            at = continued.end()
        elif text[at] in " \t":
            at += 1
        else:
            break
    return at


def _word(text: str, at: int) -> tuple[Word, int]:
    start = at
    parts: list[Part] = []
    while at < len(text) and text[at] not in " \t\r\n;|&)<>" and not _CONTINUED.match(text, at):
        found, at = _part(text, at)
        parts += found
    return Word(Span(start, at), tuple(parts)), at


def _part(text: str, at: int) -> tuple[list[Part], int]:
    """One piece of a word: a quotation, a variable, or plain characters."""
    char = text[at]
    if char == "'":
        return _single(text, at)
    if char == '"':
        return _double(text, at)
    plain = _PLAIN.match(text, at)
    if plain:
        return _filled(plain.group()), plain.end()
    variable = _variable(text, at)
    if variable is not None:
        return [variable[0]], variable[1]
    if _ESCAPED.match(text, at):
        return [text[at + 1]], at + 2
    return [char], at + 1


def _single(text: str, at: int) -> tuple[list[Part], int]:
    end = text.find("'", at + 1)
    if end < 0:
        return [Variable("")], len(text)
    parts: list[Part] = []
    here = at + 1
    for macro in _MACRO.finditer(text, at + 1, end):
        parts += [*_filled(text[here : macro.start()]), Variable(_name(macro))]
        here = macro.end()
    return [*parts, *_filled(text[here:end])], end + 1


def _filled(text: str) -> list[Part]:
    """A plain text, with what a template fills in as variables of unknown value."""
    parts: list[Part] = []
    here = 0
    for later in _LATER.finditer(text):
        parts += [text[here : later.start()], Variable("")]
        here = later.end()
    return [*parts, text[here:]]


def _double(text: str, at: int) -> tuple[list[Part], int]:
    parts: list[Part] = []
    at += 1
    while at < len(text) and text[at] != '"':
        if text[at] == "\\" and text[at + 1 : at + 2] in ('"', "\\", "$"):
            parts.append(text[at + 1])
            at += 2
            continue
        later = _LATER.match(text, at)
        if later:
            parts.append(Variable(""))
            at = later.end()
            continue
        variable = _variable(text, at)
        part, at = variable if variable is not None else (text[at], at + 1)
        parts.append(part)
    return parts, min(at + 1, len(text))


def _variable(text: str, at: int) -> tuple[Part, int] | None:
    """What is filled in later at a place, with where it ends."""
    char = text[at]
    if char not in "$%`":
        return None
    macro = _MACRO.match(text, at)
    if macro:
        return Variable(_name(macro)), macro.end()
    named = _NAMED.match(text, at) or _PERCENT.match(text, at)
    if named:
        return Variable(_name(named)), named.end()
    special = _SPECIAL.match(text, at)
    if special:
        return Variable(""), special.end()
    if char == "`" or text.startswith(("$(", "${"), at):
        return Variable(""), _closing(text, at)
    return None


def _name(match: re.Match[str]) -> str:
    return next((g for g in match.groups() if g), "")


def _closing(text: str, at: int) -> int:
    """Where a substitution ends."""
    if text[at] == "`":
        end = text.find("`", at + 1)
        return end + 1 if end >= 0 else len(text)
    opening = text[at + 1]
    closing = ")" if opening == "(" else "}"
    depth = 0
    for here in range(at + 1, min(len(text), at + 4_000)):
        depth += (text[here] == opening) - (text[here] == closing)
        if depth == 0:
            return here + 1
    return len(text)


_ASSIGNED: Final = re.compile(
    r"(?m)^[ \t]*(?:export[ \t]+|set[ \t]+|\$(?:env:)?|declare[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*"
    r"(?:\"([^\"$`%\r\n]*)\"|'([^'\r\n]*)'|([^\s\"'$`%;&|()#]*))[ \t]*(?:[;#].*)?\r?$"
)
_BOUND: Final = re.compile(
    r"(?m)(?:^|[\s;(])\$?([A-Za-z_]\w*)[ \t]*\+?=|\b(?:read|for)[ \t]+(?:-\w+[ \t]+)*([A-Za-z_]\w*)"
)


def assigned(text: str) -> dict[str, str]:
    """Variables that a script sets once, to a plain text."""
    values: dict[str, list[str]] = {}
    for match in _ASSIGNED.finditer(text):
        values.setdefault(match[1], []).append(match[2] or match[3] or match[4] or "")
    bound: dict[str, int] = {}
    for match in _BOUND.finditer(text):
        name = match[1] or match[2]
        bound[name] = bound.get(name, 0) + 1
    return {n: v[0] for n, v in values.items() if len(v) == 1 and bound.get(n, 0) <= 1 and v[0]}


_CD: Final = re.compile(r"(?m)^[ \t]*(?:cd|pushd|Set-Location)[ \t]+(?:/d[ \t]+)?")


def folder_at(text: str, end: int) -> tuple[Word, ...]:
    """The folders that a script changes into before a place, one behind another."""
    words = []
    for match in _CD.finditer(text, 0, end):
        word, _ = _word(text, match.end())
        if word.plain in ("-", ""):
            continue
        words.append(word)
    return tuple(words)


def whole_word(text: str) -> Word:
    """A text that is one word, blanks and all."""
    parts: list[Part] = []
    at = 0
    while at < len(text):
        found, at = _part(text, at) if text[at] not in "'\"" else ([text[at]], at + 1)
        parts += found
    return Word(Span(0, len(text)), tuple(parts))
