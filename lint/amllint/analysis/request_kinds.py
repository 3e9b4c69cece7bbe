"""What type the inference server hands to `run`: a text, its raw request, what a schema made.

Without decorators `run` is given the body as a `str`, whatever the content type. `@rawhttp`, on
any function, makes it the server's request object, and a schema decorator an object of the type
of its sample.
"""

from __future__ import annotations

from typing import Final

from amllint.analysis.kinds import RAW, TEXT, Kind
from amllint.analysis.read_script import FunctionLike, ReadScript
from amllint.analysis.request_mode import last_part, may_use_schema
from amllint.analysis.schema_decorators import Schema, schemas
from amllint.source.python import syntax as s

_DECODED: Final = {
    "NumpyParameterType": "ndarray",
    "PandasParameterType": "dataframe",
}
_SAMPLES: Final = {"list": "list", "dict": "dict", "number": "number", "text": "str"}


def request_kinds(facts: ReadScript, run: FunctionLike) -> dict[str, Kind]:
    """The kinds of the parameters of `run` that are certain, by parameter.

    Nothing is where the script itself calls `run` with something else than a text, or where
    decorators of other origin stand between the server and the function.
    """
    if facts.batch_evidence or "driver_module" in facts.bindings.bound:
        return {}
    decorators = facts.decorators(run)
    if all(last_part(d) in ("input_schema", "output_schema") for d in decorators) and decorators:
        return _by_schema(facts, run)
    names = [p.name for p in run.parameters if p.name not in ("self", "request_headers")]
    if len(names) != 1 or may_use_schema(facts, run):
        return {}
    if any(last_part(d) != "rawhttp" for d in decorators):
        return {}
    raw = _is_raw(facts)
    if raw is None or _called_otherwise(facts, raw):
        return {}
    return {names[0]: RAW if raw else TEXT}


def _by_schema(facts: ReadScript, run: FunctionLike) -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for schema in schemas(facts, run) if isinstance(run, s.Function) else ():
        name = schema.given(facts) if schema.name == "input_schema" else None
        kind = _made(facts, schema)
        if name in found or (schema.name == "input_schema" and name is None):
            return {}
        if name is not None and kind and schema.converts:
            found[name] = Kind(kind)
    return {} if _called_otherwise(facts, True) else found


def _made(facts: ReadScript, schema: Schema) -> str:
    """The kind of what a schema makes of a parameter, empty if that is not certain."""
    type_name = schema.sort.name if schema.sort and schema.sort.kind == "type" else ""
    if type_name == "StandardPythonParameterType":
        return _SAMPLES.get(schema.sample(facts) or "", "")
    return _DECODED.get(type_name, "")


def _is_raw(facts: ReadScript) -> bool | None:
    """Whether something of the script uses `@rawhttp`; `None` where that cannot be told."""
    named = [q for q in facts.names.all_imported() if last_part(q) in ("rawhttp", "aml_request")]
    if any("azureml" in star for star in facts.names.stars):
        return None
    if not named:
        return False
    used = (n for n in facts.of_kind(s.Name, s.Attribute))
    return any(last_part(facts.names.qualify(n)) == "rawhttp" for n in used)


def _called_otherwise(facts: ReadScript, decorated: bool) -> bool:
    """Whether the script calls `run` itself, with something that may be no text."""
    for call in facts.of_kind(s.Call):
        if isinstance(call.function, s.Name) and call.function.id == "run":
            given = [a.value for a in call.arguments]
            if decorated or not all(_is_text(facts, value) for value in given):
                return True
    return False


def _is_text(facts: ReadScript, value: s.Expr, steps: int = 3) -> bool:
    """Whether an argument is a text as far as it is written out."""
    if isinstance(value, s.Constant):
        return isinstance(value.value, (str, bytes))
    if isinstance(value, s.FormattedString):
        return True
    if isinstance(value, s.Call):
        return (facts.names.qualify(value.function) or "") in ("json.dumps", "str", "bytes")
    if isinstance(value, s.Name) and steps:
        targets = [
            n.value
            for n in facts.of_kind(s.Assign)
            if any(isinstance(t, s.Name) and t.id == value.id for t in n.targets)
        ]
        return bool(targets) and all(v and _is_text(facts, v, steps - 1) for v in targets)
    return False
