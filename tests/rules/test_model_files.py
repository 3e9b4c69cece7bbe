"""Corners of the rules about the local files of models."""

from __future__ import annotations

import bz2
import pickle
from pathlib import Path
from typing import Any

import pytest

from amllint.config import Settings, load
from amllint.engine.check import Report, check
from amllint.schemas import load_table
from amllint.source.overlay import Overlay
from tests.checking import Files, look, names, only, places, shown, write
from tests.source.pickles.handmade import classes, instance, model

DEPLOYMENT = """\
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
model:
  path: {model}
code_configuration:
  code: src
  scoring_script: score.py
environment:
  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1
  conda_file: conda.yml
instance_type: Standard_DS3_v2
instance_count: 1
"""
CONDA = """\
dependencies:
  - python=3.11
  - pip
  - pip:
      - azureml-inference-server-http==1.5.1
      - {pins}
"""
SCRIPT = """\
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "{file}"))


def run(raw_data):
    return {{"received": len(raw_data)}}
"""
TREE = "sklearn.tree._tree.Tree"
FOREST = "sklearn.ensemble._forest.RandomForestClassifier"
LINEAR = "sklearn.linear_model._base.LinearRegression"


def deployed(
    folder: Path,
    data: bytes,
    pins: str = "scikit-learn==1.5.2",
    script: str = SCRIPT.format(file="a.pkl"),
    **settings: Any,
) -> Report:
    files: Files = {
        "deployment.yml": DEPLOYMENT.format(model="model/a.pkl"),
        "conda.yml": CONDA.format(pins=pins),
        "src/score.py": script,
        "model/a.pkl": data,
    }
    rules = ("AML316", "AML317", "AML320")  # what else is wrong with old pins is not asked here
    return look(folder, files, **{"select": rules, **settings})


@pytest.mark.parametrize(
    ("written", "name", "pins", "stage"),
    [
        ("1.2.2", TREE, "scikit-learn==1.3.2", "start"),
        ("1.5.2", TREE, "scikit-learn~=1.2.0", "start"),
        ("1.2.2", TREE, "scikit-learn>=1.3,<1.8", "start"),
        (
            "0.21.3",
            "sklearn.linear_model.logistic.LogisticRegression",
            "scikit-learn==1.0",
            "start",
        ),
        ("1.2.2", "sklearn.ensemble._gb_losses.BinomialDeviance", "scikit-learn==1.4.*", "start"),
        ("0.24.2", "sklearn.naive_bayes.GaussianNB", "scikit-learn==1.5.2", "score"),
    ],
)
def test_what_was_seen_to_fail_is_an_error(
    written: str, name: str, pins: str, stage: str, tmp_path: Path
) -> None:
    report = deployed(tmp_path, model(written, name), pins)
    found = only(report)
    assert (found.name, found.severity, found.stage) == ("pickle-version-mismatch", "error", stage)
    assert shown(report, found) == pins
    assert written in found.message
    assert written in (found.observation.help or "")


@pytest.mark.parametrize(
    ("written", "name", "pins"),
    [
        ("0.24.2", LINEAR, "scikit-learn==1.7.0"),
        ("1.3.2", TREE, "scikit-learn==1.5.2"),
        ("1.2.2", TREE, "scikit-learn>=1.2"),
        ("1.2.2", TREE, "scikit-learn>=1.2,<1.4"),
        ("1.2.2", TREE, "scikit-learn"),
        ("1.2.2", "sklearn.ensemble._gb_losses.BinomialDeviance", "scikit-learn>=1.3,<1.5"),
        ("1.2.2", TREE, "scikit-learn==1.9.0"),
        ("1.2.2", "mine.Tree", "scikit-learn==1.3.2"),
        (None, TREE, "scikit-learn==1.3.2"),
    ],
)
def test_what_loads_or_is_not_known_is_no_error(
    written: str | None, name: str, pins: str, tmp_path: Path
) -> None:
    assert places(deployed(tmp_path, model(written, name), pins)) == []


def test_another_version_alone_is_advice(tmp_path: Path) -> None:
    data = model("0.24.2", LINEAR)
    found = only(deployed(tmp_path, data, "scikit-learn==1.7.0", persona="pedantic"))
    assert (found.name, found.severity) == ("pickle-version-mismatch", "info")
    assert deployed(tmp_path, data, "scikit-learn==0.24.1", persona="pedantic").findings == []


