"""The one door to file contents: disk, standard input, an editor's buffer."""

from __future__ import annotations

import codecs
import errno
import os
import re
import stat
from typing import TYPE_CHECKING, Final

from amllint.source.problem import Unreadable
from amllint.source.text import SourceText, Span

if TYPE_CHECKING:
    from amllint.source.notebook import Notebook
    from amllint.source.pickles.contents import PickleContents

MAX_BYTES: Final = 10 * 1024 * 1024
"""Larger files are not deployment files; reading them would only cost time and memory."""
MAX_NOTEBOOK_BYTES: Final = 64 * 1024 * 1024
"""Notebooks hold the pictures that they have drawn."""

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]{1,40})", re.ASCII)
_NO_SOURCE = frozenset({"idna", "punycode"})
"""Codecs of names, not of texts; they take quadratic time."""
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Overlay:
    """Reads files once, with given buffers in front of the disk.

    Paths are absolute; `display` turns one into what findings show.
    """

    def __init__(self, cwd: str | None = None, buffers: dict[str, bytes] | None = None) -> None:
        self.cwd = cwd or os.getcwd()
        self._prefix = os.path.join(self.cwd, "")
        self._buffers: dict[str, bytes | None] = dict(buffers or {})
        self._bytes: dict[str, bytes | Unreadable] = {}
        self._texts: dict[str, SourceText | Unreadable] = {}
        self._notebooks: dict[str, Notebook] = {}
        self._pickles: dict[str, PickleContents] = {}

    def display(self, path: str) -> str:
        """The path relative to the working directory, with `/`; absolute if on another drive."""
        if path.startswith(self._prefix):
            return path[len(self._prefix) :].replace(os.sep, "/")
        try:
            relative = os.path.relpath(path, self.cwd)
        except ValueError:
            relative = path
        return relative.replace(os.sep, "/")

    @property
    def buffered(self) -> tuple[str, ...]:
        """The paths that buffers stand for."""
        return tuple(self._buffers)

    def put(self, path: str, data: bytes) -> None:
        """Let `data` stand for what is on disk at `path`."""
        self._buffers[path] = data
        self.forget(path)

    def remove(self, path: str) -> None:
        """Let there be nothing at `path`, whatever is on disk."""
        self._buffers[path] = None
        self.forget(path)

    def forget(self, path: str) -> None:
        """Read `path` afresh next time."""
        self._bytes.pop(path, None)
        self._texts.pop(path, None)
        self._notebooks.pop(path, None)
        self._pickles.pop(path, None)

    def exists(self, path: str) -> bool:
        """Whether there is a regular file at `path`."""
        if path in self._buffers:
            return self._buffers[path] is not None
        return os.path.isfile(path)

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder at `path`, on disk or above a buffer."""
        prefix = os.path.join(path, "")
        buffered = (p for p, data in self._buffers.items() if data is not None)
        return is_folder(path) or any(p.startswith(prefix) for p in buffered)

    def data(self, path: str) -> bytes:
        """The bytes of a regular file of at most `MAX_BYTES`, a notebook `MAX_NOTEBOOK_BYTES`.

        Raises `Unreadable`; never blocks on FIFOs or devices.
        """
        known = self._bytes.get(path)
        if known is None:
            try:
                known = self._buffered(path) if path in self._buffers else self._read(path)
            except Unreadable as problem:
                known = problem
            self._bytes[path] = known
        if isinstance(known, Unreadable):
            raise known
        return known

    def text(self, path: str) -> SourceText:
        """The decoded text of a file, or of a notebook's cell by its path.

        Raises `Unreadable`, and for a cell `Malformed`.
        """
        if ".ipynb:cell " in path:
            from amllint.source.cells import split_path

            file, cell = split_path(path)
            if cell is not None:
                return self.notebook(file).text(cell)
        known = self._texts.get(path)
        if known is None:
            try:
                known = decode(self.display(path), self.data(path), python=path.endswith(".py"))
            except Unreadable as problem:
                known = problem
            self._texts[path] = known
        if isinstance(known, Unreadable):
            raise known
        return known

    def text_for_pip(self, path: str) -> SourceText:
        """The text of a file of requirements as pip decodes it, and `text` from then on.

        Raises `Unreadable`.
        """
        try:
            return self.text(path)
        except Unreadable as problem:
            from amllint.source.pip_encoding import decode_for_pip

            found = decode_for_pip(self.display(path), self.data(path))
            if found is None:
                raise problem from None
            self._texts[path] = found
            return found

    def notebook(self, path: str) -> Notebook:
        """The notebook at a path. Raises `Malformed` and `Unreadable`."""
        known = self._notebooks.get(path)
        if known is None:
            from amllint.source.notebook import read

            known = self._notebooks[path] = read(self.text(path))
        return known

    def pickles(self, path: str) -> PickleContents:
        """What the pickles of a model's file import, little of which is read, however large.

        Nothing of a file that holds none; nothing known of one that cannot be read.
        """
        known = self._pickles.get(path)
        if known is None:
            from amllint.source.pickles.scan import scan_data, scan_file

            data = self._buffers.get(path)
            known = scan_file(path) if data is None else scan_data(data)
            self._pickles[path] = known
        return known

    def rewrite(self, path: str, text: str) -> None:
        """Let `text` stand for what a file, or a notebook's cell by its path, says.

        Raises `Malformed`, `Unreadable` and `UnicodeEncodeError`.
        """
        from amllint.source.cells import split_path

        file, cell = split_path(path)
        source = self.text(file)
        whole = text if cell is None else self.notebook(file).with_text(cell, text)
        self.put(file, source.encode(whole))

    def _buffered(self, path: str) -> bytes:
        data = self._buffers[path]
        if data is None:
            raise Unreadable(self.display(path), "missing", "does not exist", "check the path")
        return data

    def _read(self, path: str) -> bytes:
        shown = self.display(path)
        try:
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        except (OSError, ValueError) as error:
            raise _open_problem(shown, error) from None
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable(
                    shown,
                    "not-regular",
                    "is not a regular file",
                    "pass a file; pipes, devices, sockets and folders are not read",
                )
            most = MAX_NOTEBOOK_BYTES if path.endswith(".ipynb") else MAX_BYTES
            if status.st_size > most:
                raise _too_large(shown, status.st_size, most)
            data = _read_all(descriptor, status.st_size, most)
        except OSError as error:
            raise _open_problem(shown, error) from None
        finally:
            os.close(descriptor)
        if len(data) > most:
            raise _too_large(shown, len(data), most)
        return data


def is_folder(path: str) -> bool:
    """Whether a path is a folder, links followed; `False` where it cannot be told."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def _read_all(descriptor: int, size: int, most: int) -> bytes:
    """Up to `most` bytes and one more, in one call where the size holds."""
    data = os.read(descriptor, size + 1)
    if len(data) == size:
        return data
    chunks = [data]
    while data and sum(map(len, chunks)) <= most:
        data = os.read(descriptor, 1 << 20)
        chunks.append(data)
    return b"".join(chunks)


