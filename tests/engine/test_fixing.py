"""Fixes: exact to the byte, whatever the layout, and taken back where they do harm."""

from __future__ import annotations

import stat
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from amllint.config import Settings
from amllint.engine import fixing
from amllint.engine.fixing import Fixed, keeps_the_rest
from amllint.findings.finding import Edit
from amllint.rules.registry import RULES, Rule
from amllint.source.overlay import Overlay, decode
from amllint.source.text import SourceText, Span
from tests.checking import Files, names, write


def fixed(folder: Path, files: Files, *rules: str, unsafe: bool = True) -> Fixed:
    """Fix a tree in memory, with the given rules only."""
    write(folder, files)
    settings = Settings(select=rules or ("ALL",))
    overlay = Overlay(cwd=str(folder))
    result = fixing.fix(["."], settings, overlay, unsafe=unsafe, ignores=True)
    again = fixing.fix(["."], settings, overlay, unsafe=unsafe, ignores=True)
    assert not again.applied, "the fix is not idempotent"
    return result


def written(folder: Path, files: Files, name: str, *rules: str) -> bytes:
    """The bytes of a file once its tree is fixed and written."""
    write(folder, files)
    overlay = Overlay(cwd=str(folder))
    chosen = Settings(select=rules, persona="pedantic")
    result = fixing.fix(["."], chosen, overlay, unsafe=True, ignores=True)
    fixing.write(overlay, result, lambda path, error: pytest.fail(f"{path}: {error}"))
    assert not result.rejected
    again = fixing.fix(["."], chosen, Overlay(cwd=str(folder)), unsafe=True, ignores=True)
    assert not again.applied, "the fix is not idempotent"
    assert not set(names(again.report)) & set(rules), "the finding is still there"
    return (folder / name).read_bytes()


# -- missing-global ---------------------------------------------------------------------------

RUN = "\n\ndef run(raw_data):\n    return model.predict(raw_data)\n"

GLOBALS = {
    "def init():\n    model = load()\n": "def init():\n    global model\n    model = load()\n",
    "def init():\n    '''Load it.'''\n    model = load()\n": "def init():\n    '''Load it.'''\n"
    "    global model\n    model = load()\n",
    "def init():\n    # about it\n    model = load()  # here\n": "def init():\n    # about it\n"
    "    global model\n    model = load()  # here\n",
    "def init():\n    global path\n    path = 1\n    model = load()\n": "def init():\n"
    "    global path, model\n    path = 1\n    model = load()\n",
    "def init():\n    global path  # note\n    model = load()\n": "def init():\n"
    "    global path, model  # note\n    model = load()\n",
    "def init():\n    if a:\n        model = b()\n    else:\n        model = 2\n": "def init():\n"
    "    global model\n    if a:\n        model = b()\n    else:\n        model = 2\n",
    "def init():\n\tmodel = load()\n": "def init():\n\tglobal model\n\tmodel = load()\n",
    "def init():\n  model = load()\n": "def init():\n  global model\n  model = load()\n",
    "def init():\n    import model\n": "def init():\n    global model\n    import model\n",
    "def init():\n    with opened() as model:\n        pass\n": "def init():\n    global model\n"
    "    with opened() as model:\n        pass\n",
    "def init():\n    global path; path = 1\n    model = load()\n": "def init():\n"
    "    global path, model; path = 1\n    model = load()\n",
    "model = None\n\n\ndef init():\n    model = load()\n": "model = None\n\n\ndef init():\n"
    "    global model\n    model = load()\n",
    "async def init():\n    model = await load()\n": "async def init():\n    global model\n"
    "    model = await load()\n",
    "def init(\n):\n    é = 'ü🐍'; model = load(é)\n": "def init(\n):\n    global model\n"
    "    é = 'ü🐍'; model = load(é)\n",
}


