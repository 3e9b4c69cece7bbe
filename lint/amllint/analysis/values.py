"""Abstract values: what flows into a value, and how it would answer a request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from amllint.analysis import known_calls as known
from amllint.analysis.kinds import UNKNOWN, Kind, join_kinds
from amllint.analysis.names import Names
from amllint.source.python import syntax as s
from amllint.source.text import Span


class Request(NamedTuple):
    """What came in the request, through the named parameter."""

    parameter: str


class ErrorText(NamedTuple):
    """The text of a caught exception: where it was taken, and the handler that caught it.

    `handler` is `None` for the trace functions, which need no name. `own` is set when every
    class the handler names is defined in this script, so that its text is the author's own.
    `shown` is unset for the exception object itself, which no answer can hold: the server
    fails to serialize it.
    """

    taken: Span
    name: str
    handler: s.Handler | None
    own: bool
    shown: bool = True


class Failed(NamedTuple):
    """A handler put words of failure into a variable: where, and which handler."""

    assigned: Span
    handler: s.Handler


class Arrived(NamedTuple):
    """What came in the request through a parameter, and that a schema has looked at before."""

    parameter: str


class Predicted(NamedTuple):
    """What a model said of a request: the call that asked it."""

    asked: Span


Label: TypeAlias = Request | ErrorText | Failed | Arrived | Predicted


class Value(NamedTuple):
    """What is known of a value: what flows into it and how it answers a request.

    `status` is `None` for a plain body (which the server answers with 200), a number, or
    `"unknown"`. `source` is the expression that made it, `function` the function it is,
    `instance` the class of this script it is of. `checked` says that a test or a validator
    has looked at its shape; `keys` that these keys were there when it was indexed before;
    `kind` what type it is.
    """

    labels: frozenset[Label] = frozenset()
    status: int | str | None = None
    source: s.Expr | None = None
    function: s.Function | s.Lambda | None = None
    instance: s.Class | None = None
    checked: bool = False
    keys: frozenset[str | int] = frozenset()
    kind: Kind = UNKNOWN

    @property
    def came_in(self) -> bool:
        """Whether anything of the request is in the value."""
        labels = self.labels
        return bool(labels) and any(isinstance(n, (Request, Arrived)) for n in labels)

    @property
    def shows_error(self) -> bool:
        """Whether the text of an exception can be read in the value."""
        return any(isinstance(n, ErrorText) and n.shown for n in self.labels)

    @property
    def holds_exception(self) -> bool:
        """Whether the value holds an exception object, which cannot be serialized."""
        return any(isinstance(n, ErrorText) and not n.shown for n in self.labels)

    def carries(self, kind: type) -> bool:
        """Whether anything of a kind flows into the value."""
        labels = self.labels
        return bool(labels) and any(isinstance(label, kind) for label in labels)


NOTHING: Final = Value()


class Returned(NamedTuple):
    """One `return`: its statement, value, the handler it stands in, and who returned it."""

    span: Span
    expression: s.Expr | None
    value: Value
    handler: s.Handler | None
    delegated: bool
    failure: bool


class Risk(NamedTuple):
    """An expression that can raise outside of any handler for what it raises.

    `from_request` says that the request decides whether it raises; `verb` what it does;
    `raises` the exception; `missed` names handlers around it that do not catch that.
    `within` is the statement of the entry function's own body during which it is evaluated,
    `None` where a decorator stands between the two.
    """

    span: Span
    from_request: bool
    verb: str
    raises: str
    missed: tuple[str, ...]
    within: Span | None = None


class Given(NamedTuple):
    """A call that leaves the script and is given something of the request or of an answer.

    `name` is its qualified name; a method of a value of a known kind is `kind.method`.
    `handler` is the one it stands in.
    """

    call: s.Call
    name: str
    values: tuple[Value, ...]
    receiver: Value
    handler: s.Handler | None


class Misuse(NamedTuple):
    """A use of the request that its type does not have, and that nothing makes up for.

    `span` is the whole expression, `used` the part that has the type `kind`; `verb` says what
    was done with it, `raises` what that raises.
    """

    span: Span
    used: Span
    kind: str
    raises: str
    verb: str


class Encoded(NamedTuple):
    """A value that a call makes JSON of, and what is called: `json.dumps`, `AMLResponse`."""

    call: s.Call
    body: s.Expr
    value: Value
    by: str


@dataclass(slots=True)
class Outcome:
    """What running a function can come to.

    `risks` get out; `caught` are those that the request decides, with the handler that has
    them. `refusals` are statements that raise an exception of the script's own choice because of
    the request: where its shape is tested, or instead of another that was caught. `shapes` are
    uses that fail on rarer requests: JSON of another shape, numbers out of range. `given` and
    `encoded` are calls that get something of the request or of an answer. `misuses` raise
    whatever the request is.
    """

    returns: list[Returned] = field(default_factory=list)
    risks: list[Risk] = field(default_factory=list)
    caught: list[tuple[Risk, s.Handler]] = field(default_factory=list)
    refusals: list[Span] = field(default_factory=list)
    shapes: list[Risk] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    encoded: list[Encoded] = field(default_factory=list)
    misuses: list[Misuse] = field(default_factory=list)

    def within(self) -> Outcome:
        """What a function called from here can come to: its returns are its own."""
        return Outcome(
            [],
            self.risks,
            self.caught,
            self.refusals,
            self.shapes,
            self.given,
            self.encoded,
            self.misuses,
        )


Env: TypeAlias = dict[str, Value]
"""Local variables of a function, by name."""


_FAILURE_KEYS: Final = frozenset(
    {"error", "errors", "err", "exception", "traceback", "failure", "fault", "error_message"}
    | {"errormessage", "error_msg", "errormsg", "errorcode", "error_code"}
    | {"erro", "fehler", "erreur", "errore", "fout", "fel"}
)
_FAILURE_WORDS: Final = ("error", "fail", "exception", "invalid", "unable", "could not", "wrong")


def shows_failure(expression: s.Expr | None, value: Value, env: Env) -> bool:
    """Whether a returned value tells of a failure in words: an error text or message.

    Returning nothing counts too. A fallback answer (numbers, lists, another prediction)
    does not.
    """
    if expression is None or value.shows_error:
        return True
    if isinstance(expression, s.Name):
        source = env.get(expression.id, NOTHING).source
        return source is not None and source is not expression and shows_failure(source, value, {})
    if isinstance(expression, s.Constant):
        return expression.value is None or isinstance(expression.value, str)
    if isinstance(expression, s.FormattedString):
        return True
    if isinstance(expression, s.Operation):
        return any(shows_failure(o, NOTHING, env) for o in expression.operands)
    if isinstance(expression, s.Dictionary):
        pairs = zip(expression.keys, expression.values, strict=True)
        return any(_failure_pair(k, v) for k, v in pairs)
    if isinstance(expression, s.Display) and expression.kind == "tuple" and expression.items:
        status = known.status_value(expression.items[-1])
        return status is not None and status >= 400
    return isinstance(expression, s.Call) and _call_shows_failure(expression, env)


_FORMS: Final = frozenset(
    {"dumps", "jsonify", "dict", "str", "format", "AMLResponse", "Response", "JSONResponse"}
    | {"make_response"}
)
"""Calls that only put a body into another form."""


def _call_shows_failure(call: s.Call, env: Env) -> bool:
    """Whether a call only puts a failure into another form: `json.dumps({"error": …})`."""
    name = (s.dotted(call.function) or "").rpartition(".")[2]
    if name not in _FORMS:
        return False
    named = [(a.keyword, a.value) for a in call.arguments if a.keyword is not None]
    if name in ("dict", "jsonify") and named:
        return any(_failure_pair(s.Constant(v.span, k), v) for k, v in named)
    if name == "format" and isinstance(call.function, s.Attribute):
        return shows_failure(call.function.value, NOTHING, env)
    return bool(call.arguments) and shows_failure(call.arguments[0].value, NOTHING, env)


def tells_failure(expression: s.Expr | None, value: Value) -> bool:
    """Whether a value that a handler keeps for later tells of a failure.

    Stricter than for a returned one: a plain word may be a fallback (`category = "other"`).
    """
    if value.shows_error:
        return True
    if isinstance(expression, s.Dictionary):
        return shows_failure(expression, NOTHING, {})
    text = getattr(expression, "text", None) or getattr(expression, "value", None)
    return isinstance(text, str) and any(word in text.lower() for word in _FAILURE_WORDS)


def names_failure(key: str) -> bool:
    """Whether a key or attribute of this name holds a failure."""
    return key.lower() in _FAILURE_KEYS


def _failure_pair(key: s.Expr | None, value: s.Expr) -> bool:
    name = key.value.lower() if isinstance(key, s.Constant) and isinstance(key.value, str) else ""
    if name in _FAILURE_KEYS:
        return not (isinstance(value, s.Constant) and value.value in (None, "", False))
    if name.replace("_", "") in ("status", "statuscode", "code"):
        status = known.status_value(value)
        if status is not None:
            return 400 <= status < 600
    if name in ("success", "ok"):
        return isinstance(value, s.Constant) and value.value is False
    if name in ("message", "msg", "status", "detail", "result", "reason"):
        text = value.value if isinstance(value, s.Constant) else getattr(value, "text", "")
        return isinstance(text, str) and any(w in text.lower() for w in _FAILURE_WORDS)
    return False


def join_values(values: Iterable[Value]) -> Value:
    """The value that is one of several."""
    joined: Value | None = None
    for value in values:
        if joined is None or joined == value:
            joined = value
            continue
        status = joined.status if joined.status == value.status else "unknown"
        same = joined.source is value.source
        joined = Value(
            joined.labels | value.labels,
            status,
            joined.source if same else None,
            checked=joined.checked and value.checked,
            kind=join_kinds(joined.kind, value.kind),
        )
    return joined or NOTHING


def merge(into: Env, other: Env) -> None:
    """Let every variable be what it is in either environment."""
    for name, value in other.items():
        here = into.get(name)
        if here is None:
            into[name] = value
        elif here is not value:
            into[name] = join_values((here, value))


def mark_checked(env: Env, names: set[str]) -> Env:
    """An environment in which the named variables have been looked at."""
    marked = {n: env[n]._replace(checked=True) for n in names if n in env}
    return {**env, **marked} if marked else env


def union(values: Iterable[Value]) -> frozenset[Label]:
    labels: frozenset[Label] = frozenset()
    for value in values:
        labels |= value.labels
    return labels


def taken_at(label: Label, span: Span) -> Label:
    """An exception's own name is taken where it is read; a text taken earlier stays there."""
    if isinstance(label, ErrorText) and label.handler and label.taken == label.handler.span:
        return label._replace(taken=span)
    return label


