"""Tracebacks over the lines of a log, however they are prefixed and whatever comes between."""

from __future__ import annotations

import pytest

from amllint.source.tracebacks import Chain, Joiner

PLAIN = """\
Traceback (most recent call last):
  File "/x/site-packages/azureml_inference_server_http/server/user_script.py", line 132, in invoke_run
    run_output = self._wrapped_user_run(**run_parameters)
                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/var/azureml-app/score.py", line 10, in run
    return helper(data)
  File "/var/azureml-app/features.py", line 3, in helper
    return data["inputs"]
           ~~~~^^^^^^^^^^
  File "/x/lib/python3.11/json/decoder.py", line 337, in decode
    raise
KeyError: 'inputs'
"""  # noqa: E501 - a line of a log


def chains(text: str) -> list[Chain[int]]:
    joiner: Joiner[int] = Joiner()
    found: list[Chain[int]] = []
    for number, line in enumerate(text.splitlines(), 1):
        found += joiner.take(number, line)
    return [*found, *joiner.finish()]


def prefixed(prefix: str) -> str:
    return "".join(f"{prefix}{line}\n" for line in PLAIN.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "2026-11-27 10:00:00,123 E [7] azmlinfsrv - Encountered Exception: " + PLAIN + "done\n",
        prefixed("2026-11-27T10:00:00.000000001Z stderr F "),
        prefixed("2026-11-27T10:00:00.123Z "),
        prefixed("score  | "),
        prefixed("        "),
    ],
    ids=["plain", "logged", "container runtime", "docker", "docker compose", "indented"],
)
def test_a_traceback_is_joined(text: str) -> None:
    (chain,) = chains(text)
    (message,) = chain.messages
    assert message == ("KeyError: 'inputs'", 12)
    frame = chain.user_frame
    assert frame is not None
    assert (frame.file, frame.line, frame.function) == ("/var/azureml-app/features.py", 3, "helper")
    assert frame.text == 'return data["inputs"]'
    assert chain.phase == "run"


def test_two_tracebacks_that_have_nothing_to_do_with_each_other_are_two() -> None:
    assert len(chains(PLAIN + "\nnext\n" + PLAIN)) == 2


def test_a_traceback_that_the_log_cuts_short_is_kept_as_far_as_it_goes() -> None:
    (chain,) = chains("".join(PLAIN.splitlines(keepends=True)[:5]))
    assert (chain.messages, chain.user_frame and chain.user_frame.line) == ([], 10)


def test_what_an_exception_says_further_belongs_to_it() -> None:
    (chain,) = chains(PLAIN + "\tMessage: none\n{\n  1\n}\nnext\n")
    assert chain.parts[0].more == ["\tMessage: none", "{", "  1", "}"]


def test_a_syntax_error_has_a_frame_without_a_function() -> None:
    text = (
        'Traceback (most recent call last):\n  File "<frozen importlib>", line 9, in exec_module\n'
        '  File "/var/azureml-app/score.py", line 1\n    def init()\n              ^\n'
        "SyntaxError: expected ':'\n"
    )
    (chain,) = chains(text)
    assert chain.user_frame is not None
    assert chain.user_frame[:4] == ("/var/azureml-app/score.py", 1, "", "def init()")
    assert (chain.messages, chain.phase) == ([("SyntaxError: expected ':'", 6)], "import")


@pytest.mark.parametrize(
    ("frames", "phase"),
    [
        ([("/var/azureml-app/score.py", "<module>")], "import"),
        ([("/var/azureml-app/score.py", "init"), ("/var/azureml-app/x.py", "load")], "init"),
        ([("/var/azureml-app/score.py", "run"), ("/var/azureml-app/x.py", "<module>")], "run"),
        ([("deploy.py", "<module>")], "other"),
    ],
)
def test_the_phase_follows_from_the_functions(frames: list[tuple[str, str]], phase: str) -> None:
    lines = "".join(f'  File "{file}", line 1, in {name}\n    x\n' for file, name in frames)
    (chain,) = chains(f"Traceback (most recent call last):\n{lines}ValueError: x\n")
    assert chain.phase == phase