def test_a_file_that_could_not_be_read_whole_says_what_was_found(tmp_path: Path) -> None:
    data = bz2.compress(model("1.2.2", TREE))
    assert names(deployed(tmp_path, data, "scikit-learn==1.3.2")) == ["pickle-version-mismatch"]
    cut = model("1.2.2", "sklearn.ensemble._gb_losses.BinomialDeviance")[:-20]
    assert names(deployed(tmp_path, cut, "scikit-learn==1.4.2")) == ["pickle-version-mismatch"]


@pytest.mark.parametrize(
    ("module", "pins", "wanted"),
    [
        ("numpy._core.multiarray", "numpy==1.25.2", ["pickle-version-mismatch"]),
        ("numpy._core.multiarray", "numpy<1.26", ["pickle-version-mismatch"]),
        ("numpy._core.multiarray", "numpy==1.26.0", ["pickle-version-mismatch"]),
        ("numpy._core.multiarray", "numpy==1.26.1", []),
        ("numpy._core.multiarray", "numpy==1.26.4", []),
        ("numpy._core.multiarray", "numpy", []),
        ("numpy.core.multiarray", "numpy==1.25.2", []),
        ("numpy._core_of_ours", "numpy==1.25.2", []),
    ],
)
def test_an_array_of_numpy_2_needs_a_numpy_that_has_its_module(
    module: str, pins: str, wanted: list[str], tmp_path: Path
) -> None:
    data = f"c{module}\n_reconstruct\n.".encode()
    assert names(deployed(tmp_path, data, pins)) == wanted


@pytest.mark.parametrize(
    ("pins", "wanted"),
    [
        ("joblib==1.4.2", ["pickle-version-mismatch"]),
        ("pandas==2.2.2", ["pickle-version-mismatch"]),
        ("scikit-learn==1.2.2", []),
        ("lightgbm==3.3.5", []),
        ("ours==1.0", []),
        ("-r missing.txt", []),
    ],
)
def test_a_package_that_nothing_brings_is_told(
    pins: str, wanted: list[str], tmp_path: Path
) -> None:
    report = deployed(tmp_path, model("1.2.2", LINEAR), pins)
    assert names(report) == wanted
    assert all("`sklearn`" in f.message and f.severity == "error" for f in report.findings)


def test_what_the_script_imports_itself_is_told_there(tmp_path: Path) -> None:
    script = "import sklearn\n" + SCRIPT.format(file="a.pkl")
    rules = ("AML316", "AML309")
    report = deployed(tmp_path, model("1.2.2", LINEAR), "joblib==1.4.2", script, select=rules)
    assert names(report) == ["import-not-in-environment"]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("training/features.py", ["pickle-version-mismatch"]),
        ("training/features/__init__.py", ["pickle-version-mismatch"]),
        ("src/features.py", []),
        ("src/features/other.py", []),
        ("training/other.py", []),
    ],
)
def test_a_module_of_the_training_must_ship(path: str, wanted: list[str], tmp_path: Path) -> None:
    write(tmp_path, {path: "class Scaler:\n    pass\n"})
    report = deployed(tmp_path, b"cfeatures.scaling\nScaler\n)R.", "joblib==1.4.2")
    assert names(report) == wanted


def test_what_python_itself_has_is_there(tmp_path: Path) -> None:
    data = b"ccollections\nOrderedDict\n0ccopy_reg\n_reconstructor\n0cUserDict\nUserDict\n."
    assert names(deployed(tmp_path, data, "joblib==1.4.2")) == []


MAIN = b"c__main__\nScaler\n)R."


def test_a_class_of_the_training_script_is_not_in_the_server(tmp_path: Path) -> None:
    report = deployed(tmp_path, MAIN)
    found = only(report)
    assert (found.name, found.severity) == ("pickle-version-mismatch", "error")
    assert shown(report, found) == "model/a.pkl"
    assert "`Scaler`" in found.message


@pytest.mark.parametrize(
    "line",
    ["import __main__", "sys.modules['__main__'].Scaler = Scaler", 'setattr(m["__main__"], n, o)'],
)
def test_a_script_that_reaches_for_main_may_put_the_class_there(line: str, tmp_path: Path) -> None:
    script = f"import sys\n\nfrom scaling import Scaler\n{SCRIPT.format(file='a.pkl')}"
    script = script.replace("    global model\n", f"    global model\n    {line}\n")
    report = deployed(tmp_path, MAIN, script=script)
    assert "pickle-version-mismatch" not in names(report)


