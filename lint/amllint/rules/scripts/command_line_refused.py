r"""A command line that the CLI refuses before it deploys anything.

## What it does
Reads the command lines of `az ml model deploy`, `az ml model profile`, `az ml service update` and
of `create` and `update` of the endpoints and deployments of CLI v2 as the CLI's own parser does,
and reports

- options that the command does not have, and beginnings of options that may be several;
- options without their value, flags with one, and words that belong to no option;
- numbers that are none: `--nr three`, `--gb 2GB`;
- switches that are neither `true` nor `false`, which the CLI takes for not given (warning);
- tags and properties without `=`;
- models without a version, whose ID is `name:version` (warning);
- the inference configuration given as deployment configuration, or the reverse;
- a command without the options that it cannot do without.

Unambiguous beginnings of options are fine: the CLI takes them. Says nothing of values that hold a
variable of unknown value; and nothing of what is missing, or of words that may be the value of
an option, where a variable may hold further options. An option counts as known if any version of
Microsoft's reference had it.

## Why it matters
The CLI ends with a usage message. In a pipeline that is found out behind the training; in a
script without `set -e`, the lines behind it run on and test the service of the last time.

## Example
```sh deploy.sh {2,3,4}
#!/bin/sh
az ml model deploy -n churn -m churn:3 --overwrte \
  --ct aks-prod --nr three --ic inferenceconfig.json \
  --dc deploymentconfig.json --gb 2GB
```
```json inferenceconfig.json
{
  "entryScript": "score.py",
  "runtime": "python",
  "condaFile": "environment.yml"
}
```
```json deploymentconfig.json
{
  "computeType": "aks",
  "containerResourceRequirements": {"cpu": 0.5, "memoryInGB": 1.0}
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```
```yaml environment.yml
dependencies:
  - python=3.10
  - pip:
      - azureml-defaults==1.60.0
```

## Use instead
```sh deploy.sh
#!/bin/sh
az ml model deploy -n churn -m churn:3 --overwrite \
  --ct aks-prod --nr 3 --ic inferenceconfig.json \
  --dc deploymentconfig.json --gb 2
```
```json inferenceconfig.json
{
  "entryScript": "score.py",
  "runtime": "python",
  "condaFile": "environment.yml"
}
```
```json deploymentconfig.json
{
  "computeType": "aks",
  "containerResourceRequirements": {"cpu": 0.5, "memoryInGB": 1.0}
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```
```yaml environment.yml
dependencies:
  - python=3.10
  - pip:
      - azureml-defaults==1.60.0
```

## Sources
- The options and which of them are required: Microsoft's reference of the extensions azure-cli-ml
  and ml, every version of it, in `schemas/az-ml-options.json`.
- knack 0.14.0, whose parser azure-cli-core 2.91.0 derives its own from: argparse's with its
  defaults, so that beginnings are taken and leftovers are errors. Executed side by side with this
  rule: of 60,000 command lines of CLI v1 they judged two differently, on which the rule is silent.
- MicrosoftDocs/azure-docs#73185, Azure/azure-cli#25433: "the following arguments are required:
  --name/-n" and "argument --model/-m: expected one argument", as users of the CLI met them.
- A public copy of the extension's code, read: switches are compared with `true` and `false`, and
  anything else is `None`; tags need `=`; a model is asked for by its ID.
- azureml-core 1.61.0: its reader of deployment configurations looks for `computeType` (read);
  `InferenceConfig` is refused without an entry script (executed). Numbers given as text fail in
  `deploy_configuration` (executed), so that the CLI has to convert them.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.command_options import argument_of, is_number, is_switch, is_whole
from amllint.artifacts.command_refusals import Refusal, Value, read
from amllint.artifacts.read_command import ReadCommand, WrongFile
from amllint.findings.finding import Location, Observation, Severity, finding
from amllint.rules.registry import rule

_PAIRS = frozenset({"--tag", "--property"})
_SHOWN = 4


@rule("AML810", "command-line-refused", severity="error", stage="submit")
def command_line_refused(read_command: ReadCommand) -> Iterator[Observation]:
    """Report each part of a command line that the CLI refuses."""
    line = read_command.line
    reading = read(line)
    if reading is None:
        return
    called = f"`az ml {line.command.name}`"
    for refusal in reading.refusals:
        message, help = _refused(refusal, called)
        place = line.at(refusal.span)
        severity = _severity(refusal, is_v2=line.command.options != ())
        key = f"{refusal.kind}={refusal.text}"
        yield finding(place, message, help=help, severity=severity, key=key)
    if line.command.options == ():
        for value in reading.values:
            yield from _judged(value, value.word.text(line.variables), line.at(value.word.span))
    yield from _wrong(read_command.wrong_files)


def _severity(refusal: Refusal, *, is_v2: bool) -> Severity | None:
    """Advice for an option like no other: previews of the extension ml have some of their own."""
    unheard = refusal.kind == "unknown" and not refusal.others
    return "info" if is_v2 and unheard else None


def _refused(refusal: Refusal, called: str) -> tuple[str, str | None]:
    """What is wrong, and what to write instead."""
    text, others = refusal.text, refusal.others
    end = "the CLI refuses the command"
    if refusal.kind == "unknown":
        near = f"did you mean `{others[0]}`?" if others else None
        return f"`{text}` is no option of {called}; {end}", near
    if refusal.kind == "ambiguous":
        shown = ", ".join(f"`{o}`" for o in others[:_SHOWN])
        return f"`{text}` may stand for {shown}; {end}", "write the option in full"
    if refusal.kind == "valueless":
        return f"`{text}` has no value; {end}", f"write its value behind `{text}`"
    if refusal.kind == "flag":
        return f"`{text}` takes no value; {end}", f"write `{text}` alone, or leave it out"
    if refusal.kind == "missing":
        shown = "/".join(others)
        return f"{called} is called without `{shown}`; {end}", f"add `{text}`"
    before = f"; `{others[0]}` takes one value, and may be repeated if it takes more"
    help = "write the option before it that it belongs to" + (before if others else "")
    return f"`{text}` belongs to no option; {end}", help


def _judged(value: Value, text: str | None, place: Location) -> Iterator[Observation]:
    """What is wrong with the value of an option of the CLI v1."""
    argument, written = argument_of(value.option.name), value.written
    if text is None or argument is None:
        return
    shown = f"`{written}` is `{text}`"
    if is_number(argument, text) is False:
        kind = "whole number" if is_whole(argument) else "number"
        message = f"{shown}, which is no {kind}; the CLI refuses the command"
        yield finding(place, message, help=f"write a {kind}", key=f"{argument}={text}")
    elif is_switch(argument, text) is False:
        message = f"{shown}, neither `true` nor `false`; the CLI takes it for not given"
        help = "write `true` or `false`"
        yield finding(place, message, help=help, severity="warning", key=f"{argument}={text}")
    elif value.option.name in _PAIRS and "=" not in text:
        message = f"{shown}, which has no `=`; the CLI refuses the command"
        yield finding(place, message, help="write `key=value`", key=f"{argument}={text}")
    elif argument == "model" and text and ":" not in text:
        message = f"{shown}, which has no version; the CLI asks for a model by `name:version`"
        help = f"write `{text}:` and the version"
        yield finding(place, message, help=help, severity="warning", key=f"{argument}={text}")


def _wrong(files: tuple[WrongFile, ...]) -> Iterator[Observation]:
    """The files that are given as another kind than they are, both in one finding."""
    if not files:
        return
    first = files[0]
    place = first.field.location
    if len(files) > 1:
        options = f"`{first.option}` and `{files[1].option}`"
        message = (
            f"{options} are swapped: `{first.shown}` is the deployment configuration, "
            f"`{files[1].shown}` the inference configuration; the CLI refuses them"
        )
        yield finding(place, message, help="swap the two files", key="swapped")
        return
    kinds = ["a deployment configuration", "an inference configuration"]
    actual, asked = kinds[first.is_inference], kinds[not first.is_inference]
    message = f"`{first.option}` takes {asked}; `{first.shown}` is {actual}, which the CLI refuses"
    yield finding(place, message, help=f"give {asked}", key=f"wrong={first.field.value}")