def widen(labels: frozenset[Label], span: Span) -> frozenset[Label]:
    """`str(e)` rather than `e`: the place is the whole expression that shows the text."""
    return frozenset(
        label._replace(taken=span)
        if isinstance(label, ErrorText) and span.contains(label.taken)
        else label
        for label in labels
    )


def show(labels: frozenset[Label]) -> frozenset[Label]:
    """Exceptions made into text."""
    return frozenset(
        label._replace(shown=True) if isinstance(label, ErrorText) else label for label in labels
    )


def answer_status(response: known.Response, call: s.Call, names: Names) -> int | str | None:
    given: s.Expr | None = None
    positional = [a for a in call.arguments if a.keyword is None]
    if any(a.star for a in call.arguments):
        return "unknown"
    if len(positional) > response.position:
        given = positional[response.position].value
    for argument in call.arguments:
        if argument.keyword in response.keywords:
            given = argument.value
    if given is None:
        return 200
    return known.status_value(given) or "unknown"


def index_error(node: s.Subscript) -> str:
    first = node.keys[0] if node.keys else None
    is_number = isinstance(first, s.Constant) and isinstance(first.value, int)
    return "IndexError" if is_number else "KeyError"


def is_exc_info(node: s.Expr, names: Names) -> bool:
    return isinstance(node, s.Call) and names.qualify(node.function) == "sys.exc_info"