def test_running_the_script_by_hand_prepares_nothing(tmp_path: Path) -> None:
    script = SCRIPT.format(file="a.pkl") + '\n\nif __name__ == "__main__":\n    init()\n'
    assert names(deployed(tmp_path, MAIN, script=script)) == ["pickle-version-mismatch"]


def folder(path: Path, file: str, **models: bytes) -> list[str]:
    files: Files = {
        "deployment.yml": DEPLOYMENT.format(model="model"),
        "conda.yml": CONDA.format(pins="scikit-learn==1.5.2"),
        "src/score.py": SCRIPT.format(file=f"model/{file}"),
        **{f"model/{name}.pkl": data for name, data in models.items()},
    }
    return names(look(path, files))


def test_only_the_file_that_is_loaded_counts(tmp_path: Path) -> None:
    old, new = model("1.2.2", TREE), model("1.5.2", TREE)
    assert folder(tmp_path / "a", "new.pkl", old=old, new=new) == []
    assert folder(tmp_path / "b", "old.pkl", old=old, new=new) == ["pickle-version-mismatch"]


def _left_out(tree: Path) -> Report:
    settings = Settings(exclude=("model/**",), path=str(tree / "amllint.toml"))
    return check(["."], settings, Overlay(cwd=str(tree)))


def test_what_the_configuration_leaves_out_is_not_read(tmp_path: Path) -> None:
    assert len(deployed(tmp_path, MAIN).findings) == 1
    assert _left_out(tmp_path).findings == []


def test_what_lies_outside_of_the_repository_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.pkl").write_bytes(MAIN)
    files: Files = {
        ".git/HEAD": "ref: refs/heads/main\n",
        "deployment.yml": DEPLOYMENT.format(model="../a.pkl"),
        "conda.yml": CONDA.format(pins="scikit-learn==1.5.2"),
        "src/score.py": SCRIPT.format(file="a.pkl"),
    }
    assert names(look(tmp_path / "tree", files)) == []


def test_the_models_of_a_declared_deployment_are_read_too(tmp_path: Path) -> None:
    declared = (
        '[[deployment]]\nname = "blue"\nscript = "src/score.py"\nenvironment = "conda.yml"\n'
        'models = ["./model/a.pkl"]\n'
    )
    files: Files = {
        "amllint.toml": declared,
        "conda.yml": CONDA.format(pins="scikit-learn==1.3.2"),
        "src/score.py": SCRIPT.format(file="a.pkl"),
        "model/a.pkl": model("1.2.2", TREE),
    }
    write(tmp_path, files)
    overlay = Overlay(cwd=str(tmp_path))
    report = check(["."], load(str(tmp_path / "amllint.toml"), overlay), overlay)
    assert places(report) == [("conda.yml", 6, "pickle-version-mismatch")]


# -- what acts when it is loaded --------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"cos\nsystem\n(Vecho\ntR.",
        b"cposix\nsystem\n(Vecho\ntR.",
        b"c__builtin__\neval\n(V1\ntR.",
        b"(S'echo'\niwebbrowser\nopen\n.",
        b"\x80\x04\x8c\x0asubprocess\x94\x8c\x05Popen\x94\x93.",
        b"\x80\x02ccollections\nOrderedDict\n)R0crunpy\nrun_path\n.",
    ],
)
def test_functions_that_act_are_told(data: bytes, tmp_path: Path) -> None:
    found = only(deployed(tmp_path, data))
    assert (found.name, found.severity) == ("unsafe-model-file", "warning")


@pytest.mark.parametrize(
    "named",
    [
        *("builtins.getattr", "builtins.slice", "builtins.bytearray", "_codecs.encode"),
        *("functools.partial", "operator.attrgetter", "re._compile", "copyreg._reconstructor"),
        *("cloudpickle.cloudpickle._make_function", "cloudpickle.cloudpickle.subimport"),
        *("torch._utils._rebuild_tensor_v2", "os.path.join", "posixpath.join", "mine.system"),
        *("pandas.core.indexes.base._new_Index", "xgboost.core.Booster", "unknown.open"),
    ],
)
def test_what_models_are_made_of_and_what_is_not_known_is_not_told(
    named: str, tmp_path: Path
) -> None:
    module, _, name = named.rpartition(".")
    data = f"c{module}\n{name}\n.".encode()
    assert names(deployed(tmp_path, data, select=("AML317",))) == []


