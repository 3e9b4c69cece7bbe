"""Calls whose effect on a request, an error text or a response is known."""

from __future__ import annotations

from typing import Final, NamedTuple

from amllint.source.python import syntax as s


class Parser(NamedTuple):
    """A call that fails on input it does not like: what it does, and what it raises first.

    `further` is what it raises on rarer input, such as numbers that are too large for it.
    """

    verb: str
    raises: str
    further: tuple[str, ...] = ()


_JSON: Final = Parser("parses", "json.JSONDecodeError")
_VALUE: Final = Parser("converts", "ValueError")
_TENSOR: Final = Parser("converts", "ValueError", ("RuntimeError", "OverflowError"))

PARSERS: Final[dict[str, Parser]] = {
    **dict.fromkeys(("json.loads", "json.load", "simplejson.loads", "ujson.loads"), _JSON),
    **dict.fromkeys(("orjson.loads", "rapidjson.loads"), _JSON),
    **dict.fromkeys(("yaml.safe_load", "yaml.load"), Parser("parses", "yaml.YAMLError")),
    **dict.fromkeys(
        ("base64.b64decode", "base64.decodebytes"), Parser("decodes", "binascii.Error")
    ),
    **dict.fromkeys(
        ("base64.urlsafe_b64decode", "binascii.unhexlify"), Parser("decodes", "binascii.Error")
    ),
    **dict.fromkeys(("int", "float", "complex", "bytes.fromhex", "uuid.UUID"), _VALUE),
    **dict.fromkeys(("ast.literal_eval", "datetime.datetime.strptime"), _VALUE),
    **dict.fromkeys(("datetime.datetime.fromisoformat", "numpy.fromstring"), _VALUE),
    **dict.fromkeys(("numpy.array", "numpy.asarray", "numpy.frombuffer", "numpy.stack"), _VALUE),
    **dict.fromkeys(("pandas.read_json", "pandas.read_csv", "pandas.DataFrame"), _VALUE),
    **dict.fromkeys(("pandas.DataFrame.from_dict", "pandas.DataFrame.from_records"), _VALUE),
    **dict.fromkeys(("pandas.json_normalize", "pandas.to_datetime", "pandas.Series"), _VALUE),
    **dict.fromkeys(("torch.tensor", "torch.as_tensor", "torch.Tensor"), _TENSOR),
    **dict.fromkeys(("tensorflow.constant", "tensorflow.convert_to_tensor"), _VALUE),
    "PIL.Image.open": Parser("decodes", "OSError", ("ValueError",)),
    "cv2.imdecode": Parser("decodes", "OSError"),
    **dict.fromkeys(("pickle.loads", "joblib.load"), Parser("unpickles", "pickle.UnpicklingError")),
}

_MODEL: Final = Parser("validates", "pydantic.ValidationError")
ARGUMENT_METHODS: Final[dict[str, Parser]] = dict.fromkeys(
    ("model_validate_json", "model_validate", "parse_raw", "parse_obj"), _MODEL
)
"""Methods of a class that take something that came in the request apart."""

PARSER_METHODS: Final[dict[str, Parser]] = {
    "decode": Parser("decodes", "UnicodeDecodeError"),
    "get_json": Parser("parses", "werkzeug.exceptions.BadRequest"),
    "json": _JSON,
    "reshape": _VALUE,
    "astype": _VALUE,
}
"""Methods of something that came in the request."""

PASSES_REQUEST: Final = frozenset(
    {"str", "bytes", "dict", "list", "tuple", "sorted", "io.BytesIO", "io.StringIO"}
    | {"urllib.parse.unquote", "html.unescape", "zlib.decompress", "gzip.decompress"}
)
"""Further calls whose result still is what came in the request."""

TEXT_OF: Final = frozenset(
    {"str", "repr", "format", "ascii", "bytes", "dict", "list", "tuple", "set", "sorted"}
    | {"json.dumps", "simplejson.dumps", "ujson.dumps", "orjson.dumps", "vars", "map", "filter"}
    | {"flask.jsonify", "pprint.pformat", "html.escape", "textwrap.shorten", "copy.copy"}
    | {"zip", "enumerate", "reversed", "next", "iter", "pandas.DataFrame", "numpy.array"}
)
"""Calls whose result carries the text of what is passed in."""

SERIALIZERS: Final = frozenset({"json.dumps", "simplejson.dumps", "ujson.dumps", "json.dump"})
"""Calls that raise a TypeError on an exception object."""

DUMPS: Final = frozenset({"json.dumps", "simplejson.dumps", "ujson.dumps", "orjson.dumps"})
"""Calls that make a text of a value in which all of it can be read."""

PREDICTS: Final = frozenset({"predict", "predict_proba", "decision_function"})
"""Methods by which a model is asked."""

MAKES_TEXT: Final = frozenset({"str", "repr", "format", "ascii", "bytes", "pprint.pformat"})
"""Those of them that make text of an exception; the others keep the object."""

ERROR_SOURCES: Final = frozenset(
    {"traceback.format_exc", "traceback.format_exception", "traceback.format_exception_only"}
    | {"traceback.format_tb", "traceback.format_stack", "sys.exc_info", "sys.exception"}
)
"""Calls that fetch the exception being handled, or its trace."""

