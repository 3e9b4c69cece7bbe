"""What the CLI's own parser refuses in a command line, before anything is deployed.

Told is only what stands there in so many words: where a variable or a template may hold further
options, nothing is missing, and a word behind it may be its value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from amllint.artifacts.command_grammar import Grammar, Taken, grammar
from amllint.artifacts.command_line import CommandLine
from amllint.source.shell import Word
from amllint.source.text import Span

_OPTION: Final = re.compile(r"-{1,2}[A-Za-z][\w-]*\Z")
_LETTER: Final = re.compile(r"-[A-Za-z].")
_DASHED: Final = re.compile(r"[\u2010-\u2015\u2212][-\u2010-\u2015\u2212]?[A-Za-z][\w-]*\Z")
"""What a word processor makes of an option."""
_LITERAL: Final = re.compile(r"(?=[^@]*\w)[\w./:=,+@-]+\Z")
_AS_VALUE: Final = re.compile(r"-\Z|-\d+\Z|-\d*\.\d+\Z")
"""What is a value although it begins with a dash; so is what has blanks in it."""
_ENDS: Final = re.compile(r"[ \t]*(?:\Z|[\r\n;|&)]|#(?!\{))")
"""Where a command line ends; elsewhere it goes on in a way that is not read."""
_HANDLE: Final = re.compile(r"\d\Z")


class Refusal(NamedTuple):
    """A part of a command line that the parser refuses.

    `kind` is `unknown` option, `ambiguous` beginning, `valueless` option, `flag` with a value,
    `stray` word or `missing` option. `others` are names that may be meant, of a stray word the
    option before it.
    """

    kind: str
    text: str
    span: Span
    others: tuple[str, ...] = ()


class Value(NamedTuple):
    """A value and the option that it is given by, as that is written."""

    option: Taken
    written: str
    key: Span
    word: Word


@dataclass(slots=True)
class Reading:
    """A command line as the parser reads it; `is_open` if it may hold further options."""

    refusals: list[Refusal] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    given: set[Taken] = field(default_factory=set)
    is_open: bool = False


def read(line: CommandLine) -> Reading | None:
    """How the parser reads a command line, `None` if its options are not known.

    A line that asks for help or has `--` in it is not read either.
    """
    known = grammar(line.command.name)
    plain = {word.plain for word in line.call.words}
    if known is None or plain & {"-h", "--help", "--"}:
        return None
    return _Parser(line, known).read()


class _Parser:
    """Goes through the words once; `open` is the option that waits for its value."""

    def __init__(self, line: CommandLine, known: Grammar) -> None:
        self._line = line
        self._known = known
        self._found = Reading()
        self._open: tuple[Taken, str, Span] | None = None
        self._many = False
        self._skips = False
        self._last = ""

    def read(self) -> Reading:
        words = self._line.call.words
        text = self._line.run.text
        ends = bool(_ENDS.match(text, self._line.call.span.end))
        if words and not ends and _HANDLE.match(words[-1].plain or ""):
            words = words[:-1]
        for word in words:
            self._word(word)
        if ends:
            self._close()
        self._found.is_open |= not ends
        if not self._found.is_open and not self._found.refusals:
            self._missing()
        return self._found

    def _word(self, word: Word) -> None:
        head, is_whole = _head(word)
        name, equals, _ = head.partition("=")
        if " " in head and not self._known.found(name):
            self._value(word)
        elif _OPTION.match(name) and (is_whole or equals):
            self._option(word, name, bool(equals))
        elif _LETTER.match(head) and head[:2] in self._known.options:
            self._option(word, head[:2], False)
        elif head.startswith("-") and not (is_whole and _AS_VALUE.match(head)):
            self._unread()
        else:
            self._value(word)

    def _option(self, word: Word, name: str, has_value: bool) -> None:
        self._close()
        self._last = name
        found = self._known.found(name)
        refusal = self._refused(name, found)
        if refusal is not None:
            others = refusal[1]
            self._found.refusals.append(Refusal(refusal[0], name, _part(word, name), others))
            self._skips = not has_value
            return
        option = found[0]
        self._found.given.add(option)
        value = _behind(word, name, option, has_value)
        if value is not None and option.takes == "none":
            self._flag(name, word)
        elif value is not None:
            self._found.values.append(Value(option, name, _part(word, name), value))
            self._many = option.takes == "many"
        elif option.takes != "none":
            self._open = option, name, word.span

    def _refused(self, name: str, found: tuple[Taken, ...]) -> tuple[str, tuple[str, ...]] | None:
        """The kind of refusal of an option's name, with the names that may be meant."""
        if not found or self._is_glued(name):
            near = self._known.near(name)
            return "unknown", (near,) if near else ()
        return ("ambiguous", tuple(o.name for o in found)) if len(found) > 1 else None

    def _is_glued(self, name: str) -> bool:
        """Whether a long name has but one dash: its first letter would be read as an option."""
        return name[1] != "-" and len(name) > 2 and "-" + name in self._known.options

    def _flag(self, name: str, word: Word) -> None:
        if name.startswith("--"):
            self._found.refusals.append(Refusal("flag", name, word.span))
        else:
            self._unread()

    def _value(self, word: Word) -> None:
        if self._open is not None:
            option, written, key = self._open
            self._found.values.append(Value(option, written, key, word))
            self._open, self._many = None, option.takes == "many"
        elif not self._many and not self._skips:
            self._stray(word)

    def _stray(self, word: Word) -> None:
        """A word that belongs to no option, or holds options that are not read."""
        text = word.plain
        dashed = text is not None and _DASHED.match(text)
        sure = text is not None and (dashed or _LITERAL.match(text))
        if not sure or self._found.is_open or self._known.extension != "azure-cli-ml":
            self._found.is_open |= not sure
            return
        near = self._known.near(text or "") if dashed else self._last
        kind = "unknown" if dashed else "stray"
        self._found.refusals.append(Refusal(kind, text or "", word.span, (near,) if near else ()))
        self._skips = True

    def _unread(self) -> None:
        """What may be any option: nothing is known of the words behind it."""
        self._open, self._many, self._skips = None, False, True
        self._found.is_open = True

    def _close(self) -> None:
        """The end of an option's values."""
        if self._open is not None and self._open[0].takes in ("one", "many"):
            option, written, key = self._open
            self._found.refusals.append(Refusal("valueless", written, key, (option.name,)))
        self._open, self._many, self._skips = None, False, False

    def _missing(self) -> None:
        names = {option.name for option in self._found.given}
        for name in self._known.needed:
            if name not in names:
                start = self._line.call.span.start
                length = len(f"az ml {self._line.command.name}")
                shown = self._known.options[name].names
                self._found.refusals.append(
                    Refusal("missing", name, Span(start, start + length), shown)
                )


def _head(word: Word) -> tuple[str, bool]:
    """The text of a word up to its first variable, and whether that is all of it."""
    head = ""
    for part in word.parts:
        if not isinstance(part, str):
            return head, False
        head += part
    return head, True


def _part(word: Word, name: str) -> Span:
    """The span of an option's name in a word."""
    return Span(word.span.start, min(word.span.end, word.span.start + len(name)))


def _behind(word: Word, name: str, option: Taken, has_value: bool) -> Word | None:
    """The value that is written in the word of an option: behind `=`, or behind a letter."""
    head, _ = _head(word)
    length = len(name) + 1 if has_value else 2
    if not has_value and (name.startswith("--") or len(head) == 2):
        return None
    later = [p for p in word.parts if not isinstance(p, str)]
    tail = word.parts[word.parts.index(later[0]) :] if later else ()
    parts = ((head[length:],) if head[length:] else ()) + tail
    return Word(Span(word.span.start + length, word.span.end), parts)
