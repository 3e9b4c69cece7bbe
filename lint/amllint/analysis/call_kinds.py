"""What kind of value a call that leaves the script gives, from its name and what it is given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from amllint.analysis.kinds import UNKNOWN, Kind, Part, each, holding
from amllint.analysis.known_types import made_by, method_gives
from amllint.source.python import syntax as s

if TYPE_CHECKING:
    from amllint.analysis.values import Value

_SEQUENCES: Final = frozenset({"list", "tuple", "sorted"})
_PLAIN_BASES: Final = frozenset({"object", "ABC", "Protocol"})
_DTYPES: Final = {"astype": 0, "array": 1, "asarray": 1, "zeros": 1, "ones": 1, "full": 2}
"""Where a `dtype` stands without its keyword."""
_UNKNOWN_TO_JSON: Final = frozenset(
    {"float32", "float16", "single", "half", "int", "int8", "int16", "int32", "int64", "uint8"}
    | {"uint16", "uint32", "uint64", "bool", "bool_"}
)
_COMPREHENSIONS: Final = {
    "ListComp": "list",
    "SetComp": "set",
    "DictComp": "dict",
    "GeneratorExp": "generator",
}
_CONSTANTS: Final = {
    str: "str",
    bytes: "bytes",
    bool: "number",
    int: "number",
    float: "number",
    complex: "complex",
    type(None): "none",
    type(...): "ellipsis",
}


def constant_kind(value: object) -> Kind:
    """The kind of a literal."""
    return Kind(_CONSTANTS.get(type(value), ""))


def call_kind(
    node: s.Call, qualified: str, method: str, receiver: Value, values: Sequence[Value]
) -> Kind:
    """The kind of what a call gives."""
    if receiver.kind:
        if receiver.kind.name == "onnx session" and method == "run":
            return holding("list", (Part(None, node.span, Kind("ndarray")),))
        if method == "copy" and receiver.kind.parts:
            return receiver.kind
        return _typed(method_gives(receiver.kind, method, node), method, node)
    made = _typed(made_by(qualified, node), qualified.rpartition(".")[2], node)
    if made.name in ("dict", "list", "tuple") and values:
        return _container(made, qualified, node, values)
    if qualified == "round" and values[:1] and values[0].kind.name != "number":
        return UNKNOWN
    if made or not method:
        return made
    return method_gives(receiver.kind, method, node)


def _typed(made: Kind, called: str, node: s.Call) -> Kind:
    """An array whose `dtype` is written out as one whose items JSON does not know."""
    if made.name != "ndarray":
        return made
    position = _DTYPES.get(called)
    for number, given in enumerate(node.arguments):
        positional = given.keyword is None and number == position
        if given.keyword == "dtype" or (positional and not given.star):
            value = given.value
            word = value.value if isinstance(value, s.Constant) else s.dotted(value)
            if str(word).rpartition(".")[2] in _UNKNOWN_TO_JSON:
                return Kind("typed ndarray")
    return made


def _container(made: Kind, qualified: str, node: s.Call, values: Sequence[Value]) -> Kind:
    """`dict(result=x)`, `list(x)` and their like keep what they are made of."""
    if qualified == "dict":
        given = zip(node.arguments, values, strict=True)
        parts = (Part(a.keyword, a.value.span, v.kind) for a, v in given if a.keyword)
        return holding("dict", parts)
    inner = values[0].kind
    if qualified in ("list", "sorted", "tuple") and inner.name == "typed ndarray":
        return holding(made.name, (Part(None, node.arguments[0].value.span, each(inner)),))
    if qualified in _SEQUENCES and inner.name in ("list", "tuple"):
        return holding(made.name, (p._replace(key=None) for p in inner.parts))
    return made


def display_kind(kind: str, items: Iterable[tuple[s.Expr, Kind]]) -> Kind:
    """The kind of a tuple, list or set as written out."""
    if kind == "set":
        return Kind("set")
    numbered = enumerate(items)
    return holding(kind, (Part(n, i.span, k) for n, (i, k) in numbered if type(i) is not s.Starred))


def dictionary_kind(node: s.Dictionary, kinds: Sequence[Kind]) -> Kind:
    """The kind of a dict as written out; `**other` brings its parts along."""
    parts: list[Part] = []
    for key, value, kind in zip(node.keys, node.values, kinds, strict=True):
        if key is None:
            parts.extend(kind.parts)
            continue
        name = key.value if isinstance(key, s.Constant) else None
        parts = [p for p in parts if name is None or p.key != name]
        parts.append(Part(name if isinstance(name, (str, int)) else None, value.span, kind))
    return holding("dict", parts)


def comprehension_kind(node: s.Comprehension, element: Kind) -> Kind:
    """The kind of a comprehension, given that of its (last) element."""
    name = _COMPREHENSIONS[node.kind]
    if name not in ("list", "dict"):
        return Kind(name)
    return holding(name, (Part(None, node.elements[-1].span, element),))


def object_kind(owner: s.Class) -> Kind:
    """The kind of an instance of a class of the script: nothing that JSON knows, if it is plain."""
    bases = [(s.dotted(b.value) or "").rpartition(".")[2] for b in owner.bases]
    if "BaseModel" in bases:
        return Kind("model object")
    decorators = [d.function if isinstance(d, s.Call) else d for d in owner.decorators]
    known = all((s.dotted(d) or "").endswith("dataclass") for d in decorators)
    return Kind("object") if known and set(bases) <= _PLAIN_BASES else UNKNOWN
