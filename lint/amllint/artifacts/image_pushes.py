"""Commands and steps that bring images into a registry, and the images that they may mean."""

from __future__ import annotations

import codecs
import os
import re
from typing import Final, NamedTuple

from amllint.source.repository import RUN

_WORDS: Final = (
    *(b"push", b"publish", b"acr", b"docker", b"compose", b"type=registry", b"imagetools"),
    *(b"crane", b"skopeo", b"regctl", b"oras", b"kaniko", b"skaffold", b"jib", b"bake", b"ko "),
    *(b"uses", b"template", b"importimage", b"registries/", b"azd", b"bazel", b"werf", b"dagger"),
    b"registry_task",
)
"""One of these is in every file that pushes, in lower case: the rest is not looked at."""
_PUSHES: Final = re.compile(
    rb"(?i)(?:\b(?:docker|podman|nerdctl|buildah|img)\b.{0,300}?|\0[\"' \t]+(?:image[ \t]+)?)"
    rb"\bpush\b"
    rb"|\baz[ \t]+acr[ \t]+(?:build|import)\b"
    rb"|\b(?:g?crane|skopeo|regctl|oras)\b.{0,300}?"
    rb"\b(?:copy|cp|push|tag|sync|append|mutate|flatten|rebase|mod)\b"
    rb"|\bbuild\b.{0,300}?\btype[= ]registry\b|\bbuildctl\b.{0,300}?\bpush[= ]true\b"
    rb"|\bimagetools[ \t]+create\b|\bpack[ \t]+build\b.{0,300}?--publish\b"
)
"""A command of a shell that brings an image into a registry."""
_LINE: Final = re.compile(rb"(?i)push|publish|acr|crane|skopeo|regctl|oras|registry|imagetools")
"""What is in each line that has such a command."""
_UNFOLLOWED: Final = re.compile(
    rb"(?i)build-push-action|bake-action|\bDocker(?:Compose)?@\d|compose\b[^\r\n]{0,300}\bpush\b"
    rb"|\bbuildx[ \t]+bake\b|\baz[ \t]+acr[ \t]+(?:run|task)\b|kaniko|skaffold|\bjib\b"
    rb"|registries/(?:tasks?|taskRuns|runs|importImage)\b|docker_registry_image"
    rb"|container_registry_task|images\.push\b|docker[\"', ]+(?:image[\"', ]+)?push\b[\"']"
    rb"|\bearthly\b[^\r\n]{0,300}--push\b|\bko[ \t]+(?:build|publish|apply|resolve|create|run)\b"
    rb"|\bazd[ \t]+(?:up|deploy|package|publish)\b|\bbazel(?:isk)?[ \t]+run\b"
    rb"|\bwerf[ \t]+(?:build|converge|publish|export)\b|\bdagger[ \t]+(?:call|run|do)\b"
    rb"|^[ \t-]*uses[ \t]*:[ \t]*[\"']?\.{1,2}/"
    rb"|^[ \t-]*(?:uses|template)[ \t]*:[^\r\n]{0,300}(?:docker|image|container|acr|push)",
    re.MULTILINE,
)
"""What builds images, or may, by names that are not followed."""
_CODE: Final = (".py", ".ipynb", ".groovy", ".gradle", ".kts", "jenkinsfile")
_CALLED: Final = re.compile(rb"\.push\(|\bpush\b[\"']?\s*,")
_COMMENT: Final = re.compile(rb"(?m)^[ \t]*(?:#|//|::|(?i:rem)\b).*$")
_CONTINUED: Final = re.compile(rb"(?:[\\^]|(?<=[ \t])`)[ \t]*\r?\n")
_ESCAPED: Final = re.compile(rb"\\[nrt]")
_STATEMENT: Final = re.compile(rb"[\r\n;|&]+")
_VARIABLE: Final = re.compile(
    rb"\$\{\{[^{}\r\n]*\}\}|\{\{[^{}\r\n]*\}\}|#\{[^{}\r\n]*\}#?|\$\{[^{}\r\n]*\}|\$\([^()\r\n]*\)"
    rb"|`[^`\r\n]*`|\$(?:(?:env|script|global|local|using|private):)?\w+(?:\.\w+)*|\$[@*]"
    rb"|%\w[^%\s]*%|%~?\w*\d|%%~?\w+|%\(\w+\)s|![A-Za-z_]\w*!|\{[^{}\r\n]*\}|<%[^%\r\n]*%>"
    rb"|<[\w .-]+>|__[A-Z]\w*?__"
)
_MOST_NESTED: Final = 8
_TAGGED: Final = (b"-t", b"--tag", b"--image")
_IMAGE_KEY: Final = re.compile(rb"(?m)^[ \t-]*[\"']?image[\"']?[ \t]*:[ \t]*(\S+)")
_BUILD_KEY: Final = re.compile(rb"(?m)^[ \t-]*[\"']?build[\"']?[ \t]*:")
_TRANSPORT: Final = re.compile(rb"^(?:[a-z-]+://|docker-daemon:|containers-storage:)")
_APART: Final = bytes.maketrans(b",=[](){}<>", b" " * 10)
_ANY: Final = b"\0"


