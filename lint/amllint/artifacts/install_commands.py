"""What a command of an image's build installs: `pip install …`, `conda install …`."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from amllint.source.shell import Word

Kind: TypeAlias = Literal["pip", "conda", "requirements", "conda file", "unknown"]


class Installed(NamedTuple):
    """One thing that is installed: a package of pip or conda, or what a file lists.

    `text` is the requirement or the path of the file; of what is unknown, nothing.
    """

    kind: Kind
    text: str
    word: Word


_HARMLESS: Final = frozenset(
    {"apt-get", "apt", "apk", "yum", "rm", "mkdir", "chmod", "chown", "chgrp", "echo", "ln", "ls"}
    | {
        "cat",
        "cd",
        "export",
        "set",
        "useradd",
        "groupadd",
        "adduser",
        "addgroup",
        "usermod",
        "wget",
    }
    | {
        "curl",
        "touch",
        "true",
        ":",
        "test",
        "[",
        "dpkg",
        "gpg",
        "locale-gen",
        "update-locale",
        "find",
    }
    | {
        "add-apt-repository",
        "ldconfig",
        "printf",
        "which",
        "env",
        "whoami",
        "pwd",
        "exit",
        "groupmod",
    }
)
"""Programs that bring no package of Python, unless they are told to run another program."""
_SYSTEM: Final = frozenset({"apt-get", "apt", "apk", "yum"})
_PYTHONS: Final = re.compile(r"python(?:3(?:\.\d+)?)?")
_PIP: Final = re.compile(r"pip(?:3(?:\.\d+)?)?")
_CONDA: Final = frozenset({"conda", "mamba", "micromamba"})
_PACKAGE: Final = re.compile(r"python3?-(?!pip$|dev$|venv$|distutils$|setuptools$|wheel$|minimal$)")
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*=")
_WITH_VALUE: Final = frozenset(
    {"-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--trusted-host", "--proxy"}
    | {"--timeout", "--default-timeout", "--retries", "--cert", "--cache-dir", "--progress-bar"}
    | {"--root-user-action", "--no-binary", "--only-binary", "--upgrade-strategy", "--log", "--src"}
    | {"-n", "--name", "-p", "--prefix", "-c", "--channel", "--solver", "--log-level"}
)
"""Options whose value is a word of its own, and is nothing that is installed."""
_ELSEWHERE: Final = frozenset(
    {"-t", "--target", "--root", "--prefix", "-c", "--constraint", "-e", "--editable"}
)
"""Options of pip that install elsewhere, or what is not known, or hold versions back."""
_IDLE: Final = frozenset({"cache", "config", "check", "list", "freeze", "show", "clean", "info"})
_IDLE_CONDA: Final = _IDLE | {"init", "activate", "deactivate", "update", "search"}


def installed(words: tuple[Word, ...], variables: Mapping[str, str]) -> Iterator[Installed]:
    """What a simple command installs; nothing for one that brings no packages.

    Source: the command lines of pip 26 and conda 26.
    """
    words = program(words, variables)
    name = _name(words[0], variables) if words else ""
    rest = words[1:]
    second = rest[0].text(variables) if rest else ""
    if _PYTHONS.fullmatch(name) and second == "-m" and len(rest) > 1:
        name, rest = rest[1].text(variables) or "", rest[2:]
        second = rest[0].text(variables) if rest else ""
    if name == "uv" and second == "pip":
        name, rest = "pip", rest[1:]
    if _PIP.fullmatch(name):
        yield from _by_pip(words[0], rest, variables)
    elif name in _CONDA:
        yield from _by_conda(words[0], rest, variables)
    elif words and not _is_harmless(name, rest, variables):
        yield Installed("unknown", "", words[0])


def _is_harmless(name: str, rest: tuple[Word, ...], variables: Mapping[str, str]) -> bool:
    """Whether another program surely brings no package."""
    if name in (".", "source"):
        return bool(rest) and (rest[0].plain or "").endswith("activate")
    if name in _SYSTEM:
        return not any(_PACKAGE.match(w.text(variables) or "") for w in rest)
    return name in _HARMLESS


def is_harmless(name: str) -> bool:
    """Whether a program adds nothing to an image but files of its own."""
    return name in _HARMLESS - _SYSTEM


def program(words: tuple[Word, ...], variables: Mapping[str, str]) -> tuple[Word, ...]:
    """A command without what only prepares it: variables, `sudo`, `conda run -n name`."""
    while words and (words[0].plain == "sudo" or _is_assignment(words[0])):
        words = words[1:]
    plain = [w.text(variables) for w in words]
    if len(plain) > 2 and os.path.basename(plain[0] or "") in _CONDA and plain[1] == "run":
        rest = words[2:]
        while rest and (rest[0].text(variables) or "").startswith("-"):
            rest = rest[2:] if rest[0].plain in ("-n", "--name", "-p", "--prefix") else rest[1:]
        return rest
    return words


def _is_assignment(word: Word) -> bool:
    first = word.parts[0] if word.parts else ""
    return isinstance(first, str) and _ASSIGNMENT.match(first) is not None


def _name(word: Word, variables: Mapping[str, str]) -> str:
    """The program's name; one below a folder that is only known later too."""
    last = word.parts[-1] if word.parts else ""
    text = word.text(variables) or (last if isinstance(last, str) else "")
    return text.rpartition("/")[2]