def test_the_table_of_unsafe_functions_says_where_it_is_from() -> None:
    table = load_table("unsafe-pickles")
    assert table["source"]
    assert table["date"]
    assert all(names == sorted(set(names)) for names in table["names"].values())


# -- MLflow models without code ---------------------------------------------------------------

NO_CODE = """\
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
model:
  path: model
  type: {type}
instance_type: Standard_DS3_v2
instance_count: 1
"""
MLMODEL = "flavors:\n  python_function:\n    env: conda.yaml\n    model_path: a.pkl\n"
MLFLOW_CONDA = "dependencies:\n- python=3.11\n- pip\n- pip:\n  - mlflow\n  - scikit-learn==1.5.2\n"


def served(folder: Path, conda: str = MLFLOW_CONDA, type: str = "mlflow_model", **more: str) -> Any:
    files: Files = {
        "deployment.yml": NO_CODE.format(type=type),
        "model/MLmodel": MLMODEL,
        "model/conda.yaml": conda,
        "model/a.pkl": model("1.5.2", LINEAR),
        **more,
    }
    return look(folder, files)


@pytest.mark.parametrize("kind", ["mlflow_model", "MLFLOW_MODEL"])
def test_an_mlflow_model_without_code_needs_what_its_script_imports(
    kind: str, tmp_path: Path
) -> None:
    report = served(tmp_path, type=kind)
    assert places(report) == [("model/conda.yaml", 4, "mlflow-model-requirements")]
    fix = only(report).observation.fix
    assert fix is not None
    assert fix.applicability == "safe"


@pytest.mark.parametrize(
    "line",
    ["azureml-ai-monitoring", "azureml_ai_monitoring==0.1.0b4", "-r requirements.txt", "./a.whl"],
)
def test_a_model_that_lists_it_or_may_list_it_is_fine(line: str, tmp_path: Path) -> None:
    assert served(tmp_path, MLFLOW_CONDA + f"  - {line}\n").findings == []


def test_a_model_of_another_kind_or_with_its_own_environment_is_not_concerned(
    tmp_path: Path,
) -> None:
    assert served(tmp_path / "a", type="custom_model").findings == []
    assert served(tmp_path / "b", type="triton_model").findings == []
    own = NO_CODE.format(type="mlflow_model") + "environment: azureml:mine:1\n"
    assert served(tmp_path / "c", **{"deployment.yml": own}).findings == []
    batch = NO_CODE.format(type="mlflow_model").replace("managedOnline", "batch")
    assert served(tmp_path / "d", **{"deployment.yml": batch}).findings == []


def test_the_pickle_of_an_mlflow_model_is_held_against_its_own_environment(
    tmp_path: Path,
) -> None:
    conda = MLFLOW_CONDA + "  - azureml-ai-monitoring\n"
    files: Files = {
        "deployment.yml": NO_CODE.format(type="mlflow_model"),
        "model/MLmodel": MLMODEL,
        "model/conda.yaml": conda,
        "model/a.pkl": model("1.2.2", TREE),
    }
    assert places(look(tmp_path, files)) == [("model/conda.yaml", 6, "pickle-version-mismatch")]


def test_two_kinds_of_trouble_in_one_file_are_two_findings(tmp_path: Path) -> None:
    with classes(FOREST, TREE) as made:
        inner = pickle.dumps([instance(m, _sklearn_version="1.2.2") for m in made])
    data = b"\x80\x02cos\nsystem\n0" + inner[2:]
    report = deployed(tmp_path, data, "scikit-learn==1.3.2")
    assert sorted(names(report)) == ["pickle-version-mismatch", "unsafe-model-file"]


MODELS = Path(__file__).parents[1] / "source" / "pickles" / "models"


