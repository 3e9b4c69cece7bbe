"""Which calls wait without end, and which do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.config import Settings
from amllint.engine import fixing
from amllint.source.overlay import Overlay
from tests.checking import look, places, write

RULE = "no-timeout-network-call"
HEAD = """\
import functools
import http.client
import socket
import urllib.request
from urllib import request
from urllib.request import urlopen

import aiohttp
import httpx
import requests
import urllib3
from azure.storage.blob import BlobClient
from requests import get as fetch
from requests.adapters import HTTPAdapter

from somewhere import TimeoutAdapter

session = requests.Session()
OPTIONS = {"timeout": 3}


"""
RUN = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {}.status_code\n"

WAITS = {
    "get": "requests.get(raw_data)",
    "alias": "fetch(raw_data)",
    "session": "session.post('https://a', data=raw_data)",
    "own session": "requests.Session().post('https://a', data=raw_data)",
    "urlopen": "urlopen('https://a')",
    "urlopen by module": "urllib.request.urlopen('https://a', raw_data)",
    "urlopen from the package": "request.urlopen('https://a')",
    "urlretrieve": "urllib.request.urlretrieve('https://a', 'b')",
    "connection": "http.client.HTTPSConnection('a')",
    "pool": "urllib3.PoolManager()",
}
LIMITED = {
    "keyword": "requests.get(raw_data, timeout=3)",
    "pair": "requests.get(raw_data, timeout=(3, 20))",
    "variable": "requests.get(raw_data, timeout=LIMIT)",
    "unpacked": "requests.get(raw_data, **OPTIONS)",
    "positional": "urlopen('https://a', None, 10)",
    "positional connection": "http.client.HTTPConnection('a', 80, 10)",
    "httpx": "httpx.get(raw_data)",
    "httpx client": "httpx.Client().get(raw_data)",
    "aiohttp": "aiohttp.ClientSession().get(raw_data)",
    "Azure": "BlobClient.from_blob_url(raw_data).download_blob()",
    "pool": "urllib3.PoolManager(timeout=5).request('GET', raw_data)",
    "request of a pool": "urllib3.PoolManager().request('GET', raw_data, timeout=5)",
    "another get": "OPTIONS.get('status')",
}
ADVICE = {
    "none": "requests.get(raw_data, timeout=None)",
    "none for httpx": "httpx.post(raw_data, timeout=None)",
    "local": "requests.post('http://localhost:8080/invocations', data=raw_data)",
    "local, formatted": "requests.post(f'http://127.0.0.1:{PORT}/x', data=raw_data)",
    "local by name": "requests.post(session.local_url, data=raw_data)",
}


@pytest.mark.parametrize("name", WAITS)
def test_a_call_without_a_timeout_is_reported(name: str, tmp_path: Path) -> None:
    report = look(tmp_path, {"score.py": HEAD + RUN.format(WAITS[name])}, select=(RULE,))
    assert places(report) == [("score.py", 27, RULE)]
    assert report.findings[0].severity == "warning"


@pytest.mark.parametrize("name", LIMITED)
def test_a_call_that_gives_up_is_not(name: str, tmp_path: Path) -> None:
    files = {"score.py": HEAD + RUN.format(LIMITED[name])}
    assert places(look(tmp_path, files, select=(RULE,), persona="pedantic")) == []


@pytest.mark.parametrize("name", ADVICE)
def test_a_choice_and_a_neighbour_are_advice(name: str, tmp_path: Path) -> None:
    files = {"score.py": HEAD + RUN.format(ADVICE[name])}
    assert places(look(tmp_path, files, select=(RULE,))) == []
    report = look(tmp_path, files, select=(RULE,), persona="pedantic")
    assert [f.severity for f in report.findings] == ["info"]


@pytest.mark.parametrize(("call", "found"), [("requests.get", 1), ("urlopen", 0)])
def test_the_default_of_sockets_holds_for_all_but_requests(
    call: str, found: int, tmp_path: Path
) -> None:
    text = HEAD + "socket.setdefaulttimeout(10)\n" + RUN.format(f"{call}('https://a')")
    assert len(look(tmp_path, {"score.py": text}, select=(RULE,)).findings) == found


@pytest.mark.parametrize(("adapter", "found"), [("TimeoutAdapter", 0), ("HTTPAdapter", 1)])
def test_an_adapter_of_its_own_may_set_the_timeout(
    adapter: str, found: int, tmp_path: Path
) -> None:
    mounted = f"session.mount('https://', {adapter}(max_retries=3))\n"
    text = HEAD + mounted + RUN.format("session.get(raw_data)")
    assert len(look(tmp_path, {"score.py": text}, select=(RULE,)).findings) == found


def test_what_only_a_person_runs_is_left_alone(tmp_path: Path) -> None:
    text = HEAD + RUN.format("raw_data") + "\n\ndef by_hand():\n    requests.get('https://a')\n"
    text += "\n\nif __name__ == '__main__':\n    by_hand()\n    requests.get('https://b')\n"
    assert places(look(tmp_path, {"score.py": text}, select=(RULE,))) == []


def test_a_helper_in_a_shipped_module_is_found_once(tmp_path: Path) -> None:
    files = {
        "score.py": "from fetching import load\n\n\ndef init():\n    load('a')\n\n\n"
        "def run(raw_data):\n    return load(raw_data)\n",
        "fetching.py": "import requests\n\n\ndef load(x):\n    return requests.get(x).json()\n",
        "inferenceconfig.json": '{"entryScript": "score.py", "sourceDirectory": ".", '
        '"runtime": "python", "condaFile": "conda.yml"}',
    }
    report = look(tmp_path, files, select=(RULE,))
    assert places(report) == [("fetching.py", 5, RULE)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("requests.get(raw_data)", "requests.get(raw_data, timeout=30)"),
        ("requests.get(raw_data, )", "requests.get(raw_data, timeout=30, )"),
        (
            "requests.get(\n        raw_data,  # the address\n    )",
            "requests.get(\n        raw_data, timeout=30,  # the address\n    )",
        ),
        ("urllib.request.urlretrieve(raw_data)", None),
        ("urlopen((raw_data))", "urlopen((raw_data), timeout=30)"),
    ],
)
def test_the_fix_gives_up_after_30_seconds(before: str, after: str | None, tmp_path: Path) -> None:
    write(tmp_path, {"score.py": HEAD + RUN.format(before)})
    overlay = Overlay(cwd=str(tmp_path))
    fixed = fixing.fix(["."], Settings(select=(RULE,)), overlay, unsafe=True, ignores=True)
    assert fixed.after.get("score.py") == (after and HEAD + RUN.format(after))
