"""The service fetches a URL that the request names.

## What it does
Reports an online script that fetches a URL which came in the request: `requests.get(
data["url"])`, `urllib.request.urlopen`, `httpx`, `cv2.VideoCapture`, `pandas.read_csv`, also
through variables and helper functions of the same script. A URL whose host the script itself
writes (`f"https://host/{name}"`) is fine, and so is a script that looks at the URL's host, or
asks whether the URL is in a list or begins with a host of its own.

`pandas.read_json(body)` counts too: pandas takes a text that looks like a URL or a path for
one, though the script means JSON.

It is advice: a service that takes the address of an image and answers with a word about it
was often meant to be just that, and who may call it is decided elsewhere.

## Why it matters
The request is made by the service: from inside its network, with its identity. Whoever may
call the endpoint can have it read hosts that only the virtual network sees, and often reads
the answer in an error text or in the prediction; where the request decides the headers as
well, that includes `http://169.254.169.254/metadata/identity/…`, which hands out tokens of
the endpoint's identity.

## Example
```python score.py {16} persona=pedantic
import io

import requests
from azureml.contrib.services.aml_request import rawhttp
from PIL import Image


def init():
    global sizes
    sizes = {}


@rawhttp
def run(request):
    try:
        answer = requests.get(request.args.get("url"), timeout=5)
        return Image.open(io.BytesIO(answer.content)).size
    except Exception:
        raise
```

## Use instead
```python score.py
import io
from urllib.parse import urlsplit

import requests
from azureml.contrib.services.aml_request import rawhttp
from PIL import Image

HOSTS = {"images.example.org"}


def init():
    global sizes
    sizes = {}


@rawhttp
def run(request):
    url = request.args.get("url")
    if urlsplit(url).hostname not in HOSTS:
        raise ValueError("unknown host")
    answer = requests.get(url, timeout=5, allow_redirects=False)
    try:
        return Image.open(io.BytesIO(answer.content)).size
    except OSError:
        raise
```

## Sources
- OWASP Top 10 (2021), A10: server-side request forgery; Azure instance metadata service:
  tokens of a managed identity, for requests with the header `Metadata: true` alone.
- azureml-inference-server-http 1.5.1: the body reaches `run` as it was sent (executed).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from amllint.analysis.values import Given, Value
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s
from amllint.source.text import Span

_VERBS: Final = ("get", "post", "put", "head", "patch", "delete", "options")
_FETCHES: Final[dict[str, int]] = {
    **{f"{library}.{verb}": 0 for library in ("requests", "httpx") for verb in _VERBS},
    **{f"http session.{verb}": 0 for verb in _VERBS},
    **dict.fromkeys(("requests.request", "httpx.request", "httpx.stream"), 1),
    **dict.fromkeys(("http session.request", "http session.stream"), 1),
    **dict.fromkeys(("urllib.request.urlopen", "urllib.request.urlretrieve"), 0),
    **dict.fromkeys(("urllib.request.Request", "wget.download", "cv2.VideoCapture"), 0),
    **dict.fromkeys(("pandas.read_csv", "pandas.read_json", "pandas.read_parquet"), 0),
    **dict.fromkeys(("skimage.io.imread", "imageio.imread", "imageio.v2.imread"), 0),
    **dict.fromkeys(("diffusers.utils.load_image", "transformers.image_utils.load_image"), 0),
    **dict.fromkeys(("torch.hub.load_state_dict_from_url", "fsspec.open"), 0),
    "tensorflow.keras.utils.get_file": 1,
}
"""What fetches a URL, and where that stands among its arguments."""
_KEYWORDS: Final = frozenset({"url", "origin", "uri", "filepath_or_buffer", "path_or_buf"})
_HOST: Final = re.compile(r"https?://[^/{}%]+[/.]")
_LOOKS: Final = re.compile(
    r"urlparse|urlsplit|hostname|netloc|ip_address|trusted|whitelist|allow(?!_)|allow_?(list|ed)"
)


@rule("AML140", "request-forgery", severity="info", stage="score")
def request_forgery(script: ScoringScript) -> Iterator[Observation]:
    """Report each fetch of a URL that came in the request."""
    if script.run is None or not script.online:
        return
    seen: set[Span] = set()
    for given in script.outcome.given:
        url = _url(given)
        if url is None or given.call.span in seen or _looked_at(script):
            continue
        seen.add(given.call.span)
        yield finding(
            script.at(url.span),
            f"`{script.text(given.call.function.span)}` fetches what the request names: a caller "
            "can have the service read hosts that only it can reach",
            help="fetch from hosts of your own list alone (`urllib.parse.urlsplit(url).hostname`), "
            "without redirects; or take the data itself in the request"
            if given.name != "pandas.read_json"
            else "pass the text as a file: `pandas.read_json(io.StringIO(…))`",
            key=script.structural(url.span),
        )


def _url(given: Given) -> s.Expr | None:
    """The argument that is a URL from the request."""
    position = _FETCHES.get(given.name)
    if position is None:
        return None
    number = 0
    for argument, value in zip(given.call.arguments, given.values, strict=True):
        named = argument.keyword in _KEYWORDS
        if (named or (argument.keyword is None and number == position)) and _may_be_url(value):
            return argument.value
        number += argument.keyword is None
    return None


def _may_be_url(value: Value) -> bool:
    """Whether a value is text of the request from its beginning."""
    return value.came_in and value.kind.name in ("", "str", "request text")


def _looked_at(script: ScoringScript) -> bool:
    """Whether what `run` reaches looks at hosts, or compares with what the script writes."""
    for part in script.facts.reached("run"):
        if _LOOKS.search(script.source.slice(part.span)):
            return True
        for node in s.walk(part):
            if isinstance(node, s.Call) and isinstance(node.function, s.Attribute):
                begins = node.function.attr in ("startswith", "match", "fullmatch")
                if begins and any(_HOST.search(t) for t in _texts(script, node)):
                    return True
            if isinstance(node, s.Operation) and _asks_for_url(script, node):
                return True
    return False


def _asks_for_url(script: ScoringScript, node: s.Operation) -> bool:
    """Whether a URL is looked for in a list: `url in URLS`, not `"url" in data`."""
    asked = node.operands[0]
    plain = node.operators[0] in ("in", "not in") and not isinstance(asked, s.Constant)
    return plain and "url" in script.source.slice(asked.span).lower()


def _texts(script: ScoringScript, call: s.Call) -> Iterator[str]:
    """The texts that a call is given, also by the name of a constant of the module."""
    for argument in call.arguments:
        for node in s.walk(argument.value):
            if isinstance(node, s.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, s.Name):
                yield "https://own/"
