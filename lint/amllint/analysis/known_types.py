"""Which kind of value calls, methods and attributes of known libraries come to.

Kinds are named in plain words; `refused.py` says which of them an answer cannot hold. Only
what holds for every argument is listed: `numpy.mean` gives a `float64`, which JSON takes, or a
`float32`, which it does not.
"""

from __future__ import annotations

from typing import Final

from amllint.analysis.kinds import NUMPY_NUMBER, UNKNOWN, Kind, item
from amllint.source.python import syntax as s


def _by_name(table: dict[str, str], prefix: str = "") -> dict[str, str]:
    return {prefix + name: kind for kind, names in table.items() for name in names.split()}


_NUMPY: Final = {
    "ndarray": "array asarray zeros ones empty full eye arange linspace stack concatenate vstack "
    "hstack dstack column_stack expand_dims squeeze reshape ravel transpose frombuffer "
    "fromstring array_split unique zeros_like ones_like full_like loadtxt fromiter tile repeat "
    "swapaxes flip outer random.rand random.randn ascontiguousarray atleast_1d atleast_2d sort",
    "typed ndarray": "argsort",
    "numpy number": "float32 float16 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool_ "
    "argmax argmin nanargmax",
}
_PANDAS: Final = {
    "dataframe": "DataFrame read_csv read_json read_excel read_parquet read_sql json_normalize "
    "concat merge get_dummies pivot_table DataFrame.from_dict DataFrame.from_records melt",
    "series": "Series",
    "datetime": "Timestamp Timestamp.now Timestamp.today Timestamp.utcnow",
}
_TORCH: Final = {
    "tensor": "tensor as_tensor from_numpy stack cat softmax sigmoid argmax zeros ones randn rand "
    "Tensor FloatTensor LongTensor nn.functional.softmax nn.functional.sigmoid matmul exp log "
    "nn.functional.normalize nn.functional.log_softmax unsqueeze squeeze",
}
_TENSORFLOW: Final = {
    "tf tensor": "constant convert_to_tensor cast argmax expand_dims reshape stack concat squeeze "
    "nn.softmax nn.sigmoid math.argmax math.softmax image.resize io.decode_image sigmoid",
    "keras model": "keras.models.load_model keras.saving.load_model keras.Sequential "
    "keras.models.Sequential keras.models.model_from_json",
}
_STANDARD: Final = {
    "str": "str repr format ascii base64.encodebytes.decode html.escape traceback.format_exc",
    "number": "int float bool len round time.time time.perf_counter time.monotonic hash isinstance",
    "dict": "dict collections.OrderedDict collections.defaultdict collections.Counter vars "
    "dataclasses.asdict",
    "list": "list sorted",
    "tuple": "tuple",
    "set": "set frozenset",
    "bytes": "bytes bytearray base64.b64decode base64.decodebytes base64.urlsafe_b64decode "
    "pickle.dumps zlib.compress gzip.compress struct.pack joblib.dumps",
    "text bytes": "base64.b64encode base64.encodebytes base64.urlsafe_b64encode base64.b85encode "
    "binascii.hexlify orjson.dumps",
    "bytesio": "io.BytesIO",
    "stringio": "io.StringIO",
    "datetime": "datetime.datetime datetime.date datetime.datetime.now datetime.datetime.utcnow "
    "datetime.datetime.strptime datetime.datetime.fromtimestamp datetime.datetime.fromisoformat "
    "datetime.date.today datetime.datetime.today",
    "timedelta": "datetime.timedelta",
    "decimal": "decimal.Decimal",
    "complex": "complex",
    "uuid": "uuid.uuid4 uuid.uuid1 uuid.UUID",
    "path": "pathlib.Path",
    "iterator": "map filter zip enumerate reversed iter itertools.chain",
    "range": "range",
    "deque": "collections.deque",
    "json text": "json.dumps simplejson.dumps ujson.dumps rapidjson.dumps jsonpickle.encode",
    "logger": "logging.getLogger loguru.logger structlog.get_logger",
}
_LIBRARIES: Final = {
    "ndarray": "cv2.imread cv2.imdecode cv2.resize cv2.cvtColor scipy.special.softmax "
    "scipy.special.expit",
    "loaded model": "joblib.load pickle.load pickle.loads dill.load cloudpickle.load "
    "mlflow.pyfunc.load_model sklearn.externals.joblib.load cloudpickle.loads",
    "array model": "mlflow.sklearn.load_model mlflow.xgboost.load_model mlflow.lightgbm.load_model "
    "xgboost.Booster lightgbm.Booster xgboost.XGBClassifier xgboost.XGBRegressor "
    "lightgbm.LGBMClassifier lightgbm.LGBMRegressor catboost.CatBoostClassifier "
    "catboost.CatBoostRegressor catboost.CatBoost",
    "keras model": "keras.models.load_model keras.saving.load_model mlflow.keras.load_model "
    "keras.models.model_from_json keras.models.Sequential keras.Sequential",
    "pandas model": "autogluon.tabular.TabularPredictor.load",
    "onnx session": "onnxruntime.InferenceSession",
    "spaCy pipeline": "spacy.load",
    "http session": "requests.Session requests.session httpx.Client aiohttp.ClientSession",
}
MADE_BY: Final[dict[str, str]] = {
    **_by_name(_STANDARD),
    **_by_name(_LIBRARIES),
    **_by_name(_NUMPY, "numpy."),
    **_by_name(_PANDAS, "pandas."),
    **_by_name(_TORCH, "torch."),
    **_by_name(_TENSORFLOW, "tensorflow."),
}
"""Qualified call → kind of its result."""

