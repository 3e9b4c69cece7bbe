"""Calls in code and notebooks that name a scoring script."""

from __future__ import annotations

import json

import pytest

from amllint.artifacts.naming import NamingCall, naming_calls

CALL = 'c = InferenceConfig(entry_script="score.py")'
NAMED = [NamingCall("score.py", None, "online", "v1")]


def _notebook(source: list[str] | str) -> bytes:
    return json.dumps({"cells": [{"cell_type": "code", "source": source}]}, indent=1).encode()


@pytest.mark.parametrize(
    "before", ["", "import x\n", '"""doc"""\n', "# a note\n", "x = {'a': 1}\n", 'y = "#"\n']
)
def test_a_call_names_its_script(before: str) -> None:
    text = before + CALL + "\n"
    assert list(naming_calls(text.encode())) == NAMED
    assert list(naming_calls(_notebook(text))) == NAMED
    assert list(naming_calls(_notebook(text.splitlines(keepends=True)))) == NAMED


@pytest.mark.parametrize(
    "text",
    [
        f"# {CALL}",
        f"x = 1\n# {CALL}",
        f"x = 1  # {CALL}",
        f'def f():\n    """Use it so:\n\n    {CALL}\n    """',
        f"print('{CALL}')",
    ],
)
def test_a_comment_or_a_text_names_nothing(text: str) -> None:
    assert list(naming_calls(text.encode())) == []
    assert list(naming_calls(_notebook(text))) == []
    assert list(naming_calls(_notebook(text.splitlines(keepends=True)))) == []
