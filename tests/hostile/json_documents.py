"""JSON that loaders choke on; each is a deployment config."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .cases import (
    ANY,
    READ,
    READ_OR_UNREAD,
    REFUSED,
    UNREAD,
    Case,
    Expect,
    case,
    expect,
    family,
    write,
)

_HEAD = '{"computeType": "AKS", '


def _document(text: Callable[[], str] | str, note: str, outcome: Expect) -> Callable[[Path], Case]:
    def build(folder: Path) -> Case:
        body = text if isinstance(text, str) else text()
        write(folder / "deploymentconfig.json", body)
        return Case(["."], note, outcome)

    return build


def _value(text: str) -> str:
    return f'{_HEAD}"x-note": {text}, "numReplicas": {text}}}'


family(
    {
        "json_100000_brackets": _document(
            lambda: _value("[" * 100_000 + "]" * 100_000), "RecursionError, or a fault in C", UNREAD
        ),
        "json_100000_objects": _document(
            lambda: _value('{"a":' * 100_000 + "1" + "}" * 100_000), "", UNREAD
        ),
        "json_100000_unclosed": _document(lambda: _HEAD + '"a": ' + "[" * 100_000, "", REFUSED),
        "json_1000_brackets": _document(
            lambda: _value("[" * 1000 + "]" * 1000), "at Python's recursion limit", READ_OR_UNREAD
        ),
        "json_not_a_number": _document(
            _value("NaN"), "Python reads it, JSON has no such value", ANY
        ),
        "json_infinity": _document(_value("-Infinity"), "int(inf) raises", ANY),
        "json_huge_exponent": _document(_value("1e999999"), "becomes infinity", ANY),
        "json_huge_negative_exponent": _document(_value("1e-999999"), "becomes zero", ANY),
        "json_integer_of_100000_digits": _document(
            lambda: _value("9" * 100_000), "int() refuses 4,300 digits: ValueError", ANY
        ),
        "json_integer_of_4300_digits": _document(
            lambda: _value("9" * 4300), "int() takes it, float() does not", ANY
        ),
        "json_float_of_100000_digits": _document(lambda: _value("0." + "9" * 100_000), "", ANY),
        "json_lone_surrogate": _document(_value('"\\ud800"'), "printed, it fails to encode", ANY),
        "json_lone_surrogate_in_key": _document(_HEAD + '"\\udfff": 1}', "", ANY),
        "json_escape_codes": _document(
            _value('"\\u001b[31mred\\u001b]0;title\\u0007"'), "quoted in a message, they act", ANY
        ),
        "json_workflow_command": _document(
            _HEAD + '"\\n::error file=a::forged\\n##vso[task.complete]\\n": 1}',
            "forged log lines",
            ANY,
        ),
        "json_workflow_command_in_line": _document(
            _value('"##vso[task.complete]" 1'), "a quoted line of the file acts", REFUSED
        ),
        "json_surrogate_in_key_and_path": _document(
            _HEAD + '"\\ud800x\\ud83d\\ude00\\\\ud800": 1}', "half a character in a message", ANY
        ),
        "json_trailing_garbage": _document(_value("1") + " garbage", "", REFUSED),
        "json_two_documents": _document(_value("1") * 2, "", REFUSED),
        "json_trailing_comma": _document(_HEAD + "}", "the v1 CLI reads YAML first: legal", ANY),
        "json_comments": _document("// why\n" + _value("1") + " /* not */", "", ANY),
        "json_byte_order_mark": _document("\ufeff" + _value("1"), "", ANY),
        "json_byte_order_mark_twice": _document("\ufeff\ufeff" + _value("1"), "", ANY),
        "json_duplicate_keys": _document(
            _HEAD + '"numReplicas": 1, "numReplicas": 2}', "", expect(0, 1)
        ),
        "json_null_character": _document(_value('"\\u0000"'), "", ANY),
        "json_raw_null_character": _document(_value('"\0"'), "", REFUSED),
        "json_unclosed_string": _document(_HEAD + '"a', "", REFUSED),
        "json_only_backslashes": _document(lambda: _HEAD + '"' + "\\" * 200_001, "", REFUSED),
        "json_100000_keys": _document(
            lambda: _HEAD + ",".join(f'"k{i}": 1' for i in range(100_000)) + "}", "", ANY
        ),
        "json_100000_items": _document(lambda: _value("[" + "1," * 100_000 + "1]"), "", ANY),
        "json_key_of_100000_characters": _document(
            lambda: _HEAD + f'"{"k" * 100_000}": 1}}', "", ANY
        ),
        "json_one_line_of_20_mb": _document(
            lambda: _value('"' + "a" * 10_000_000 + '"'), "", UNREAD
        ),
        "json_compute_type_is_a_list": _document('{"computeType": ["AKS"]}', "not hashable", ANY),
        "json_compute_type_is_a_bomb": _document('{"computeType": {"computeType": {}}}', "", ANY),
        "json_sections_of_wrong_type": _document(
            _HEAD + '"autoScaler": 1, "containerResourceRequirements": [], "keys": null,'
            ' "livenessProbeRequirements": "x", "numReplicas": {}, "tags": 7}',
            "",
            expect(0, 1),
        ),
        "json_numbers_out_of_reason": _document(
            _HEAD + '"autoScaler": {"autoscaleEnabled": true, "minReplicas": 0, "maxReplicas": -1,'
            ' "targetUtilization": 0}, "containerResourceRequirements": {"cpu": 0},'
            ' "scoringTimeoutMs": 1e308, "maxConcurrentRequestsPerContainer": 0}',
            "division by zero, overflow",
            expect(0, 1),
        ),
    }
)


@case
def json_read_as_written(folder: Path) -> Case:
    """The control: without malice it is read."""
    write(folder / "deploymentconfig.json", '{"computeType": "AKS"}')
    return Case(["."], "control", READ)


@case
def notebook_of_magics(folder: Path) -> Case:
    """Cells that are not Python, lists of lines that are not text, wrong types throughout."""
    cells = (
        '{"cell_type": "code", "source": ["%%bash\\n", "rm -rf {x}\\n"]},'
        '{"cell_type": "code", "source": ["!az ml model deploy $(x)\\n", "%matplotlib inline\\n"]},'
        '{"cell_type": "code", "source": 7}, {"cell_type": "code", "source": [1, null]},'
        '{"cell_type": "code"}, 5, null, [],'
        '{"cell_type": "code", "source": "x = Model.deploy(" }'
    )
    write(folder / "deploy.ipynb", f'{{"nbformat": 4, "nbformat_minor": 2, "cells": [{cells}]}}')
    write(folder / "deploymentconfig.json", '{"computeType": "AKS"}')
    return Case(["."], "a notebook is JSON that people edit by hand", ANY)


@case
def notebook_deep(folder: Path) -> Case:
    """100,000 brackets in the outputs, which nobody needs to read."""
    deep = "[" * 100_000 + "]" * 100_000
    source = '"from azureml.core.model import Model\\nModel.deploy(ws)\\n"'
    cell = f'{{"cell_type": "code", "source": [{source}], "outputs": {deep}}}'
    write(folder / "deploy.ipynb", f'{{"nbformat": 4, "nbformat_minor": 2, "cells": [{cell}]}}')
    return Case(["deploy.ipynb"], "", ANY)