HARMLESS_METHODS: Final = frozenset(
    {"count", "index", "find", "startswith", "endswith", "isdigit", "with_traceback", "add_note"}
)
"""Methods of a text or an exception whose result does not show it."""

HARMLESS_ATTRIBUTES: Final = frozenset(
    {"__class__", "code", "status", "status_code", "errno", "returncode", "lineno", "colno"}
    | {"winerror", "pos"}
    | {
        "response",
        "request",
        "__name__",
        "__qualname__",
        "__module__",
        "exit_code",
        "error_code",
        "http_status",
    }
)
"""Attributes of an exception that are codes and names rather than its text."""

SHAPE_ATTRIBUTES: Final = frozenset(
    {"shape", "dtype", "dtypes", "ndim", "size", "nbytes", "columns"}
)
"""Attributes that say of what shape a value is, and nothing of what is in it."""

MAPPING_METHODS: Final = frozenset({"get", "items", "keys", "values"})
"""Methods that a JSON object has, and a list or a number has not."""

MUTATORS: Final = frozenset(
    {"append", "extend", "insert", "add", "update", "setdefault", "appendleft", "write", "put"}
)
"""Methods that put their arguments into the receiver."""

QUIET_CALLS: Final = frozenset(
    {"print", "len", "isinstance", "type", "repr", "str", "range", "id", "hasattr", "super"}
    | {"dict", "list", "tuple", "set", "enumerate", "zip", "globals", "locals", "bool", "format"}
    | {"time.time", "time.perf_counter", "datetime.datetime.now", "datetime.datetime.utcnow"}
    | {"traceback.print_exc", "traceback.format_exc", "sys.exc_info", "logging.getLogger"}
    | {"uuid.uuid4", "os.getenv", "os.environ.get", "os.path.join", "callable", "json.dumps"}
)
"""Calls that do not fail in practice, so that no `try` is missed around them."""

QUIET_METHODS: Final = frozenset(
    {"debug", "info", "warning", "error", "exception", "critical", "log", "get", "items", "keys"}
    | {
        "values",
        "append",
        "extend",
        "update",
        "format",
        "join",
        "strip",
        "lower",
        "upper",
        "tolist",
    }
    | {"track_event", "track_metric", "track_trace", "copy", "add", "setdefault", "flush"}
)


class Response(NamedTuple):
    """A call that makes a response: where its status stands, and its default."""

    position: int
    keywords: tuple[str, ...]


RESPONSES: Final[dict[str, Response]] = {
    "AMLResponse": Response(1, ("status_code",)),
    "flask.Response": Response(1, ("status",)),
    "werkzeug.Response": Response(1, ("status",)),
    "werkzeug.wrappers.Response": Response(1, ("status",)),
    "flask.make_response": Response(1, ("status",)),
    "fastapi.responses.JSONResponse": Response(1, ("status_code",)),
    "starlette.responses.JSONResponse": Response(1, ("status_code",)),
    "starlette.responses.Response": Response(1, ("status_code",)),
    "fastapi.Response": Response(1, ("status_code",)),
}

_HTTP_STATUS: Final = {"OK": 200, "CREATED": 201, "ACCEPTED": 202, "NO_CONTENT": 204}


def response_of(qualified: str) -> Response | None:
    """The response that a call makes, looked up by qualified name; AMLResponse from anywhere."""
    if qualified.rpartition(".")[2] == "AMLResponse":
        return RESPONSES["AMLResponse"]
    return RESPONSES.get(qualified)


def status_value(expression: s.Expr | None) -> int | None:
    """A literal HTTP status: `400`, `"400 BAD REQUEST"`, `HTTPStatus.OK`; `None` if not known.

    Every other member of `HTTPStatus` counts as 400: it is not a success.
    """
    if isinstance(expression, s.Constant):
        if isinstance(expression.value, int) and not isinstance(expression.value, bool):
            return expression.value
        if isinstance(expression.value, str) and expression.value[:3].isdigit():
            return int(expression.value[:3])
        return None
    name = s.dotted(expression) or ""
    parts = name.removesuffix(".value").split(".")
    if len(parts) >= 2 and parts[-2] == "HTTPStatus":
        return _HTTP_STATUS.get(parts[-1], 400)
    return None


def encoder(qualified: str, call: s.Call) -> str:
    """What makes JSON of the first argument of a call by its own rules, `""` if nothing does.

    `default=` and `cls=` say how to write what JSON does not know.
    """
    if not qualified.endswith(("json.dumps", "flask.jsonify", "AMLResponse")):
        return ""
    keywords = {a.keyword for a in call.arguments}
    if None in keywords and any(a.star for a in call.arguments):
        return ""
    if qualified == "json.dumps" and not keywords & {"default", "cls"}:
        return "json.dumps"
    if qualified == "flask.jsonify" and len(call.arguments) == 1:
        return "flask.jsonify"
    if qualified.rpartition(".")[2] == "AMLResponse":
        given = [a.value for a in call.arguments if a.keyword == "json_str"]
        positional = [a.value for a in call.arguments if a.keyword is None]
        given = given or positional[3:4]
        if given and isinstance(given[0], s.Constant) and given[0].value is True:
            return "AMLResponse"
    return ""