@pytest.mark.parametrize(
    ("file", "pinned", "fails"),
    [
        ("tree-0.22.pkl", "0.24.2", False),
        ("tree-0.22.pkl", "1.5.2", True),
        ("tree-1.0.joblib", "1.2.2", False),
        ("tree-1.0.joblib", "1.3.2", True),
        ("tree-1.5.xz.joblib", "1.2.2", True),
        ("tree-1.5.pkl", "1.7.2", False),
    ],
)
def test_models_that_were_written_and_loaded_are_told_as_they_went(
    file: str, pinned: str, fails: bool, tmp_path: Path
) -> None:
    data = (MODELS / file).read_bytes()
    found = names(deployed(tmp_path, data, f"scikit-learn=={pinned}"))
    assert found == (["pickle-version-mismatch"] if fails else [])


@pytest.mark.parametrize(
    ("written", "offered"),
    [("1.2.2", True), ("0.21.3", False), ("0.24.2", False), ("1.9.77", True)],
)
def test_a_release_without_a_wheel_for_the_python_is_not_offered(
    written: str, offered: bool, tmp_path: Path
) -> None:
    """The environment has Python 3.11, for which 1.1.3 is the first that has wheels."""
    data = model(written, LINEAR)
    found = only(deployed(tmp_path, data, "scikit-learn==1.7.0", persona="pedantic"))
    help = found.observation.help or ""
    assert help.startswith(f"pin scikit-learn {written}") == offered
    assert ("has no wheel for this Python" in help) != offered


# -- the files of an MLflow model ---------------------------------------------------------------

OF_MLFLOW = """\
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
model:
  path: model
  type: mlflow_model
instance_type: Standard_DS3_v2
instance_count: 1
"""
MLMODEL_FILE = """\
flavors:
  python_function:
    env: {env}
    loader_module: mlflow.sklearn
    python_version: 3.11.4
  sklearn:
    sklearn_version: 1.4.2
mlflow_version: 2.16.0
"""
BOTH = "{conda: conda.yaml, virtualenv: python_env.yaml}"


def conda_yaml(scikit_learn: str, python: str = "3.11") -> str:
    return (
        f"dependencies:\n  - python={python}\n  - pip\n  - pip:\n      - mlflow==2.16.0\n"
        f"      - scikit-learn=={scikit_learn}\n      - azureml-ai-monitoring\n"
    )


def without_code(folder: Path, files: Files, env: str = BOTH, **settings: Any) -> Report:
    tree: Files = {"deployment.yml": OF_MLFLOW, "model/MLmodel": MLMODEL_FILE.format(env=env)}
    tree |= {f"model/{name}": text for name, text in files.items()}
    return look(folder, tree, select=("mlflow-environment-file",), **settings)


@pytest.mark.parametrize("env", [BOTH, "conda.yaml", "{virtualenv: python_env.yaml}"])
def test_a_model_without_a_conda_file_has_no_environment(env: str, tmp_path: Path) -> None:
    files: Files = {
        "requirements.txt": "scikit-learn==1.4.2\n",
        "python_env.yaml": "python: 3.11.4\nbuild_dependencies: [pip]\n"
        "dependencies: [-r requirements.txt]\n",
    }
    report = without_code(tmp_path, files, env)
    told = only(report)
    assert (told.severity, told.location.path) == ("warning", "deployment.yml")
    assert "no conda file" in told.message
    files["conda.yaml"] = conda_yaml("1.4.2")
    assert without_code(tmp_path, files, env).findings == []


@pytest.mark.parametrize(
    ("conda", "pip", "severities"),
    [
        ("1.4.2", "1.5.2", ["warning"]),
        ("1.5.2", "1.4.2", []),
        ("1.4.2", "1.4.2", []),
        ("1.5.2", "1.3.2", []),
    ],
)
def test_a_version_that_was_changed_in_requirements_alone_has_no_effect(
    conda: str, pip: str, severities: list[str], tmp_path: Path
) -> None:
    files: Files = {
        "conda.yaml": conda_yaml(conda),
        "requirements.txt": f"mlflow==2.16.0\nscikit-learn=={pip}\n",
    }
    report = without_code(tmp_path, files, persona="pedantic")
    assert [f.severity for f in report.findings] == severities
    if severities:
        assert shown(report, only(report)) == f"scikit-learn=={pip}"
        assert places(report) == [("model/requirements.txt", 2, "mlflow-environment-file")]


