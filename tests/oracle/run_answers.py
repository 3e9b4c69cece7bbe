"""What ``run`` answers, and how it ends otherwise."""

# ruff: noqa: E501 - a line of the tables is a line of a script

from __future__ import annotations

from tests.oracle.run_parts import RESPONSE, Part

#: What ``run`` answers. ``rows`` and ``model`` are there.
RIGHT_ANSWERS: dict[str, Part] = {
    "predict": Part("", "return model.predict(rows)"),
    "dict": Part("", "return {'result': model.predict(rows), 'rows': len(rows)}"),
    "dumps": Part("import json\n", "return json.dumps({'result': model.predict(rows)})"),
    "list": Part("", "return [str(row) for row in rows]"),
    "tuple": Part("", "return rows, 200"),
    "none": Part("", "model.predict(rows)"),
    "number": Part("", "return sum(map(len, rows)) / 2"),
    "text": Part("", "return 'ok'"),
    "sorted-set": Part("", "return sorted({len(row) for row in rows})"),
    "list-of-set": Part("", "return list({1, 2})"),
    "joined-map": Part("", "return list(map(len, rows))"),
    "decoded-bytes": Part("", "return 'a'.encode().decode()"),
    "isoformat": Part(
        "import datetime\n", "return {'at': datetime.datetime(2020, 1, 1).isoformat()}"
    ),
    "ordered": Part("import collections\n", "return collections.OrderedDict(a=1)"),
    "counter": Part("import collections\n", "return collections.Counter('abc')"),
    "namedtuple": Part(
        "import collections\nPair = collections.namedtuple('Pair', 'a b')\n", "return Pair(1, 2)"
    ),
    "int-keys": Part("", "return {number: row for number, row in enumerate(rows)}"),
    "nan": Part("", "return float('nan')"),
    "dumps-default": Part("import json\n", "return json.dumps({1, 2}, default=list)"),
    "error-text": Part(
        "",
        "try:\n    return model.predict(rows)\nexcept Exception as error:\n    return str(error)",
    ),
    "response": Part(
        RESPONSE, "return AMLResponse({'result': model.predict(rows)}, 200, json_str=True)"
    ),
    "response-text": Part(RESPONSE, "return AMLResponse('ok', 200)"),
    "response-keys": Part(RESPONSE, "return AMLResponse({'a': 1}, 200)"),
    "int-enum": Part("import enum\nclass Label(enum.IntEnum):\n    A = 1\n", "return Label.A"),
    "print-set": Part("", "print({1, 2})\nreturn 'ok'"),
    "set-in-branch": Part("", "if not rows:\n    return {1}\nreturn 'ok'"),
    "exit-in-branch": Part("import sys\n", "if not rows:\n    sys.exit(1)\nreturn 'ok'"),
    "exit-swallowed": Part("import sys\n", "try:\n    sys.exit(1)\nexcept:\n    return 'ok'"),
    "breakpoint-in-branch": Part("", "if not rows:\n    breakpoint()\nreturn 'ok'"),
    "own-exit": Part("def exit():\n    return 'ok'\n", "return exit()"),
    "finally": Part("", "try:\n    return {1}\nfinally:\n    return 'ok'"),
    "undefined-in-unused": Part("def unused():\n    return nowhere\n", "return 'ok'"),
    "sleep": Part("import time\n", "time.sleep(0.1)\nreturn 'ok'"),
}
WRONG_ANSWERS: dict[str, Part] = {
    "set": Part("", "return {1, 2}"),
    "set-call": Part("", "return set(map(len, rows))"),
    "set-comprehension": Part("", "return {len(row) for row in rows}"),
    "frozenset": Part("", "return frozenset([1])"),
    "bytes": Part("", "return b'ok'"),
    "encoded": Part("import json\n", "return json.dumps(rows).encode()"),
    "bytearray": Part("", "return bytearray(3)"),
    "generator": Part("", "return (row for row in rows)"),
    "map": Part("", "return map(len, rows)"),
    "filter": Part("", "return filter(None, rows)"),
    "zip": Part("", "return zip(rows, rows)"),
    "range": Part("", "return range(3)"),
    "enumerate": Part("", "return enumerate(rows)"),
    "reversed": Part("", "return reversed(rows)"),
    "keys": Part("", "answer = {'a': 1}\nreturn answer.keys()"),
    "values": Part("", "return {'a': 1}.values()"),
    "items": Part("", "return dict(a=1).items()"),
    "complex": Part("", "return 1j"),
    "object": Part("", "return object()"),
    "model": Part("", "return model"),
    "class": Part("", "return int"),
    "function": Part("", "return len"),
    "ellipsis": Part("", "return ..."),
    "datetime": Part("import datetime\n", "return datetime.datetime.now()"),
    "datetime-in-dict": Part(
        "import datetime\n", "return {'at': datetime.datetime.utcnow(), 'rows': rows}"
    ),
    "from-datetime": Part("from datetime import datetime\n", "return {'at': datetime.now()}"),
    "date": Part("import datetime\n", "return [datetime.date.today()]"),
    "timedelta": Part("import datetime\n", "return datetime.timedelta(1)"),
    "decimal": Part("from decimal import Decimal\n", "return Decimal('1.5')"),
    "fraction": Part("import fractions\n", "return fractions.Fraction(1, 2)"),
    "uuid": Part("import uuid\n", "return {'id': uuid.uuid4()}"),
    "path": Part("import pathlib\n", "return pathlib.Path('a')"),
    "deque": Part("import collections\n", "return collections.deque(rows)"),
    "exception": Part(
        "", "try:\n    raise ValueError('no')\nexcept ValueError as error:\n    return error"
    ),
    "exception-in-dict": Part(
        "",
        "try:\n    raise ValueError('no')\nexcept ValueError as error:\n    return {'error': error}",
    ),
    "own-class": Part("class Answer:\n    pass\n", "return Answer()"),
    "dataclass": Part(
        "class Answer:\n    def __init__(self, rows):\n        self.rows = rows\n",
        "return {'answer': Answer(rows)}",
    ),
    "enum": Part("import enum\nclass Label(enum.Enum):\n    A = 1\n", "return Label.A"),
    "set-in-dict": Part("", "return {'labels': {1, 2}}"),
    "set-in-list": Part("", "return [{1}, {2}]"),
    "set-in-variable": Part("", "answer = {1, 2}\nreturn answer"),
    "set-stored": Part("", "answer = {}\nanswer['labels'] = {1}\nreturn answer"),
    "set-appended": Part("", "answer = []\nanswer.append({1})\nreturn answer"),
    "set-of-helper": Part(
        "def labels(rows):\n    return {len(row) for row in rows}\n", "return labels(rows)"
    ),
    "bytes-of-method": Part(
        "class Encoder:\n    def encode(self, rows):\n        return b'ok'\n",
        "return Encoder().encode(rows)",
    ),
    "set-either-way": Part("", "return {1} if rows else {2}"),
    "tuple-keys": Part("", "return {(1, 2): 3}"),
    "circular": Part("", "answer = []\nanswer.append(answer)\nreturn answer"),
    "bytes-keys": Part("", "return {b'a': 1}"),
    "dumps-set": Part("import json\n", "return json.dumps({1, 2})"),
    "yield": Part("", "yield rows"),
    "lambda": Part("", "return lambda: rows"),
    "exit": Part("import sys\n", "sys.exit(1)"),
    "exit-behind-answer": Part(
        "import sys\n", "answer = model.predict(rows)\nsys.exit(0)\nreturn answer"
    ),
    "exit-not-swallowed": Part(
        "import sys\n", "try:\n    sys.exit('no')\nexcept Exception:\n    return 'ok'"
    ),
    "exit-from-import": Part("from sys import exit\n", "exit()"),
    "exit-in-helper": Part("import sys\ndef stop():\n    sys.exit(1)\n", "stop()"),
    "exit-on-condition": Part("import sys\n", "if rows:\n    sys.exit(1)\nreturn 'ok'"),
    "quit": Part("", "quit()"),
    "raise-system-exit": Part("", "raise SystemExit(1)"),
    "kill": Part("import os\n", "os._exit(1)"),
    "breakpoint": Part("", "breakpoint()\nreturn 'ok'"),
    "pdb": Part("", "import pdb; pdb.set_trace()\nreturn 'ok'"),
    "pdb-in-try": Part(
        "import pdb\n",
        "try:\n    pdb.set_trace()\n    return 'ok'\nexcept Exception:\n    return 'no'",
    ),
    "undefined-answer": Part("", "model.predict(rows)\nreturn result"),
    "undefined-in-fstring": Part("", "return f'{prediction}'"),
    "undefined-in-dict": Part("", "return {'result': predictions}"),
    "undefined-in-lambda": Part("", "return list(map(lambda row: scale * row, rows))"),
    "undefined-in-comprehension": Part("", "return [scaler(row) for row in rows]"),
    "undefined-function": Part("", "return postprocess(model.predict(rows))"),
    "undefined-helper-name": Part(
        "def post(rows):\n    return np.mean(rows)\n", "return post(rows)"
    ),
    "unbound-local": Part("", "result = result if rows else None\nreturn result"),
    "raises": Part("", "return rows['nowhere']"),
    "divides": Part("", "return 1 / 0"),
    "response-number": Part(RESPONSE, "return AMLResponse(1.5, 200)"),
    "response-header": Part(RESPONSE, "return AMLResponse('a', 200, {'X': 5})"),
    "response-no-status": Part(RESPONSE, "return AMLResponse('a')"),
    "response-set": Part(RESPONSE, "return AMLResponse({1}, 200, json_str=True)"),
}