def _too_large(shown: str, size: int, most: int) -> Unreadable:
    return Unreadable(
        shown,
        "too-large",
        f"has {size / 2**20:.1f} MiB; files over {most // 2**20} MiB are not read",
        "leave it out with `exclude` in the configuration",
    )


def _open_problem(shown: str, error: Exception) -> Unreadable:
    code = getattr(error, "errno", None)
    if code in (errno.ENOENT, errno.ENOTDIR):
        return Unreadable(shown, "missing", "does not exist", "check the path")
    if code == errno.ELOOP:
        return Unreadable(shown, "missing", "is a link that leads to itself", "mend the link")
    if code in (errno.EACCES, errno.EPERM):
        return Unreadable(shown, "denied", "cannot be opened: permission denied", "allow reading")
    reason = getattr(error, "strerror", None) or str(error)
    return Unreadable(shown, "denied", f"cannot be opened: {reason}", "check the path")


def decode(shown: str, data: bytes, python: bool = False) -> SourceText:
    """Bytes to text as the Azure tools read it: UTF-8, or for Python what its cookie names.

    Raises `Unreadable` with the place of the first byte that does not fit.
    """
    bom = data.startswith(codecs.BOM_UTF8)
    body = data[3:] if bom else data
    if data[:2] in _UTF16:
        raise _encoding_problem(shown, "is UTF-16 text", 0)
    encoding = _python_encoding(shown, body, bom) if python else "utf-8"
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        if python and encoding == "utf-8" and _is_odd_in_comments(body):
            return SourceText(shown, body.decode("latin-1"), "latin-1", bom)
        before = body[: error.start].decode(encoding, errors="replace")
        what = f"byte 0x{body[error.start]:02x} is not {encoding.upper()}"
        raise _encoding_problem(shown, what, len(before)) from None
    except ValueError:
        raise _encoding_problem(shown, f"it is not {encoding.upper()}", 0) from None
    return SourceText(shown, text, encoding, bom)


def _is_odd_in_comments(body: bytes) -> bool:
    """Whether only comments are not UTF-8: an import does not decode them."""
    for line in body.splitlines():
        code, hash_, _comment = line.partition(b"#")
        if hash_ and not re.search(rb"['\"]", code):
            line = code
        try:
            line.decode()
        except UnicodeDecodeError:
            return False
    return True


def _python_encoding(shown: str, body: bytes, bom: bool) -> str:
    for line in body.split(b"\n", 2)[:2]:
        match = _COOKIE.match(line)
        if match is None:
            if line.split(b"#", 1)[0].strip():
                break
            continue
        name = match.group(1).decode("ascii")
        try:
            codec = codecs.lookup(name)
            # Codecs that are not from bytes to text (rot13, zip) are refused by `decode`.
            known = codec.name not in _NO_SOURCE and b"a".decode(codec.name) == "a"
        except (LookupError, ValueError):
            known = False
        if not known:
            raise _encoding_problem(shown, f"its coding line names {name!r}", 0)
        if bom and codec.name != "utf-8":
            raise _encoding_problem(shown, f"a UTF-8 mark contradicts its coding line {name!r}", 0)
        return codec.name
    return "utf-8"


def _encoding_problem(shown: str, what: str, offset: int) -> Unreadable:
    return Unreadable(
        shown,
        "encoding",
        f"cannot be read as text: {what}",
        "save the file as UTF-8",
        Span(offset, offset),
    )