@pytest.mark.parametrize(
    "line",
    ["scikit-learn>=1.5", "scikit-learn==1.5.2 ; python_version < '3'", "joblib==1.4.2", "# no"],
)
def test_other_lines_of_requirements_contradict_nothing(line: str, tmp_path: Path) -> None:
    files: Files = {"conda.yaml": conda_yaml("1.4.2"), "requirements.txt": f"{line}\n"}
    assert without_code(tmp_path, files, persona="pedantic").findings == []


@pytest.mark.parametrize(
    ("conda", "virtualenv", "severities"),
    [("3.11", "3.12.1", ["warning"]), ("3.12", "3.11.4", []), ("3.11", "3.11.9", []),
     ("3.10", "3.12", [])],
)  # fmt: skip
def test_a_python_that_was_changed_in_python_env_alone_has_no_effect(
    conda: str, virtualenv: str, severities: list[str], tmp_path: Path
) -> None:
    files: Files = {
        "conda.yaml": conda_yaml("1.4.2", conda),
        "python_env.yaml": f"python: {virtualenv!r}\nbuild_dependencies: [pip]\n"
        "dependencies:\n  - -r requirements.txt\n",
        "requirements.txt": "scikit-learn==1.4.2\n",
    }
    report = without_code(tmp_path, files, persona="pedantic")
    assert [f.severity for f in report.findings] == severities
    assert {f.location.path for f in report.findings} <= {"model/python_env.yaml"}


@pytest.mark.parametrize(
    "more", ["environment: {conda_file: model/conda.yaml, image: x}\n", "type: kubernetes\n"]
)
def test_a_model_with_an_environment_of_its_own_is_another_matter(
    more: str, tmp_path: Path
) -> None:
    tree: Files = {
        "deployment.yml": OF_MLFLOW + more,
        "model/MLmodel": MLMODEL_FILE.format(env=BOTH),
        "model/conda.yaml": conda_yaml("1.4.2"),
        "model/requirements.txt": "scikit-learn==1.5.2\n",
    }
    told = names(look(tmp_path, tree, select=("mlflow-environment-file",)))
    assert told == ([] if "conda_file" in more else ["mlflow-environment-file"])


@pytest.mark.parametrize("text", ["", "- 1\n", "flavors: {python_function: 3}\n", "a: [\n"])
def test_an_mlmodel_that_says_nothing_is_no_trouble(text: str, tmp_path: Path) -> None:
    tree: Files = {
        "deployment.yml": OF_MLFLOW,
        "model/MLmodel": text,
        "model/conda.yaml": conda_yaml("1.4.2"),
        "model/requirements.txt": "scikit-learn==1.5.2\n",
    }
    report = look(tmp_path, tree, select=("mlflow-environment-file",))
    assert "internal-error" not in names(report)


def test_what_mlmodel_says_it_was_written_with_counts_where_the_pickle_says_nothing(
    tmp_path: Path,
) -> None:
    tree: Files = {
        "deployment.yml": OF_MLFLOW,
        "model/MLmodel": MLMODEL_FILE.format(env=BOTH).replace(
            "loader_module", "model_path: model.pkl\n    loader_module"
        ),
        "model/conda.yaml": conda_yaml("1.7.0"),
        "model/model.pkl": model(None, LINEAR),
    }
    told = only(look(tmp_path, tree, select=("AML316",), persona="pedantic"))
    assert told.severity == "info"
    assert "was written by scikit-learn 1.4.2" in told.message


def test_a_conda_yaml_in_the_form_of_python_env_is_not_sent_to_itself(tmp_path: Path) -> None:
    tree: Files = {
        "deployment.yml": OF_MLFLOW,
        "model/MLmodel": MLMODEL_FILE.format(env=BOTH),
        "model/conda.yaml": "python: 3.11.4\nbuild_dependencies: [pip]\n"
        "dependencies: [-r requirements.txt]\n",
    }
    told = only(look(tmp_path, tree, select=("AML301",)))
    assert "`pip` list" in (told.observation.help or "")


@pytest.mark.parametrize("env", ["{conda: env/serving.yaml}", "env/serving.yaml"])
def test_a_conda_file_of_another_name_is_one(env: str, tmp_path: Path) -> None:
    files: Files = {"env/serving.yaml": conda_yaml("1.4.2")}
    assert without_code(tmp_path, files, env).findings == []
    assert names(without_code(tmp_path / "b", {}, env)) == ["mlflow-environment-file"]
