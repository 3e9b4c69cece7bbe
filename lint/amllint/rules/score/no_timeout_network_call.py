"""A network call in `init` or `run` waits without end.

## What it does
Reports calls without a timeout that `init` or `run` can come to, through helpers and
through modules of the source directory too: requests and its sessions, `urlopen` and
`urlretrieve`, connections of `http.client`, urllib3's `PoolManager`. Libraries with a
timeout of their own are left alone: httpx (5 s), aiohttp, boto3, the SDKs of Azure and
OpenAI. It is advice where `timeout=None` is written, which is a choice, and where the call
stays on this machine.

`socket.setdefaulttimeout` helps all of them but requests, which overrides it with None.

## Why it matters
A host that takes the connection and says nothing holds the call for ever. A replica has one
worker, so all later requests wait behind it, until gunicorn kills the worker after 300 s
and `init` starts again. In `init` nothing ends it but the platform's probes.

## Example
```python score.py {9}
import requests


def init():
    pass


def run(raw_data):
    answer = requests.post("https://features.contoso.com/v1", data=raw_data)
    return answer.status_code
```

## Use instead
```python score.py
import requests


def init():
    pass


def run(raw_data):
    answer = requests.post("https://features.contoso.com/v1", data=raw_data, timeout=30)
    return answer.status_code
```

## Fix safety
Unsafe: `timeout=30` is added, in seconds; what takes longer between two packets raises then.
`urlretrieve` has no timeout, so that it is left to you.

## Sources
- Executed against a server that never answers: requests 2.34.2, urllib3 2.8.0 and Python
  3.11's urllib and http.client waited on, with `socket.setdefaulttimeout(1)` all but
  requests gave up after 1 s; httpx 0.28.1 gave up after 5 s, with `timeout=None` never.
- aiohttp 3.14, botocore 1.44, azure-core 1.41 and openai 3.57: the defaults in their sources.
- azureml-inference-server-http 1.5.1 (executed): a call that hangs ends after WORKER_TIMEOUT
  (300 s), `init` never does; one request at a time for each worker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from amllint.analysis.network_calls import WAITING, Waiting, missing_timeout
from amllint.artifacts.scoring_script import ScoringScript
from amllint.artifacts.script_module import ReachedCall, ScriptModule
from amllint.findings.finding import Edit, Fix, Observation, Severity, finding
from amllint.rules.registry import rule
from amllint.rules.score.reached_once import reached_once
from amllint.source.python import syntax as s
from amllint.source.text import Span

_LOCAL: Final = re.compile(
    r"(?i)(?:https?://)?(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)(?:[:/]|$)"
)


@rule("AML126", "no-timeout-network-call", severity="warning", stage="score", fix="unsafe")
def no_timeout_network_call(script: ScoringScript) -> Iterator[Observation]:
    """Report each call that may wait without end."""
    for entry, reached in reached_once(script):
        waiting = WAITING.get(reached.name)
        if waiting is None or _is_limited(reached, waiting):
            continue
        missing = missing_timeout(reached.call, waiting)
        if missing is not False:
            yield _report(script, entry, reached, chosen=missing is None)


def _is_limited(reached: ReachedCall, waiting: Waiting) -> bool:
    """Whether something else in the file sets a timeout for the call."""
    sites = [site for body in reached.module.facts.bodies.by_name.values() for site in body.calls]
    if waiting.socket_default and any(n == "socket.setdefaulttimeout" for _, n in sites):
        return True
    if "Session()." in reached.name or "session()." in reached.name:
        return any(_mounts_own(call, name) for call, name in sites)
    if reached.name == "urllib3.PoolManager":
        later = (c for c, n in sites if n.startswith("urllib3.PoolManager()."))
        return any(a.keyword == "timeout" or a.star for c in later for a in c.arguments)
    return False


def _mounts_own(call: s.Call, name: str) -> bool:
    """Whether a call mounts an adapter that may set timeouts, which requests' own does not."""
    if not name.endswith("ession().mount") or len(call.arguments) != 2:
        return False
    adapter = call.arguments[1].value
    made = s.dotted(adapter.function) if isinstance(adapter, s.Call) else None
    return (made or "").rpartition(".")[2] != "HTTPAdapter"


def _report(script: ScoringScript, entry: str, reached: ReachedCall, chosen: bool) -> Observation:
    module, call, waiting = reached.module, reached.call, WAITING[reached.name]
    severity: Severity | None = "info" if chosen or _is_local(module, call) else None
    how = "with `timeout=None`" if chosen else "without a timeout"
    held = "the container never becomes healthy" if entry == "init" else "all later calls wait too"
    if not script.online:
        held = "the job waits with it"
    return finding(
        module.at(call.span),
        f"`{module.text(call.function.span)}` is called {how} from `{entry}`: "
        f"it waits for ever for a host that does not answer, and {held}",
        help="pass `timeout=30`, say, in seconds"
        if waiting.accepts
        else "use requests or `urllib.request.urlopen` with `timeout=30`, and write the file",
        severity=severity,
        stage="score" if entry == "run" else "start",
        fix=_fix(module, call, chosen) if waiting.accepts else None,
        key=f"{reached.body.name}/{reached.name}",
    )


def _is_local(module: ScriptModule, call: s.Call) -> bool:
    """Whether a call goes to a server in the same container, or says so in a name."""
    first = call.arguments[0].value if call.arguments else None
    if isinstance(first, s.FormattedString):
        return _LOCAL.match(first.text) is not None
    if isinstance(first, s.Constant):
        return isinstance(first.value, str) and _LOCAL.match(first.value) is not None
    return first is not None and _is_named_local(module, first)


def _is_named_local(module: ScriptModule, url: s.Expr) -> bool:
    """Whether a URL says by its name, or by what it is made of, that its host is local.

    The platform's own endpoint for tokens of a managed identity is such a host.
    """
    made = module.source.slice(url.span)
    name = s.dotted(url)
    for node in module.facts.of_kind(s.Assign) if name else ():
        if node.value is not None and name in (s.dotted(t) for t in node.targets):
            made += module.source.slice(node.value.span)
    return re.search(r"(?i)local|127\.0\.0\.1|msi_endpoint|identity_endpoint", made) is not None


def _fix(module: ScriptModule, call: s.Call, chosen: bool) -> Fix | None:
    """Give a call a timeout; `None` where one is written as None, or nothing is passed yet."""
    if chosen or not call.arguments:
        return None
    last = call.arguments[-1]
    if isinstance(last.value, s.Comprehension):
        return None
    tail = module.source.slice(Span(last.span.end, call.span.end))
    in_parentheses = tail.count(")") > 1
    if in_parentheses and any(sign in tail for sign in ",#\n"):
        return None
    end = call.span.end - 1 if in_parentheses else last.span.end
    at = Span(end, end)
    return Fix("unsafe", "give up after 30 seconds", (Edit(module.path, at, ", timeout=30"),))