_ARRAY_METHODS: Final = {
    "ndarray": "astype reshape round flatten ravel squeeze transpose copy clip repeat "
    "swapaxes view",
    "typed ndarray": "argsort",
    "list": "tolist",
    "bytes": "tobytes tostring",
    "numpy number": "argmax argmin any all",
}
_TYPED_METHODS: Final = {
    "typed ndarray": "reshape round flatten ravel squeeze transpose copy clip repeat swapaxes "
    "argsort",
    "ndarray": "astype view",
    "list": "tolist",
    "bytes": "tobytes tostring",
    "numpy number": "argmax argmin any all max min",
}
_PREDICTS: Final = "predict predict_proba decision_function predict_log_proba"
_METHODS: Final = {
    "ndarray": _ARRAY_METHODS,
    "typed ndarray": _TYPED_METHODS,
    "numpy number": {"number": "tolist item", "numpy number": "astype"},
    "series": {
        "list": "tolist to_list",
        "dict": "to_dict",
        "ndarray": "to_numpy unique",
        "dataframe": "to_frame",
        "series": "apply map astype fillna head tail dropna round sort_values value_counts isin "
        "replace abs clip copy shift rolling",
    },
    "dataframe": {
        "ndarray": "to_numpy to_records",
        "dict": "to_dict",
        "dataframe": "head tail drop dropna fillna rename reset_index set_index astype copy merge "
        "join round sort_values applymap replace query sample assign transpose describe "
        "select_dtypes drop_duplicates",
    },
    "tensor": {
        "list": "tolist",
        "ndarray": "numpy",
        "number": "item",
        "tensor": "detach cpu cuda to float double half int long softmax sigmoid argmax "
        "squeeze unsqueeze view reshape permute transpose flatten mean sum clone exp log_softmax "
        "contiguous",
    },
    "tf tensor": {"ndarray": "numpy"},
    "moved": {"ndarray": "numpy", "tensor": "detach"},
    "str": {
        "text bytes": "encode",
        "str": "strip lower upper format join replace title lstrip rstrip capitalize zfill",
        "list": "split splitlines rsplit",
        "number": "startswith endswith find count index isdigit",
    },
    "json text": {"text bytes": "encode", "str": "strip replace"},
    "bytes": {"str": "decode hex"},
    "text bytes": {"str": "decode"},
    "bytesio": {"bytes": "getvalue read"},
    "stringio": {"str": "getvalue read"},
    "dict": {"dict view": "keys values items", "dict": "copy"},
    "set": {"set": "union intersection difference copy"},
    "datetime": {
        "str": "isoformat strftime ctime",
        "datetime": "date replace astimezone",
        "number": "timestamp weekday",
    },
    "timedelta": {"number": "total_seconds"},
    "loaded model": {"loaded prediction": _PREDICTS},
    "loaded prediction": {
        "list": "tolist",
        "dict": "to_dict",
        "loaded prediction": "astype reshape round flatten ravel squeeze",
    },
    "some prediction": {
        "list": "tolist",
        "dict": "to_dict",
        "some prediction": "astype reshape round flatten ravel squeeze",
    },
    "array model": {"ndarray": _PREDICTS},
    "keras model": {"ndarray": "predict predict_on_batch"},
    "pandas model": {"series": "predict", "dataframe": "predict_proba"},
    # Only tensors of PyTorch have `detach`; its modules have `cpu` as well, but no `numpy`.
    "": {"some prediction": "predict predict_proba", "tensor": "detach", "moved": "cpu"},
}
METHODS: Final[dict[str, dict[str, str]]] = {k: _by_name(v) for k, v in _METHODS.items()}
METHODS["own text"] = METHODS["request text"] = METHODS["str"]
"""Kind → method → kind of its result; `""` for receivers that are not known."""

