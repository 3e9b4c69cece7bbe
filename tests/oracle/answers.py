"""What `run` can answer with, for the comparison with the inference server."""

from __future__ import annotations

HEAD = """\
import base64
import collections
import dataclasses
import datetime
import decimal
import fractions
import io
import json
import pathlib
import uuid

import flask
import pydantic
from azureml.contrib.services.aml_response import AMLResponse


@dataclasses.dataclass
class Point:
    x: int = 1


class Item(pydantic.BaseModel):
    x: int = 1


class Own:
    pass


class Table(dict):
    pass


def parts():
    yield 1


def wrapped(value):
    return {"value": value}


def init():
    global started
    started = datetime.datetime.now()


"""
STANDARD = (
    "b'x'",
    "bytearray(b'x')",
    "{'r': base64.b64encode(b'x')}",
    "{'r': base64.b64encode(b'x').decode()}",
    "io.BytesIO(b'x').getvalue()",
    "{'running'}",
    "set([1])",
    "frozenset([1])",
    "list({1})",
    "datetime.datetime.now()",
    "datetime.datetime.now().isoformat()",
    "datetime.date.today()",
    "datetime.timedelta(1)",
    "datetime.timedelta(1).total_seconds()",
    "started",
    "str(started)",
    "{'at': started}",
    "wrapped(started)",
    "wrapped(1)",
    "decimal.Decimal(1)",
    "float(decimal.Decimal(1))",
    "complex(1)",
    "1j",
    "uuid.uuid4()",
    "str(uuid.uuid4())",
    "pathlib.Path('x')",
    "parts()",
    "list(parts())",
    "(x for x in [1])",
    "[x for x in [1]]",
    "[x for x in [b'x']]",
    "{x for x in [1]}",
    "{x: 1 for x in [1]}",
    "map(str, [1])",
    "list(map(str, [1]))",
    "zip([1], [2])",
    "enumerate([1])",
    "reversed([1])",
    "range(3)",
    "list(range(3))",
    "dict(a=1).keys()",
    "dict(a=b'x')",
    "dict(a=1)",
    "Point()",
    "dataclasses.asdict(Point())",
    "Item()",
    "Item().model_dump()",
    "Own()",
    "Table(a=1)",
    "collections.OrderedDict(a=1)",
    "collections.deque([1])",
    "collections.Counter('a')",
    "lambda: 1",
    "...",
    "None",
    "(1, 2)",
    "1.5",
    "True",
    "'x'",
    "f'{data}'",
    "data",
    "json.loads(data)",
    "flask.jsonify({'a': 1})",
    "flask.jsonify({'d': datetime.datetime.now()})",
    "flask.jsonify({'d': decimal.Decimal(1)})",
    "flask.jsonify({'d': {1}})",
    "AMLResponse({'a': {1}}, 200, json_str=True)",
    "AMLResponse({'a': [1]}, 200, json_str=True)",
    "AMLResponse(b'x', 200)",
    "json.dumps({'a': b'x'})",
    "json.dumps({'a': 1})",
    "json.dumps({'a': {1}}, default=str)",
    "b'x' if data else b'y'",
    "b'x' if not data else 'y'",
    "{'a': {'b': [b'x']}}",
    "{**{'a': b'x'}}",
    "{**{'a': b'x'}, 'a': 'x'}",
)
ARRAYS_HEAD = """\
import numpy as np
import pandas as pd

"""
ARRAYS = (
    "np.array([1.5])",
    "{'result': np.array([1.5])}",
    "[np.array([1.5])]",
    "np.array([1.5]).tolist()",
    "np.array([1.5])[0]",
    "np.argmax(np.array([1.5]))",
    "int(np.argmax(np.array([1.5])))",
    "np.array([1.5]).argmax()",
    "np.mean(np.array([1.5]))",
    "np.float32(1)",
    "np.array([1.5]) > 1",
    "np.array([1.5]) * 2",
    "[x for x in np.array([1.5], dtype=np.float32)]",
    "[x for x in np.array([1.5], dtype='float64')]",
    "[x for x in np.array([1.5])]",
    "[float(x) for x in np.array([1.5], dtype=np.float32)]",
    "[x.item() for x in np.array([1.5], dtype=np.float32)]",
    "[str(x) for x in np.array([1, 2], np.int64)]",
    "[i for i in np.argmax(np.array([[1.5]]), axis=1)]",
    "[int(i) for i in np.argmax(np.array([[1.5]]), axis=1)]",
    "[np.float32(x) for x in [1.5]]",
    "[np.float64(x) for x in [1.5]]",
    "{'p': np.array([1.5]).astype('float32').max()}",
    "{'p': float(np.array([1.5]).astype('float32').max())}",
    "{'p': np.array([1.5]).astype('float32')[0]}",
    "{'p': np.array([1.5]).astype(float)[0]}",
    "list(np.array([1.5], dtype='float32'))",
    "list(np.array([1.5]))",
    "np.argsort(np.array([1.5]))[0]",
    "(np.array([1.5]) > 1)[0]",
    "bool((np.array([1.5]) > 1)[0])",
    "np.array([1], dtype=int).mean()",
    "np.array([1], dtype=int) * 1.5",
    "(np.array([1], dtype=int) * 1.5)[0]",
    "np.array([1.5]).astype('float32')",
    "np.array([1.5]).shape",
    "np.array([1.5]).tobytes()",
    "np.expand_dims(np.array([1.5]), 0)",
    "pd.DataFrame({'a': [1]})",
    "pd.DataFrame({'a': [1]})['a']",
    "pd.DataFrame({'a': [1]})['a'].tolist()",
    "pd.DataFrame({'a': [1]}).to_dict()",
    "pd.DataFrame({'a': [1]}).to_dict(orient='records')",
    "pd.DataFrame({'a': [1]}).to_json()",
    "pd.DataFrame({'a': [1]}).values",
    "pd.DataFrame({'a': [1]}).values.tolist()",
    "pd.DataFrame({'a': [1]}).columns",
    "pd.DataFrame({'a': [1]}).head(1)",
    "pd.DataFrame({'a': [1]}).shape",
    "pd.concat([pd.DataFrame({'a': [1]})])",
    "pd.Series([1])",
    "pd.Series([1]).to_dict()",
    "pd.Timestamp.now()",
    "json.dumps({'a': np.array([1.5])})",
    "json.dumps({'a': np.array([1.5]).tolist()})",
)


def script(expression: str, arrays: bool = False) -> str:
    """A script that answers with an expression."""
    head = ARRAYS_HEAD + HEAD if arrays else HEAD
    return f"{head}def run(data):\n    return {expression}\n"