def _by_pip(
    program: Word, rest: tuple[Word, ...], variables: Mapping[str, str]
) -> Iterator[Installed]:
    action = rest[0].text(variables) if rest else None
    if action != "install":
        if action not in _IDLE and action not in ("--version", "-V"):
            yield Installed("unknown", "", program)
        return
    yield from _arguments(rest[1:], variables, "pip")


def _by_conda(
    program: Word, rest: tuple[Word, ...], variables: Mapping[str, str]
) -> Iterator[Installed]:
    texts = [w.text(variables) for w in rest]
    if texts[:1] in (["install"], ["create"]):
        yield from _arguments(rest[1:], variables, "conda")
    elif texts[:1] == ["env"] and texts[1:2] in (["create"], ["update"]):
        yield from _arguments(rest[2:], variables, "conda")
    elif texts[:1] == ["update"] and all(t in _UPDATED or _is_option(t) for t in texts[1:]):
        return
    elif not texts or texts[0] not in _IDLE_CONDA or texts[0] == "update":
        yield Installed("unknown", "", program)


_UPDATED: Final = frozenset({"conda", "base", "defaults", "conda-forge", "--all"})


def _is_option(text: str | None) -> bool:
    return text is not None and text.startswith("-")


def _arguments(
    words: tuple[Word, ...], variables: Mapping[str, str], tool: Kind
) -> Iterator[Installed]:
    """The packages and files among the arguments of an installation."""
    pending = deque(words)
    while pending:
        word = pending.popleft()
        text = word.text(variables)
        option, _, value = (text or "").partition("=")
        if text is None:
            yield Installed("unknown", "", word)
        elif text in ("-r", "--requirement", "-f", "--file") and (tool, text) != ("pip", "-f"):
            yield from _file(pending.popleft() if pending else word, variables, tool)
        elif option in ("--requirement", "--file") and value:
            yield Installed(_listing(tool, value), value, word)
        elif tool == "pip" and re.match(r"-r.", text):
            yield Installed("requirements", text[2:], word)
        elif tool == "pip" and text in _ELSEWHERE:
            yield Installed("unknown", "", word)
            _skip_value(pending)
        elif text in _WITH_VALUE:
            _skip_value(pending)
        elif not text.startswith("-"):
            yield Installed(tool, text, word)


def _skip_value(pending: deque[Word]) -> None:
    if pending:
        pending.popleft()


def _file(word: Word, variables: Mapping[str, str], tool: Kind) -> Iterator[Installed]:
    text = word.text(variables)
    if text is None:
        yield Installed("unknown", "", word)
    else:
        yield Installed(_listing(tool, text), text, word)


def _listing(tool: Kind, path: str) -> Kind:
    """What a file lists; conda reads lists of its own from `.txt`."""
    if tool == "pip":
        return "requirements"
    return "conda file" if path.endswith((".yml", ".yaml")) else "unknown"