_ATTRIBUTES: Final = {
    ("dataframe", "values"): "ndarray",
    ("dataframe", "T"): "dataframe",
    ("dataframe", "columns"): "index",
    ("dataframe", "index"): "index",
    ("series", "values"): "ndarray",
    ("series", "index"): "index",
    ("ndarray", "T"): "ndarray",
    ("typed ndarray", "T"): "typed ndarray",
    ("typed ndarray", "shape"): "tuple",
    ("ndarray", "shape"): "tuple",
    ("dataframe", "shape"): "tuple",
}
_TEXT_WITHOUT_PLACE: Final = {"to_json": "json text", "to_csv": "str"}
"""Methods of a DataFrame that give a text unless they are told where to write it."""

_ARITHMETIC: Final = frozenset({"+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^", "~"})
_COMPARISONS: Final = frozenset({"==", "!=", "<", ">", "<=", ">="})
_ELEMENTWISE: Final = ("dataframe", "series", "tensor", "tf tensor", "ndarray")


def made_by(qualified: str, call: s.Call) -> Kind:
    """What a call by name gives."""
    name = MADE_BY.get(qualified, "")
    if not name and qualified.startswith("sklearn."):
        last = qualified.rpartition(".")[2]
        name = "array model" if last[:1].isupper() else ""
    if not name and qualified.startswith("tensorflow.keras."):
        name = MADE_BY.get(qualified.removeprefix("tensorflow."), "")
    if name == "list" and len(call.arguments) != 1:
        return Kind("list")
    return Kind(name) if name else UNKNOWN


def method_gives(kind: Kind, method: str, call: s.Call) -> Kind:
    """What a method of a value gives."""
    if method in _TEXT_WITHOUT_PLACE and kind.name in ("dataframe", "series", ""):
        placed = any(
            a.star or a.keyword in (None, "path_or_buf", "excel_writer") for a in call.arguments
        )
        known = kind.name or any(a.keyword in ("orient", "index") for a in call.arguments)
        return Kind(_TEXT_WITHOUT_PLACE[method]) if not placed and known else UNKNOWN
    if any(a.keyword == "inplace" for a in call.arguments):
        return UNKNOWN
    name = METHODS.get(kind.name, {}).get(method, "")
    return Kind(name) if name else UNKNOWN


def attribute_gives(kind: Kind, attr: str) -> Kind:
    """What an attribute of a value is."""
    name = _ATTRIBUTES.get((kind.name, attr)) if kind else None
    return Kind(name) if name else UNKNOWN


def subscript_kind(kind: Kind, key: object, node: s.Subscript) -> Kind:
    """What indexing a value gives."""
    if kind.name in ("tensor", "tf tensor", "numpy number"):
        return kind
    if kind.name == "typed ndarray":
        return kind if node.slice else NUMPY_NUMBER
    if kind.name == "dataframe":
        return Kind("series" if isinstance(key, str) else "dataframe")
    if kind.name in ("list", "tuple") and node.slice:
        return Kind(kind.name)
    return item(kind, key)


def operation_gives(operators: tuple[str, ...], kinds: list[Kind]) -> Kind:
    """What an operation gives: element by element for arrays, text for text."""
    operator = operators[0]
    names = [k.name for k in kinds]
    if operator in ("in", "not in", "is", "is not", "not"):
        return Kind("number")
    if operator in _COMPARISONS and {"ndarray", "typed ndarray"} & set(names):
        return Kind("typed ndarray")
    if operator in _ARITHMETIC or operator in _COMPARISONS:
        names = ["ndarray" if n == "typed ndarray" else n for n in names]
        for name in _ELEMENTWISE:
            if name in names:
                return Kind(name)
    if operator in ("+", "%") and names[0] in ("str", "own text"):
        return Kind("own text") if operator == "+" else Kind("str")
    if operator in ("+", "-", "*", "//", "%") and names and set(names) <= {"number"}:
        return Kind("number")
    return UNKNOWN
