"""The script uses CUDA on a target that has no GPU.

## What it does
Reports PyTorch calls that importing or serving the script comes to and that need a GPU,
`model.cuda()`, `.to("cuda")`, `torch.device("cuda")`, `device="cuda"`, where the deployment
is known to have none: the `instance_type` of a v2 deployment, an ACI configuration, or an AKS
configuration without `gpuCores` whose image is none for GPUs. `torch.load` without
`map_location` is reported too if the script uses CUDA elsewhere, and is advice otherwise: it
fails for what was saved on a GPU. What stands under a test (`torch.cuda.is_available()`) or in
a `try` is left alone, and where the target is not known nothing is said.

## Why it matters
Without a GPU `.cuda()` raises `RuntimeError: Found no NVIDIA driver on your system` or
`AssertionError: Torch not compiled with CUDA enabled`, `init()` fails, and the container
never starts; in `run` every call answers 500.

## Example
```python src/score.py {6}
import torch


def init():
    global device
    device = torch.device("cuda")


def run(raw_data):
    return {"device": str(device)}
```
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
model: azureml:classifier:3
code_configuration:
  code: src
  scoring_script: score.py
environment: azureml:serving:1
instance_type: Standard_DS3_v2
instance_count: 1
```

## Use instead
```python src/score.py
import torch


def init():
    global device
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def run(raw_data):
    return {"device": str(device)}
```
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
model: azureml:classifier:3
code_configuration:
  code: src
  scoring_script: score.py
environment: azureml:serving:1
instance_type: Standard_DS3_v2
instance_count: 1
```

## Fix safety
Unsafe: it decides where the script computes. The GPU is asked for where there is one,
`"cuda" if torch.cuda.is_available() else "cpu"`, if `torch` is imported by that name ahead of
the place; otherwise the script computes on the CPU wherever it runs.

## Sources
- PyTorch's notes on CUDA semantics, and `torch.load`: tensors go back to the device that
  they were saved from unless `map_location` says otherwise.
- Naming conventions of Azure VM sizes: GPUs are in the N families. Guide on ACI for
  azureml-core: CPU only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from amllint.analysis.known_loads import argument, load_of
from amllint.artifacts.file_reads import distinct_calls
from amllint.artifacts.scoring_script import ScoringScript
from amllint.artifacts.script_module import ReachedCall, ScriptModule
from amllint.findings.finding import (
    Edit,
    Fix,
    Observation,
    Related,
    Severity,
    finding,
)
from amllint.rules.registry import rule
from amllint.rules.score.target_gpu import WithoutGpu, without_gpu
from amllint.source.python import syntax as s
from amllint.source.text import Span
from amllint.units import DeploymentUnit

_CPU: Final = '"cpu"'
_CHOICE: Final = '"{}" if torch.cuda.is_available() else "cpu"'


class _Use(NamedTuple):
    """A use of CUDA: where it stands, the edit that does without, what it does."""

    span: Span
    edit: Edit
    does: str
    severity: Severity | None = None


@rule("AML137", "cuda-on-cpu", severity="warning", stage="start", fix="unsafe")
def cuda_on_cpu(script: ScoringScript, unit: DeploymentUnit) -> Iterator[Observation]:
    """Report each unconditional use of CUDA where there is none."""
    if not any(_imports_torch(m) for m in (script.itself, *script.modules.values())):
        return
    target = without_gpu(unit)
    if target is None:
        return
    uses = []
    asks = any(_asks(m) for m in (script.itself, *script.modules.values()))
    for reached in distinct_calls(script, "import", "init", "run"):
        use = _use(reached)
        if use is not None and not _is_conditional(reached, asks):
            uses.append((reached, use))
    certain = any(use.severity is None for _, use in uses)
    for reached, use in uses:
        yield _finding(reached, use, target, None if certain else use.severity)


def _finding(
    reached: ReachedCall, use: _Use, target: WithoutGpu, severity: Severity | None
) -> Observation:
    module = reached.module
    asks = "is_available" in use.edit.content
    return finding(
        module.at(use.span),
        f"`{module.text(use.span)}` {use.does}, and {target.why}",
        help=f"take what there is: `{_CHOICE.format('cuda')}`",
        severity=severity,
        related=(Related(target.location, "the target"),),
        fix=Fix("unsafe", "use a GPU if there is one" if asks else "use the CPU", (use.edit,)),
        key=f"{module.name}/{reached.body.name}/{reached.name}",
    )


def _imports_torch(module: ScriptModule) -> bool:
    return any(
        (node.module or alias.name).partition(".")[0] == "torch"
        for node in module.facts.imports
        for alias in node.names
    )


def _use(reached: ReachedCall) -> _Use | None:
    """The use of CUDA that a call is."""
    call, path = reached.call, reached.module.path
    method = call.function.attr if isinstance(call.function, s.Attribute) else ""
    if method == "cuda" and isinstance(call.function, s.Attribute):
        behind = Span(call.function.value.span.end, call.span.end)
        device = _instead(reached.module, call.span, "cuda") if not call.arguments else _CPU
        text = f".to({device})" if device != _CPU else ".cpu()"
        return _Use(call.span, Edit(path, behind, text), "moves to a GPU")
    if method == "to" or reached.name == "torch.device":
        found = _cuda_text(reached, argument(call, 0, ("device", "type")))
        return _named(reached, found, "wants a GPU") if found else None
    load = load_of(reached.name)
    if load is not None and load.unpickles_tensors:
        return _load(reached)
    given = next((a.value for a in call.arguments if a.keyword in ("device", "device_map")), None)
    found = _cuda_text(reached, given) if given is not None else None
    return _named(reached, found, "wants a GPU") if found else None


def _named(reached: ReachedCall, found: s.Constant, does: str) -> _Use:
    instead = _instead(reached.module, found.span, found.value)
    return _Use(reached.call.span, Edit(reached.module.path, found.span, instead), does)


def _instead(module: ScriptModule, at: Span, device: str) -> str:
    """What to write for a device, where `torch` is bound by that name on import ahead of it."""
    bound = list(module.facts.bindings.bound.get("torch", ()))
    plain = len(bound) == 1 and isinstance(bound[0].statement, s.Import)
    ahead = plain and bound[0].span.start < at.start
    is_torch = plain and module.facts.names.imported("torch") == "torch"
    return _CHOICE.format(device) if ahead and is_torch else _CPU


def _cuda_text(reached: ReachedCall, expression: s.Expr | None) -> s.Constant | None:
    """`"cuda"` or `"cuda:0"`, written there or given once to a name."""
    constant = reached.module.facts.variables.constant(expression)
    text = constant.value if constant is not None else None
    is_cuda = isinstance(text, str) and text.partition(":")[0] == "cuda"
    return constant if is_cuda else None


def _load(reached: ReachedCall) -> _Use | None:
    """`torch.load(path)`, which gives tensors back to the device that they were on."""
    call = reached.call
    found = argument(call, 1, ("map_location",))
    if found is not None:
        text = _cuda_text(reached, found)
        return _named(reached, text, "puts tensors on a GPU") if text else None
    if not call.arguments or any(a.star for a in call.arguments):
        return None
    end = call.arguments[-1].span.end
    device = _instead(reached.module, call.span, "cuda")
    edit = Edit(reached.module.path, Span(end, end), f", map_location={device}")
    return _Use(call.span, edit, "puts tensors that were saved on a GPU back there", "info")


def _asks(module: ScriptModule) -> bool:
    """Whether a file asks for a GPU before it uses one."""
    asking = ("cuda.is_available", "cuda.device_count")
    return any(name.endswith(asking) for _, name in module.facts.calls)


def _is_conditional(reached: ReachedCall, asks: bool) -> bool:
    """Whether a call stands under a test or in a `try`; `asks` that its function may as well."""
    facts, at = reached.module.facts, reached.call
    if (asks and reached.via) or facts.is_tried(at.span):
        return True
    root = reached.body.function or facts.module
    for node in s.path_to(root, at.span):
        if isinstance(node, (s.If, s.Conditional)) and not node.test.span.contains(at.span):
            return True
        if isinstance(node, s.Operation) and node.operators[0] in ("and", "or"):
            return True
    return False