class Pushes(NamedTuple):
    """What a file pushes: `is_open` if it may be any image, else images by these patterns."""

    is_open: bool
    images: tuple[re.Pattern[bytes], ...] = ()

    def may_be(self, names: tuple[bytes, ...]) -> bool:
        """Whether one of the `names_of` an image is pushed, variables filled in as needed."""
        return self.is_open or any(p.fullmatch(name) for p in self.images for name in names)


def names_of(image: str) -> tuple[bytes, ...]:
    """What an image may be called where it is pushed: without its host, or without its tag."""
    whole = image.lower().encode()
    short = whole.partition(b"/")[2]
    return (whole, short, whole.rpartition(b":")[0], short.rpartition(b":")[0])


def pushes_of(path: str, data: bytes) -> Pushes | None:
    """The images that a file pushes, or may; `None` if it pushes nothing."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # as PowerShell may write
        data = data.decode("utf-16", "replace").encode()
    lower = data.lower()
    if not any(word in lower for word in _WORDS):
        return None
    text = _COMMENT.sub(b"", data)
    if _UNFOLLOWED.search(text):
        return Pushes(is_open=True)
    text = _CONTINUED.sub(b" ", text)
    if path.lower().endswith(_CODE):  # where names are those of the code's own variables
        is_open = _PUSHES.search(text) or (b"docker" in text and _CALLED.search(text))
        return Pushes(is_open=True) if is_open else None
    return _of_commands(path, text)


def _of_commands(path: str, text: bytes) -> Pushes | None:
    if not path.lower().endswith(RUN):  # where a backslash may be that of a path
        text = _ESCAPED.sub(b"\n", text)
    lines = b"\n".join(line for line in text.splitlines() if _LINE.search(line))
    named = [_named(s) for s in _STATEMENT.split(_filled(lines)) if _PUSHES.search(s)]
    # A command without a name goes on in ways that are not followed.
    if any(not words for words in named):
        return Pushes(is_open=True)
    words = {word for words in named for word in words} | _composed(path, text)
    return Pushes(False, tuple(map(_pattern, sorted(words)))) if words else None


def _filled(text: bytes) -> bytes:
    """A text with a mark for each variable and for each command whose output stands in it."""
    for _ in range(_MOST_NESTED):
        after = _VARIABLE.sub(_mark, text)
        if after == text:
            break
        text = after
    return text


def _mark(match: re.Match[bytes]) -> bytes:
    # What stands in brackets may be a command itself, which pushes.
    whole = match[0]
    is_command = not whole.startswith((b"${{", b"{{")) and _PUSHES.search(whole)
    return whole if is_command else _ANY


def _composed(path: str, text: bytes) -> set[bytes]:
    """The images that a file of compose builds, which `docker compose push` pushes."""
    name = os.path.basename(path).lower()
    if "compose" not in name or not _BUILD_KEY.search(text):
        return set()
    return {word for found in _IMAGE_KEY.findall(text) for word in _words(_filled(found))}


def _words(text: bytes) -> list[bytes]:
    return text.translate(_APART, b"\"'\\`").split()


def _named(statement: bytes) -> list[bytes]:
    """The words of a command that may name the image which it pushes."""
    words = _words(statement)
    tagged = [words[at + 1] for at, w in enumerate(words[:-1]) if w in _TAGGED]
    tagged += [w[2:] for w in words if w.startswith(b"-t") and len(w) > 2]
    if tagged or b"build" in words:
        return tagged
    behind = words.index(b"push") + 1 if b"push" in words else 0
    named = [word for word in words[behind:] if not word.startswith(b"-")]
    if b"import" in words:  # takes the name that it has at its source, without the host
        return named + [word.partition(b"/")[2] for word in named if b"/" in word]
    if b"tag" in words:  # gives another tag to what it names
        return named + [word.rpartition(b":")[0] for word in named if b":" in word]
    return named


def _pattern(word: bytes) -> re.Pattern[bytes]:
    plain = _TRANSPORT.sub(b"", word.lower()).strip(b";:")
    return re.compile(b".*".join(map(re.escape, re.split(rb"\0+", plain))), re.DOTALL)
