"""Where what came in the request goes: fetched, run, logged, kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.findings.finding import Severity
from tests.checking import look, only

HEAD = """\
import base64
import functools
import io
import json
import logging
import pickle
import urllib.request

import httpx
import numpy as np
import pandas as pd
import requests
import torch
import yaml
from azureml.contrib.services.aml_request import rawhttp
from inference_schema.schema_decorators import input_schema

BASE = "https://api.example.org"
URLS = {"https://api.example.org/a"}
logger = logging.getLogger(__name__)
session = requests.Session()
model = None
count = 0
cache = {}
seen = []


def init():
    global model
    model = object()
    seen.append(1)


def fetch(url):
    return requests.get(url, timeout=1).content


"""


def findings(tmp_path: Path, body: str, rule: str) -> list[tuple[Severity, str]]:
    """Severity and text of what a rule finds in a script with a body for `run`."""
    text = HEAD + (body if "def run(" in body else f"def run(data):\n    {body}\n")
    report = look(tmp_path, {"score.py": text}, select=(rule,), persona="pedantic")
    source = report.source("score.py")
    assert source is not None
    return [(f.severity, source.slice(f.location.span)) for f in report.findings]


FORGED = {
    "return requests.get(json.loads(data)['url']).text": "json.loads(data)['url']",
    "url = json.loads(data).get('url')\n    return fetch(url)": "url",
    "return session.get(data).text": "data",
    "return httpx.get(url=data).text": "data",
    "return urllib.request.urlopen(data).read().decode()": "data",
    "return requests.request('GET', data).text": "data",
    "return requests.get(f'{data}/models').text": "f'{data}/models'",
    "return pd.read_csv(data).to_dict()": "data",
    "@input_schema('url', str)\ndef run(url):\n    return requests.get(url).text": "url",
    "@rawhttp\ndef run(request):\n    return requests.get(request.args['u']).text": (
        "request.args['u']"
    ),
    "return requests.get(data, allow_redirects=True).text": "data",
}
OWN = (
    "return requests.post('https://api.example.org', json=data).text",
    "return requests.get(f'https://api.example.org/{data}').text",
    "return requests.get(f'{BASE}/{data}').text",
    "return requests.get(BASE + data).text",
    "return requests.get(BASE, params={'q': data}).text",
    "if not data.startswith('https://api.example.org/'):\n        raise ValueError\n"
    "    return requests.get(data).text",
    "url = data\n    if url not in URLS:\n        raise ValueError\n"
    "    return requests.get(url).text",
    "return pd.read_csv(io.StringIO(data)).to_dict()",
    "if is_allowed(data):\n        return requests.get(data).text",
    "return requests.get(cache[data]).text",
)


@pytest.mark.parametrize("body", FORGED)
def test_a_url_from_the_request_is_told_where_it_is_fetched(body: str, tmp_path: Path) -> None:
    assert findings(tmp_path, body, "AML140") == [("info", FORGED[body])]


@pytest.mark.parametrize("body", OWN)
def test_a_url_on_a_host_of_the_script_or_one_looked_at_is_fine(body: str, tmp_path: Path) -> None:
    assert findings(tmp_path, body, "AML140") == []


def test_json_text_that_pandas_may_take_for_a_url_is_advice(tmp_path: Path) -> None:
    body = "return pd.read_json(data).to_dict()"
    assert findings(tmp_path, body, "AML140") == [("info", "data")]


def test_a_scheme_alone_tells_nothing_of_the_host(tmp_path: Path) -> None:
    body = "if data.startswith('http://'):\n        return requests.get(data).text"
    assert findings(tmp_path, body, "AML140") == [("info", "data")]


RUN = (
    "return pickle.loads(base64.b64decode(data))",
    "return eval(data)",
    "exec(data)",
    "return yaml.load(data)",
    "return yaml.load(data, Loader=yaml.Loader)",
    "return np.load(io.BytesIO(data), allow_pickle=True).tolist()",
    "return torch.load(io.BytesIO(base64.b64decode(data))).tolist()",
)
NOT_RUN = (
    "return pickle.loads(open('f', 'rb').read())",
    "return yaml.load(data, Loader=yaml.SafeLoader)",
    "return yaml.safe_load(data)",
    "return np.load(io.BytesIO(data)).tolist()",
    "return torch.load(io.BytesIO(data), weights_only=True).tolist()",
    "return json.loads(data)",
)


@pytest.mark.parametrize("body", RUN)
def test_what_the_request_brings_is_not_run(body: str, tmp_path: Path) -> None:
    ((severity, _),) = findings(tmp_path, body, "AML138")
    assert severity == "info"


@pytest.mark.parametrize("body", NOT_RUN)
def test_reading_data_as_data_is_fine(body: str, tmp_path: Path) -> None:
    assert findings(tmp_path, body, "AML138") == []


LOGGED = (
    "print(data)",
    "print(f'got {data}')",
    "logging.getLogger().setLevel(logging.INFO)\n    logger.info('got %s', data)",
    "logging.warning(json.loads(data)['name'])",
    "result = model.predict(data)\n    print(result)\n    return result.tolist()",
    "print(json.dumps(json.loads(data)))",
    "text = json.dumps({'got': json.loads(data)}, indent=2)\n    print('request:', text)",
    "logging.warning(json.dumps({'id': 1, 'answer': model.predict(data).tolist()}))",
    "print(json.dumps({'name': json.loads(data).get('name')}))",
)
NOT_LOGGED = (
    "print(len(data))",
    "print(type(data))",
    "x = np.array(json.loads(data))\n    print(x.shape, x.dtype)",
    "print(f'{len(data)} bytes')",
    "print(json.dumps({'bytes': len(data)}))",
    "rows = json.loads(data)\n    print(json.dumps({'id': rows['request_id'], 'n': len(rows)}))",
    "logger.info('request %s', json.loads(data)['request_id'])",
    "logger.debug(data)",
    "logger.info('got %s', data)",  # the server shows warnings and worse
    "result, severity = check(data)\n    print(severity)",
    "print('started')",
    "seen.append(data)",
    "def run(data, request_headers):\n    print(request_headers)",
)


@pytest.mark.parametrize("body", LOGGED)
def test_data_of_callers_in_the_log_is_told(body: str, tmp_path: Path) -> None:
    ((severity, _),) = findings(tmp_path, body, "AML131")
    assert severity == "info"


@pytest.mark.parametrize("body", NOT_LOGGED)
def test_sizes_types_and_ids_may_be_logged(body: str, tmp_path: Path) -> None:
    assert findings(tmp_path, body, "AML131") == []


def test_logging_requests_is_a_warning_in_production(tmp_path: Path) -> None:
    declared = '[[deployment]]\nname = "it"\nscript = "score.py"\npurpose = "production"\n'
    files: dict[str, str | bytes] = {
        "score.py": HEAD + "def run(data):\n    print(data)\n",
        "amllint.toml": declared,
    }
    from amllint.config import load
    from amllint.engine.check import check
    from amllint.source.overlay import Overlay
    from tests.checking import write

    write(tmp_path, files)
    overlay = Overlay(cwd=str(tmp_path))
    report = check(["."], load(str(tmp_path / "amllint.toml"), overlay), overlay)
    told = [f.severity for f in report.findings if f.name == "logs-request-body"]
    assert told == ["warning"]


KEPT = {
    "global count\n    count += 1\n    return count": "count",
    "seen.append(data)": "seen.append(data)",
    "cache[data] = 1": "cache[data] = 1",
    "cache.update(a=data)": "cache.update(a=data)",
}
NOT_KEPT = (
    "global model\n    if model is None:\n        model = object()\n    return 1",
    "if data not in cache:\n        cache[data] = 1\n    return cache[data]",
    "seen = []\n    seen.append(data)\n    return seen",
    "return cache.get(data)",
    "logger.info('x')",
    "@functools.lru_cache\ndef slow(x):\n    return x\n\n\ndef run(data):\n    return slow(data)",
)


@pytest.mark.parametrize("body", KEPT)
def test_what_a_request_leaves_in_the_module_is_told(body: str, tmp_path: Path) -> None:
    assert findings(tmp_path, body, "AML139") == [("info", KEPT[body])]


@pytest.mark.parametrize("body", NOT_KEPT)
def test_what_is_filled_once_or_local_is_fine(body: str, tmp_path: Path) -> None:
    assert findings(tmp_path, body, "AML139") == []


def test_each_variable_of_the_module_is_told_once(tmp_path: Path) -> None:
    body = "seen.append(1)\n    seen.append(2)\n    return seen"
    text = HEAD + f"def run(data):\n    {body}\n"
    only(look(tmp_path, {"score.py": text}, select=("AML139",), persona="pedantic"))


def guarded(inner: str, handler: str) -> str:
    return f"try:\n        {inner}\n    except {handler}:\n        raise"


def test_a_key_that_only_a_broad_handler_misses_is_told(tmp_path: Path) -> None:
    body = guarded("return json.loads(data)['rows']", "Exception")
    assert findings(tmp_path, body, "AML124") == [("info", "json.loads(data)['rows']")]


@pytest.mark.parametrize(
    "body",
    [
        "return json.loads(data)['rows']",
        guarded("return json.loads(data)['rows']", "(ValueError, KeyError)"),
        guarded("x = json.loads(data)\n        return x['a'] if 'a' in x else 1", "Exception"),
        guarded("return json.loads(data).get('rows')", "Exception"),
        "@input_schema('data', str)\ndef run(data):\n    return data['rows']",
    ],
)
def test_a_key_that_is_looked_for_or_left_to_another_rule_is_not(body: str, tmp_path: Path) -> None:
    assert findings(tmp_path, body, "AML124") == []
