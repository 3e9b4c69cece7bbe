"""What is wrong with single schema decorators, and with several on one function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from amllint.analysis.facts import ScriptFacts
from amllint.analysis.schema_decorators import KEYWORDS, Schema, schema_name
from amllint.analysis.schema_types import (
    PARAMETER_TYPES,
    Sort,
    argument,
    array_within,
    sort_of,
)
from amllint.source.python import syntax as s
from amllint.source.text import Span

_SAMPLES: Final = {"NumpyParameterType": "array", "PandasParameterType": "frame"}
_WORDS: Final = {
    "array": "a numpy array",
    "frame": "a DataFrame",
    "text": "a text",
    "number": "a number",
    "none": "`None`",
    "set": "a set",
    "bytes": "bytes",
}


class Defect(NamedTuple):
    """What is wrong, where, and what to write instead."""

    span: Span
    message: str
    help: str


def bare(facts: ScriptFacts, function: s.Function) -> Iterator[Defect]:
    """Decorators without their call."""
    for decorator in function.decorators:
        name = schema_name(facts, decorator)
        if name and not isinstance(decorator, s.Call):
            yield Defect(
                decorator.span,
                f"`@{name}` without its arguments fails when the script is imported",
                f"give them: `@{name}({', '.join(KEYWORDS[name][:2])})`",
            )


def misuse(facts: ScriptFacts, schema: Schema) -> Defect | None:
    """What makes the decorator itself fail, which ends the import."""
    return _misfit(schema) or _no_type(facts, schema) or _sample(facts, schema)


def _misfit(schema: Schema) -> Defect | None:
    """Arguments that the decorator does not take, or lacks."""
    keywords = KEYWORDS[schema.name]
    arguments = schema.call.arguments
    if any(a.star for a in arguments):
        return None
    for number, given in enumerate(arguments):
        if given.keyword is not None and given.keyword not in keywords:
            what = f"takes no `{given.keyword}`"
        elif given.keyword is None and number >= len(keywords):
            what = f"takes {len(keywords)} argument{'s' if len(keywords) > 1 else ''}"
        else:
            continue
        return Defect(
            given.span, f"`{schema.name}` {what}: importing the script fails", _form(schema)
        )
    wanted = keywords[: 2 if schema.name == "input_schema" else 1]
    for number, keyword in enumerate(wanted):
        if argument(schema.call, number, keyword) is None:
            lacks = f"`{schema.name}` lacks `{keyword}`: importing the script fails"
            return Defect(schema.call.span, lacks, _form(schema))
    return None


def _form(schema: Schema) -> str:
    if schema.name == "input_schema":
        return 'write `@input_schema("<parameter>", NumpyParameterType(sample))`'
    return "write `@output_schema(NumpyParameterType(sample))`"


def _no_type(facts: ScriptFacts, schema: Schema) -> Defect | None:
    """Something else where a ParameterType is wanted."""
    sort = schema.sort
    if sort is None or sort.kind == "type":
        return None
    first = argument(schema.call, 0, "param_name")
    if schema.name == "input_schema" and first is not None:
        swapped = sort_of(facts, first.value)
        if swapped is not None and swapped.kind == "type":
            return Defect(
                first.span,
                "`input_schema` takes the parameter's name first, then the type: "
                "importing the script fails",
                _form(schema),
            )
    place = argument(schema.call, 1 if schema.name == "input_schema" else 0, _type_word(schema))
    what = f"the class `{sort.name}` itself" if sort.kind == "class" else _words(sort)
    made = sort.name or _fitting(sort)
    return Defect(
        place.span if place else schema.call.span,
        f"{what} is no ParameterType: importing the script fails",
        f"make one of a sample: `{made}({'sample' if sort.kind == 'class' else '…'})`",
    )


def _type_word(schema: Schema) -> str:
    return "param_type" if schema.name == "input_schema" else "output_type"


def _words(sort: Sort) -> str:
    return _WORDS.get(sort.kind, f"a {sort.kind}")


def _fitting(sort: Sort) -> str:
    kinds = {"array": "NumpyParameterType", "frame": "PandasParameterType"}
    return kinds.get(sort.kind, "StandardPythonParameterType")


def _sample(facts: ScriptFacts, schema: Schema) -> Defect | None:
    """A sample that the type refuses."""
    sort = schema.sort
    call = sort.expression if sort else None
    if sort is None or not isinstance(call, s.Call) or any(a.star for a in call.arguments):
        return None
    given = argument(call, 0, "sample_input")
    if given is None:
        text = f"`{sort.name}` lacks its sample: importing the script fails"
        return Defect(call.span, text, f"give it one: `{sort.name}(sample)`")
    sample = sort_of(facts, given.value)
    if sample is None:
        return None
    wanted = _SAMPLES.get(sort.name)
    if wanted is not None:
        if sample.kind == wanted or sample.kind == "class":
            return None
    elif sample.kind not in ("none", "type", "set") and not array_within(facts, given.value):
        return None
    what = _words(sample) if sample.kind != "type" else f"a `{sample.name}`"
    if wanted is None and sample.kind in ("list", "dict"):
        what = f"a {sample.kind} with an array in it"
    return Defect(
        given.span,
        f"`{sort.name}` takes {PARAMETER_TYPES[sort.name]} as its sample, not {what}: "
        "importing the script fails",
        _better(sort, sample),
    )


def _better(sort: Sort, sample: Sort) -> str:
    if sort.name == "NumpyParameterType":
        return "make it an array: `np.array(…)`"
    if sort.name == "PandasParameterType":
        return "make it a DataFrame: `pd.DataFrame(…)`"
    if sample.kind in ("array", "frame"):
        return f"use `{_fitting(sample)}`"
    return "write the sample out as JSON would have it, arrays as `NumpyParameterType(…)`"
