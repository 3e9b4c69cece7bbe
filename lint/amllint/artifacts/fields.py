"""Three-state fields: known, unknown or absent, each with a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeGuard, TypeVar

from amllint.findings.finding import Location
from amllint.source.documents import Document
from amllint.source.nodes import UNKNOWN, Mapping, Path, entry_at, node_at, to_data

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """A value that stands in the file: where it is, and where its key is."""

    value: T
    location: Location
    key: Location


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is there but only known later (a template placeholder, say)."""

    reason: str
    location: Location


@dataclass(frozen=True, slots=True)
class Absent:
    """No value; the location is that of the mapping that lacks it."""

    location: Location


Field: TypeAlias = Known[T] | Unknown | Absent


def value_of(field: Field[T]) -> T | None:
    """The value if it is known, else `None`."""
    return field.value if isinstance(field, Known) else None


def is_text(field: Field[Any] | None) -> TypeGuard[Known[str]]:
    """Whether a value is known to be a text that is not empty, and that may be a path."""
    value = field.value if isinstance(field, Known) else None
    return isinstance(value, str) and bool(value) and "\0" not in value


@dataclass(frozen=True, slots=True)
class Section:
    """A mapping inside a document that an artifact is read from; the root for most.

    An artifact embedded in another file (the conda section of an inference config) has the
    path to its mapping as `base`.
    """

    document: Document
    base: Path = ()

    @property
    def path(self) -> str:
        """The display path of the file."""
        return self.document.path

    @property
    def data(self) -> Any:
        """The plain value of the section; `UNKNOWN` stands for placeholders."""
        return self.document.data_at(self.base)

    def locate(self, path: Path = (), key: bool = False) -> Location:
        """Where a path below the section stands: its value, or its key."""
        span = self.document.span_at((*self.base, *path), key)
        return Location(self.document.text_path, span)

    def field(self, *path: str) -> Field[Any]:
        """The three-state value at a path of keys; an explicit null counts as absent."""
        whole = (*self.base, *path)
        entry = entry_at(self.document.root, whole)
        parent = node_at(self.document.root, whole[:-1])
        if entry is None:
            if parent is not None and not isinstance(parent, Mapping):
                data = to_data(parent)
                if data is UNKNOWN:
                    reason = self.document.unknown_because(parent)
                    return Unknown(reason, self.locate(path[:-1]))
            return Absent(self.locate(path[:-1], key=True))
        data = to_data(entry.value)
        if data is UNKNOWN:
            reason = self.document.unknown_because(entry.value)
            return Unknown(reason, self.locate(path))
        if data is None:
            return Absent(self.locate(path, key=True))
        return Known(data, self.locate(path), self.locate(path, key=True))

    def called(self, *path: str) -> str:
        """What the value at a path is called where it is written."""
        return path[-1]

    def assumes(self, key: str) -> bool:
        """Whether a value is a default of the tool that reads the file, and stands nowhere."""
        return False

    def section(self, *path: str) -> Section:
        """A section further down."""
        return Section(self.document, (*self.base, *path))
