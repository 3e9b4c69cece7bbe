"""The schema decorators of a function: which parameter they name, and what they make of it."""

from __future__ import annotations

from typing import Final, NamedTuple

from amllint.analysis.read_script import ReadScript
from amllint.analysis.request_mode import SCHEMA_DECORATORS, last_part
from amllint.analysis.schema_types import Sort, argument, sort_of
from amllint.source.python import syntax as s

KEYWORDS: Final = {
    "input_schema": ("param_name", "param_type", "convert_to_provided_type", "optional"),
    "output_schema": ("output_type",),
}
"""The parameters of each decorator, in order."""


class Schema(NamedTuple):
    """A schema decorator that is called: its name, the call, and what it was given as type."""

    name: str
    call: s.Call
    sort: Sort | None

    def given(self, facts: ReadScript) -> str | None:
        """The parameter that it names, `None` if that is not written out."""
        found = argument(self.call, 0, "param_name")
        sort = sort_of(facts, found.value) if found else None
        text = sort.expression if sort and sort.kind == "text" else None
        return text.value if isinstance(text, s.Constant) else None

    @property
    def converts(self) -> bool | None:
        """Whether it always converts what came in; `None` if that is not written out."""
        for position, name, default in ((2, "convert_to_provided_type", True), (3, "optional", 0)):
            found = argument(self.call, position, name)
            value = found.value if found else None
            if found and not isinstance(value, s.Constant):
                return None
            if isinstance(value, s.Constant) and bool(value.value) is not bool(default):
                return False
        return True

    def sample(self, facts: ReadScript) -> str | None:
        """What kind of sample its type was made of, as in `Sort`."""
        call = self.sort.expression if self.sort else None
        given = argument(call, 0, "sample_input") if isinstance(call, s.Call) else None
        sort = sort_of(facts, given.value) if given else None
        return sort.kind if sort and sort.kind in ("list", "dict", "text", "number") else None


def schemas(facts: ReadScript, function: s.Function) -> list[Schema]:
    """The schema decorators of a function that are called, from the outermost in."""
    found = []
    for decorator in function.decorators:
        name = schema_name(facts, decorator)
        if name and isinstance(decorator, s.Call):
            wanted = KEYWORDS[name].index("param_type") if name == "input_schema" else 0
            given = argument(decorator, wanted, KEYWORDS[name][wanted])
            found.append(Schema(name, decorator, sort_of(facts, given.value) if given else None))
    return found


def schema_name(facts: ReadScript, decorator: s.Expr) -> str:
    """Which of inference-schema's decorators an expression is, empty if none."""
    called = decorator.function if isinstance(decorator, s.Call) else decorator
    qualified = facts.names.qualify(called) or ""
    name = last_part(qualified)
    return name if name in SCHEMA_DECORATORS and qualified.startswith("inference_schema.") else ""