@pytest.mark.parametrize("before", GLOBALS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
def test_a_global_is_declared_at_the_top_of_init(
    before: str, end: str, mark: bytes, tmp_path: Path
) -> None:
    text = mark + (before + RUN).replace("\n", end).encode()
    wanted = mark + (GLOBALS[before] + RUN).replace("\n", end).encode()
    assert written(tmp_path, {"score.py": text}, "score.py", "missing-global") == wanted


def test_several_globals_are_declared_one_after_the_other(tmp_path: Path) -> None:
    text = "def init():\n    a = 1\n    b = 2\n\n\ndef run(raw_data):\n    return a + b\n"
    after = written(tmp_path, {"score.py": text}, "score.py", "missing-global")
    assert after.decode().replace("global a, b", "global b, a") == text.replace(
        "    a = 1", "    global b, a\n    a = 1"
    )


def test_a_script_without_a_last_line_end_keeps_none(tmp_path: Path) -> None:
    text = "def run(data): return model\n\ndef init():\n    model = 1"
    after = written(tmp_path, {"score.py": text}, "score.py", "missing-global")
    assert after.decode() == text.replace("    model = 1", "    global model\n    model = 1")


def test_a_script_keeps_the_encoding_of_its_cookie(tmp_path: Path) -> None:
    text = "# coding: latin-1\ndef init():\n    model = 'é'\n" + RUN
    after = written(tmp_path, {"score.py": text.encode("latin-1")}, "score.py", "missing-global")
    assert after == text.replace("    model =", "    global model\n    model =").encode("latin-1")


@pytest.mark.parametrize(
    "init",
    [
        "def init(): model = load()\n",
        "def init():\n    model: int = load()\n",
        "def init():\n    @cached\n    def model(): pass\n",
        "init = lambda: (model := 1)\n",
    ],
)
def test_where_a_declaration_would_not_fit_none_is_offered(init: str, tmp_path: Path) -> None:
    result = fixed(tmp_path, {"score.py": init + RUN}, "missing-global")
    assert result.after == {}
    assert not result.rejected


# -- missing-inference-server -----------------------------------------------------------------

SERVED: Files = {
    "score.py": "def init():\n    pass\n\n\ndef run(raw_data):\n    return 1\n",
    "inferenceconfig.json": '{"entryScript": "score.py", "runtime": "python",'
    ' "condaFile": "conda.yml"}\n',
}

SERVERS = {
    "dependencies:\n- pip:\n  - a\n": "dependencies:\n- pip:\n  - a\n  - azureml-defaults\n",
    "dependencies:\n  - python=3.10\n  - pip:\n      - a  # last\n": "dependencies:\n"
    "  - python=3.10\n  - pip:\n      - a  # last\n      - azureml-defaults\n",
    "dependencies:\n  - pip:\n      - a\n      # trailing\nname: x\n": "dependencies:\n"
    "  - pip:\n      - a\n      - azureml-defaults\n      # trailing\nname: x\n",
    "dependencies:\n  - pip:\n      - a\n\n\n# end\n": "dependencies:\n  - pip:\n      - a\n"
    "      - azureml-defaults\n\n\n# end\n",
    "dependencies:\n  - pip: [a, b]\n": "dependencies:\n  - pip: [a, b, azureml-defaults]\n",
    "dependencies:\n  - pip: ['a', \"b\"]  # c\n": "dependencies:\n"
    '  - pip: [\'a\', "b", "azureml-defaults"]  # c\n',
    "dependencies: [python=3.10, {pip: [a]}]\n": "dependencies: [python=3.10, "
    "{pip: [a, azureml-defaults]}]\n",
    "dependencies:\n  - pip: [\n      a,\n      b\n    ]\n": "dependencies:\n  - pip: [\n"
    "      a,\n      b,\n      azureml-defaults\n    ]\n",
    "dependencies:\n  - python=3.10\n  - pip\n": "dependencies:\n  - python=3.10\n  - pip\n"
    "  - pip:\n      - azureml-defaults\n",
    "dependencies:\n  - python=3.10\n": "dependencies:\n  - python=3.10\n  - pip\n  - pip:\n"
    "      - azureml-defaults\n",
    "dependencies: [python=3.10]\n": "dependencies: [python=3.10, {pip: [azureml-defaults]}]\n",
    "dependencies:\n  - pip:\n      - a": "dependencies:\n  - pip:\n      - a\n"
    "      - azureml-defaults",
    "# é🐍\ndependencies:\n  - pip:\n      - 'a'  # é🐍\n": "# é🐍\ndependencies:\n  - pip:\n"
    "      - 'a'  # é🐍\n      - azureml-defaults\n",
    '{"dependencies": ["python=3.10", {"pip": ["a"]}]}\n': '{"dependencies": ["python=3.10", '
    '{"pip": ["a", "azureml-defaults"]}]}\n',
    "dependencies:\n  - python=3.10\n  - pip:\n    - a\nchannels:\n  - x\n": "dependencies:\n"
    "  - python=3.10\n  - pip:\n    - a\n    - azureml-defaults\nchannels:\n  - x\n",
}


@pytest.mark.parametrize("before", SERVERS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_server_is_added_to_the_requirements(before: str, end: str, tmp_path: Path) -> None:
    files: Files = {**SERVED, "conda.yml": before.replace("\n", end)}
    after = written(tmp_path, files, "conda.yml", "missing-inference-server")
    assert after.decode() == SERVERS[before].replace("\n", end)


def test_a_byte_order_mark_is_kept(tmp_path: Path) -> None:
    mark, text = b"\xef\xbb\xbf", "dependencies:\n  - pip:\n      - a\n"
    files: Files = {**SERVED, "conda.yml": mark + text.encode()}
    after = written(tmp_path, files, "conda.yml", "missing-inference-server")
    assert after == mark + text.encode() + b"      - azureml-defaults\n"


def test_a_v2_deployment_gets_the_server_alone(tmp_path: Path) -> None:
    text = (
        "$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json\n"
        "code_configuration:\n  code: .\n  scoring_script: score.py\n"
        "environment:\n  conda_file: conda.yml\n"
    )
    files: Files = {
        "score.py": SERVED["score.py"],
        "online.yml": text,
        "conda.yml": "dependencies:\n  - pip:\n      - a\n",
    }
    after = written(tmp_path, files, "conda.yml", "missing-inference-server")
    assert after.decode().endswith("      - a\n      - azureml-inference-server-http\n")


def test_dependencies_within_another_file_are_mended_there(tmp_path: Path) -> None:
    text = """\
{
  "entryScript": "score.py",
  "environment": {
    "name": "e",
    "python": {
      "condaDependencies": {
        "dependencies": [
          "python=3.10",
          {
            "pip": [
              "scikit-learn"
            ]
          }
        ]
      }
    }
  }
}
"""
    files: Files = {"score.py": SERVED["score.py"], "inferenceconfig.json": text}
    after = written(tmp_path, files, "inferenceconfig.json", "missing-inference-server")
    added = '"scikit-learn",\n              "azureml-defaults"'
    assert after.decode() == text.replace('"scikit-learn"', added)


@pytest.mark.parametrize(
    "conda",
    [
        "dependencies: []\n",
        "dependencies:\n  - pip: []\n",
    ],
)
def test_where_a_requirement_cannot_be_added_none_is(conda: str, tmp_path: Path) -> None:
    result = fixed(tmp_path, {**SERVED, "conda.yml": conda}, "missing-inference-server")
    assert "missing-inference-server" in names(result.report)
    assert result.after == {}


def test_a_list_shared_by_an_alias_stays_valid(tmp_path: Path) -> None:
    text = "x: &pip\n  - a\ndependencies:\n  - pip: *pip\n"
    result = fixed(tmp_path, {**SERVED, "conda.yml": text}, "missing-inference-server")
    for after in result.after.values():
        assert "- azureml-defaults" in after


# -- pynacl-pin -------------------------------------------------------------------------------

PINS = {
    "dependencies:\n  - pip:\n      - a\n      - pynacl==1.2.1\n": "dependencies:\n  - pip:\n"
    "      - a\n",
    "dependencies:\n  - pip:\n      - pynacl==1.2.1  # a\n      # b\n      - b\n": "dependencies:\n"
    "  - pip:\n      # b\n      - b\n",
    "dependencies:\n  - pip: [a, pynacl==1.2.1]\n": "dependencies:\n  - pip: [a]\n",
    "dependencies:\n  - pip: [pynacl==1.2.1, a]\n": "dependencies:\n  - pip: [a]\n",
    "dependencies:\n  - pip: [a, 'pynacl==1.2.1', b]  # c\n": "dependencies:\n"
    "  - pip: [a, b]  # c\n",
    "dependencies:\n  - pynacl=1.2.1\n  - python=3.10\n": "dependencies:\n  - python=3.10\n",
    '{"dependencies": [{"pip": ["a", "pynacl==1.2.1"]}]}\n': '{"dependencies": [{"pip": ["a"]}]}\n',
    "dependencies:\n  - pip:\n      - a\n      - pynacl==1.2.1": "dependencies:\n  - pip:\n"
    "      - a\n",
    "dependencies:\n  - pip==18.1\n  - pip:\n      - azureml-core\n": "dependencies:\n"
    "  - pip==18.1\n  - pip:\n      - azureml-core\n      - pynacl==1.2.1\n",
}


@pytest.mark.parametrize("before", PINS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_pin_is_taken_away_or_added(before: str, end: str, tmp_path: Path) -> None:
    files: Files = {**SERVED, "conda.yml": before.replace("\n", end)}
    after = written(tmp_path, files, "conda.yml", "pynacl-pin")
    assert after.decode() == PINS[before].replace("\n", end)


def test_the_only_requirement_is_not_taken_away(tmp_path: Path) -> None:
    conda = "dependencies:\n  - pip:\n      - pynacl==1.2.1\n"
    result = fixed(tmp_path, {**SERVED, "conda.yml": conda}, "pynacl-pin")
    assert names(result.report) == ["pynacl-pin"]
    assert result.after == {}


def test_two_fixes_of_one_list_are_both_made(tmp_path: Path) -> None:
    conda = "dependencies:\n  - pip:\n      - a\n      - pynacl==1.2.1\n"
    files: Files = {**SERVED, "conda.yml": conda}
    rules = ("pynacl-pin", "missing-inference-server")
    after = written(tmp_path, files, "conda.yml", *rules).decode()
    assert after == "dependencies:\n  - pip:\n      - a\n      - azureml-defaults\n"


# -- unknown-deployment-key -------------------------------------------------------------------

KEYS = {
    '{"computeType": "aks", "numReplica": 2}': '{"computeType": "aks", "numReplicas": 2}',
    "computeType: aks\nnumReplica: 2  # note\n": "computeType: aks\nnumReplicas: 2  # note\n",
    "computeType: aks\n'numReplica': 2\n": "computeType: aks\n'numReplicas': 2\n",
    'computeType: aks\n"numReplica" : 2\n': 'computeType: aks\n"numReplicas" : 2\n',
    "{computeType: aks, numReplica: 2}\n": "{computeType: aks, numReplicas: 2}\n",
    "computeType: aks\nautoScaler:\n  autoscaleEnable: true\n": "computeType: aks\nautoScaler:\n"
    "  autoscaleEnabled: true\n",
    '{\n\t"computeType": "aks",\n\t"numReplica": 2\n}': '{\n\t"computeType": "aks",\n'
    '\t"numReplicas": 2\n}',
    "computeType: aks\nnumreplicas: 2\n": "computeType: aks\nnumReplicas: 2\n",
    "computeType: aks\nnum_replicas: 2\n": "computeType: aks\nnumReplicas: 2\n",
}


@pytest.mark.parametrize("before", KEYS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_misspelt_key_is_renamed_in_its_quotes(before: str, end: str, tmp_path: Path) -> None:
    name = "deploymentconfig.json" if before[0] == "{" else "deploymentconfig.yml"
    files: Files = {name: before.replace("\n", end)}
    after = written(tmp_path, files, name, "unknown-deployment-key")
    assert after.decode() == KEYS[before].replace("\n", end)


def test_a_key_is_not_renamed_to_one_that_is_there(tmp_path: Path) -> None:
    text = "computeType: aks\nnumReplica: 2\nnumReplicas: 3\n"
    result = fixed(tmp_path, {"deploymentconfig.yml": text}, "unknown-deployment-key")
    assert names(result.report) == ["unknown-deployment-key"]
    assert result.after == {}


def test_two_keys_are_not_renamed_to_the_same(tmp_path: Path) -> None:
    text = "computeType: aks\nnumReplica: 2\nnumreplicas: 3\n"
    result = fixed(tmp_path, {"deploymentconfig.yml": text}, "unknown-deployment-key")
    assert result.after.get("deploymentconfig.yml", "").count("numReplicas") <= 1


# -- what goes wrong --------------------------------------------------------------------------


def sabotaged(monkeypatch: pytest.MonkeyPatch, name: str, change: Any) -> None:
    """Let the fixes of a rule come out differently."""
    info = next(r for r in RULES if r.name == name)
    good = info.load()

    def check(*facts: Any) -> Any:
        for said in good.check(*facts):
            fix = said.fix
            yield replace(said, fix=fix and replace(fix, edits=tuple(map(change, fix.edits))))

    bad = Rule(good.code, good.name, good.severity, good.stage, good.fix, check)
    monkeypatch.setattr("amllint.rules.registry._load", lambda module: _original(module, bad))


def _original(module: str, bad: Rule) -> Rule:
    rules = vars(import_module(f"amllint.rules.{module}")).values()
    found = next(v for v in rules if isinstance(v, Rule))
    return bad if found.name == bad.name else found


AKS: Files = {"deploymentconfig.yml": "computeType: aks\nnumReplica: 2\ngpuCores: 1\n"}

HARMFUL = {
    "it breaks the file": lambda e: e._replace(content="numReplicas: ["),
    "it leaves the finding": lambda e: e._replace(content="'numReplica'"),
    "it takes another key along": lambda e: e._replace(span=Span(e.span.start, e.span.end + 14)),
}


@pytest.mark.parametrize("case", HARMFUL)
def test_a_fix_that_does_harm_is_taken_back(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sabotaged(monkeypatch, "unknown-deployment-key", HARMFUL[case])
    result = fixed(tmp_path, AKS)
    assert [f.name for f, _ in result.rejected] == ["unknown-deployment-key"]
    assert result.applied == []
    assert result.after == {}
    assert "unknown-deployment-key" in names(result.report)


def test_a_harmful_fix_does_not_keep_others_from_being_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sabotaged(monkeypatch, "unknown-deployment-key", HARMFUL["it breaks the file"])
    result = fixed(tmp_path, {**AKS, "score.py": "def init():\n    model = 1\n" + RUN})
    assert [f.name for f, _ in result.applied] == ["missing-global"]
    assert [f.name for f, _ in result.rejected] == ["unknown-deployment-key"]
    assert set(result.after) == {"score.py"}


def test_a_script_that_no_longer_compiles_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sabotaged(monkeypatch, "missing-global", lambda e: e._replace(content="global model\n  "))
    result = fixed(tmp_path, {"score.py": "def init():\n    model = 1\n" + RUN})
    assert [f.name for f, _ in result.rejected] == ["missing-global"]
    assert result.after == {}


def test_an_edit_that_loses_a_value_does_not_keep_the_rest() -> None:
    source = SourceText("f.yml", "a: 1\nb: 2\nc: 3\nd: 4\n")
    harmless = Edit("f.yml", Span(5, 6), "B")
    assert keeps_the_rest(source, "a: 1\nB: 2\nc: 3\nd: 4\n", [harmless])
    assert not keeps_the_rest(source, "a: 1\n", [harmless])
    assert not keeps_the_rest(source, "a: 1\nb: 2\nc: 5\nd: 4\n", [harmless])
    assert not keeps_the_rest(source, "a: 1\nb: [\n", [harmless])


# -- writing ----------------------------------------------------------------------------------


def test_nothing_is_written_unless_asked(tmp_path: Path) -> None:
    result = fixed(tmp_path, AKS)
    assert result.after
    assert (
        tmp_path / "deploymentconfig.yml"
    ).read_bytes() == b"computeType: aks\nnumReplica: 2\ngpuCores: 1\n"


def test_a_written_file_keeps_its_mode_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write(tmp_path, AKS)
    path = tmp_path / "deploymentconfig.yml"
    path.chmod(0o640)
    overlay = Overlay(cwd=str(tmp_path))
    result = fixing.fix(["."], Settings(), overlay, unsafe=True, ignores=True)
    assert fixing.write(overlay, result, lambda *_: None) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["deploymentconfig.yml"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    write(tmp_path, {"real/deploymentconfig.yml": AKS["deploymentconfig.yml"]})
    link = tmp_path / "deploymentconfig.yml"
    link.symlink_to("real/deploymentconfig.yml")
    overlay = Overlay(cwd=str(tmp_path))
    result = fixing.fix(["deploymentconfig.yml"], Settings(), overlay, unsafe=True, ignores=True)
    fixing.write(overlay, result, lambda *_: None)
    assert link.is_symlink()
    assert b"numReplicas" in (tmp_path / "real/deploymentconfig.yml").read_bytes()


def test_a_folder_that_cannot_be_written_to_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, AKS)
    overlay = Overlay(cwd=str(tmp_path))
    result = fixing.fix(["."], Settings(), overlay, unsafe=True, ignores=True)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("amllint.engine.fixing.tempfile.mkstemp", refuse)
    told: list[str] = []
    assert fixing.write(overlay, result, lambda path, error: told.append(path)) == 0
    assert told == ["deploymentconfig.yml"]


def test_bytes_and_text_agree_after_a_fix(tmp_path: Path) -> None:
    write(tmp_path, AKS)
    overlay = Overlay(cwd=str(tmp_path))
    result = fixing.fix(["."], Settings(), overlay, unsafe=True, ignores=True)
    data = overlay.data(str(tmp_path / "deploymentconfig.yml"))
    assert decode("f.yml", data).text == result.after["deploymentconfig.yml"]
