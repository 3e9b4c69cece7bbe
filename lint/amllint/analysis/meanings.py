"""What an expression of a script stands for, as far as calling it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol, TypeAlias

from amllint.analysis.bindings import ModuleBindings
from amllint.analysis.parameters import Parameters
from amllint.source.python import syntax as s


class Place(NamedTuple):
    """Where names are looked up: a module, class or function body, up to the offset `at`.

    `given` are the arguments of a function that is called, `outer` is the place around it.
    """

    body: tuple[s.Stmt, ...]
    bindings: ModuleBindings
    at: int
    given: Mapping[str, Meaning | None]
    outer: Place | None


class Code(NamedTuple):
    """A function that can be followed: its place, and the arguments that are bound already."""

    function: s.Function | s.Lambda
    place: Place
    first: tuple[Meaning | None, ...] = ()


class Routine(NamedTuple):
    """A function, method or partial.

    `shown` are the parameters that `inspect.signature` tells, `taken` those that a call has to
    meet: they differ where a wrapper passes for what it wraps. `None` is unknown. `binds` says
    what looking it up in a class puts into the first parameter.
    """

    shown: Parameters | None
    taken: Parameters | None
    code: Code | None
    binds: Literal["instance", "class", "nothing"] = "nothing"


class OwnClass(NamedTuple):
    """A class of this script."""

    node: s.Class
    place: Place


class Given(NamedTuple):
    """The arguments of a call; `complete` unless some come out of `*` or `**`."""

    positional: tuple[Meaning | None, ...] = ()
    keywords: Mapping[str, Meaning | None] = {}
    written: Mapping[str, s.Expr] = {}
    complete: bool = True


class Instance(NamedTuple):
    """An object of a class of this script, and what it was made with."""

    owner: OwnClass
    given: Given


class Inert(NamedTuple):
    """Something that no call can succeed with; `truth` says what a test makes of it.

    `unfit` is something that is callable, and fails at every call.
    """

    what: str
    truth: bool | None = None
    unfit: bool = False


class External(NamedTuple):
    """Something imported or built in. `made` is what it was called with, if it was."""

    name: str
    module: bool = False
    made: Given | None = None


class Missing(NamedTuple):
    """No class or base has the attribute."""


Meaning: TypeAlias = Routine | OwnClass | Instance | Inert | External | Missing


class Signature(NamedTuple):
    """The answer for something that can be called.

    `shown` is what inspection tells and `taken` what a call must meet, each `None` if unknown;
    `fault` says why a call without arguments fails if it is not for lack of one.
    """

    shown: Parameters | None
    taken: Parameters | None
    fault: str | None = None


class NotCallable(NamedTuple):
    """The answer for something that cannot be called, and what it is."""

    what: str


Answer: TypeAlias = Signature | NotCallable | None


class Resolves(Protocol):
    """What resolves expressions of one script: `Resolver`, for the modules that it uses."""

    def stores(self, owner: OwnClass, attribute: str) -> int:
        """How often the script changes an attribute of a class or of its objects."""

    def meaning(self, expression: s.Expr, place: Place) -> Meaning | None:
        """What an expression stands for."""

    def entered(self, code: Code, given: Given) -> Place:
        """The inside of a function that is called."""

    def call(self, callee: Meaning | None, given: Given) -> Meaning | None:
        """What a call comes to."""

    def function(self, node: s.Function, at: Place, later: Place) -> Meaning | None:
        """What a `def` makes at a place; its body sees the names of `later`."""

    def disguised(self, name: str, meaning: Routine, place: Place, since: int) -> Routine:
        """A function as inspection sees it after what a place does to it under a name."""

    def signature(self, meaning: Meaning | None) -> Answer:
        """How something can be called, as inspection tells and by its own parameters."""
