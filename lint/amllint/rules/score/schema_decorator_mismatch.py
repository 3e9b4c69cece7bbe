"""A schema decorator does not fit `run`, its type or the other decorators.

## What it does
Reports, for `@input_schema` and `@output_schema` of inference-schema:
- a name that `run` has no such parameter for, unless nothing is converted
  (`convert_to_provided_type=False`) or the parameter is `optional=True`;
- something else than a ParameterType: a plain sample, a class that is not called, the two
  arguments the wrong way round, arguments that the decorator or the type does not take;
- a sample that its type refuses: a list for `NumpyParameterType`, an array for
  `StandardPythonParameterType`;
- the same name twice with types of which the inner one refuses what the outer one made
  (advice where it does not matter), and a second `@output_schema`;
- `@rawhttp` together with either, wherever in the script `@rawhttp` stands.

Names and types are followed through module-level variables. A parameter that defaults to
`None` and is converted is a warning: a request without it fails.

## Why it matters
A name that does not fit shows only when calls come: the service is healthy and every call
answers 500, "provided param_name is not in the decorated function". All else ends the import
of the script: the server stops with exit code 3, CrashLoopBackOff on AKS.

## Example
```python score.py {12}
import numpy as np
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.schema_decorators import input_schema

sample = NumpyParameterType(np.array([[5.1, 3.5, 1.4, 0.2]]))


def init():
    pass


@input_schema("raw_data", sample)
def run(data):
    return {"rows": len(data)}
```

## Use instead
```python score.py
import numpy as np
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.schema_decorators import input_schema

sample = NumpyParameterType(np.array([[5.1, 3.5, 1.4, 0.2]]))


def init():
    pass


@input_schema("data", sample)
def run(data):
    return {"rows": len(data)}
```

## Sources
- azureml-inference-server-http 1.5.1 with inference-schema 1.8, numpy 2.4 and pandas 3.1:
  every form executed. `@rawhttp` sets a flag of the process, so that it counts on any function
  of the script (executed). Two decorators for one name work where both types agree, and from
  `StandardPythonParameterType` to any other (executed).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from amllint.analysis.meanings import Signature
from amllint.analysis.request_mode import last_part
from amllint.analysis.schema_decorators import Schema, schemas
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.rules.score.schema_decorators import bare, misuse
from amllint.source.python import syntax as s


@rule("AML107", "schema-decorator-mismatch", severity="error", stage="score")
def schema_decorator_mismatch(script: ScoringScript) -> Iterator[Observation]:
    """Report decorators that fail on import, then those that fail every call."""
    imported = script.facts.names.all_imported()
    relevant = any(n.startswith("inference_schema") or last_part(n) == "rawhttp" for n in imported)
    if not script.online or not relevant:
        return
    yield from _failing_imports(script)
    if "driver_module" in script.bindings.bound or script.run is None:
        return
    run = script.run.function
    if isinstance(run, s.Function):
        found = schemas(script.facts, run)
        yield from _raw(script, found)
        yield from _repeated(script, found)
        yield from _names(script, run, found)


def _failing_imports(script: ScoringScript) -> Iterator[Observation]:
    for function in script.facts.all_functions:
        if not function.decorators:
            continue
        found = schemas(script.facts, function)
        defects = [*bare(script.facts, function), *(misuse(script.facts, f) for f in found)]
        for defect in filter(None, defects):
            yield finding(script.at(defect.span), defect.message, help=defect.help, stage="start")
        outputs = [f for f in found if f.name == "output_schema"]
        for second in outputs[:-1]:
            yield finding(
                script.at(second.call.span),
                f"`{function.name}` has an output schema already: importing the script fails",
                help="keep one `@output_schema`",
                stage="start",
                related=(Related(script.at(outputs[-1].call.span), "the first"),),
            )


def _raw(script: ScoringScript, found: list[Schema]) -> Iterator[Observation]:
    """`@rawhttp`, of any function, in a script whose `run` has a schema."""
    for function in script.facts.all_functions if found else ():
        for decorator in function.decorators:
            if last_part(script.names.qualify(decorator)) == "rawhttp":
                yield finding(
                    script.at(decorator.span),
                    f"`@rawhttp` and `@{found[0].name}` exclude each other: "
                    "the inference server does not start",
                    help="take the request raw, or by a schema; "
                    "`@rawhttp` on any function counts for `run`",
                    stage="start",
                    related=(Related(script.at(found[0].call.span), "the schema"),),
                    key=f"rawhttp/{function.name}",
                )


def _repeated(script: ScoringScript, found: list[Schema]) -> Iterator[Observation]:
    """Two decorators for one name; the outer one converts first."""
    by_name: dict[str, list[Schema]] = {}
    for schema in found:
        name = schema.given(script.facts) if schema.name == "input_schema" else None
        if name is not None:
            by_name.setdefault(name, []).append(schema)
    for name, several in by_name.items():
        for outer, inner in pairwise(several):
            clash = _clash(script, outer, inner)
            outcome = f"which refuses what the other made: {clash}" if clash else "once too often"
            yield finding(
                script.at(inner.call.span),
                f"`{name}` has a second schema, {outcome}",
                help="give each parameter one `@input_schema`",
                severity=None if clash else "info",
                related=(Related(script.at(outer.call.span), "the first"),),
                key=f"repeated/{name}",
            )


def _clash(script: ScoringScript, outer: Schema, inner: Schema) -> str:
    """What every call ends in if an inner decorator refuses what an outer one made."""
    kinds = [f.sort.name if f.sort and f.sort.kind == "type" else None for f in (outer, inner)]
    certain = outer.converts and inner.converts and None not in kinds
    made = kinds[0] in ("NumpyParameterType", "PandasParameterType") and kinds[0] != kinds[1]
    if kinds[0] == kinds[1] == "StandardPythonParameterType":
        samples = [f.sample(script.facts) for f in (outer, inner)]
        made = None not in samples and samples[0] != samples[1]
    return "every call answers 500" if certain and made else ""


def _names(script: ScoringScript, run: s.Function, found: list[Schema]) -> Iterator[Observation]:
    """Names that are not among the parameters of `run`, and defaults that are not converted."""
    answers = script.facts.run_signatures
    shown = [a.shown for a in answers if isinstance(a, Signature) and a.shown is not None]
    outside = [d.function if isinstance(d, s.Call) else d for d in run.decorators]
    known = {"input_schema", "output_schema", "rawhttp"}
    first = next((i for i, d in enumerate(outside) if _last(script, d) not in known), len(outside))
    if not shown or len(shown) < len(answers):
        return
    above = {id(d) for d in run.decorators[:first]}
    parameters = {p.name: p for p in shown[-1]}
    names = [n for f in found if f.name == "input_schema" and (n := f.given(script.facts))]
    for schema in (f for f in found if f.name == "input_schema" and id(f.call) in above):
        name = schema.given(script.facts)
        if name is None or not schema.converts:
            continue
        if any(name in {p.name for p in one} for one in shown):
            yield from _defaults(script, schema, parameters.get(name))
            continue
        place = schema.call.arguments[0] if schema.call.arguments else schema.call
        yield finding(
            script.at(place.span),
            f"`run` has no parameter `{name}`: every call answers 500",
            help=_advice([n for n in parameters if n not in names and n != "request_headers"]),
            key=f"name/{name}",
        )


def _last(script: ScoringScript, decorator: s.Expr) -> str:
    return last_part(script.names.qualify(decorator))


def _advice(free: list[str]) -> str:
    return f'name the parameter: `"{free[0]}"`' if len(free) == 1 else "name a parameter of `run`"


def _defaults(
    script: ScoringScript, schema: Schema, parameter: s.Parameter | None
) -> Iterator[Observation]:
    """A default of `None` goes through the conversion as well."""
    default = parameter.default if parameter else None
    is_none = isinstance(default, s.Constant) and default.value is None
    if parameter is None or not is_none or schema.sort is None or schema.sort.kind != "type":
        return
    yield finding(
        script.at(parameter.span),
        f"a request without `{parameter.name}` answers 500: "
        f"its `None` is converted with `{schema.sort.name}`",
        help="add `optional=True` to its `@input_schema`",
        severity="warning",
        key=f"default/{parameter.name}",
    )
