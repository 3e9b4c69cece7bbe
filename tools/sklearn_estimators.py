"""Pickles the estimators of a scikit-learn, and loads others; runs inside its environment.

    python sklearn_estimators.py write FOLDER [NAME…]
    python sklearn_estimators.py read ANSWERS.json FOLDER…
    python sklearn_estimators.py names MISSING.json NAMES.json

`write` fits each estimator (or those named) with its defaults and leaves it in FOLDER, with
`made.json` saying which methods it answers; `read` loads and calls those of other folders and says
what fails; `names` says which of a list of `module:name` there are not. Takes nothing but
scikit-learn, and Python 3.8.
"""

from __future__ import annotations

import importlib
import json
import pickle
import sys
import warnings
from pathlib import Path
from typing import Any

METHODS = ("predict", "predict_proba", "transform")
LABELS = ("LabelEncoder", "LabelBinarizer")
TEXTS = ("CountVectorizer", "TfidfVectorizer", "HashingVectorizer")
MAPPINGS = ("DictVectorizer", "FeatureHasher")
SYMPTOM = 150
"""Characters of an error that are kept."""


class Data:
    """Sixty rows of four numbers, with classes and values to learn."""

    def __init__(self) -> None:
        import numpy

        self.numpy: Any = numpy
        self.rows: Any = numpy.random.RandomState(0).rand(60, 4)
        self.classes: Any = (self.rows[:, 0] + self.rows[:, 1] > 1).astype(int)
        self.values: Any = self.rows @ [1.0, 2.0, 3.0, 4.0]

    def asked(self, name: str) -> Any:
        """What an estimator of a name is called with."""
        if name in LABELS:
            return self.classes
        if name == "MultiLabelBinarizer":
            return [[1, 2]]
        if name in TEXTS:
            return ["a text of it", "another text"]
        if name in MAPPINGS:
            return [{"a": 1}]
        return self.values if name == "IsotonicRegression" else self.rows

    def targets(self) -> list[Any]:
        """What may be learned, one of which each estimator takes."""
        stack = self.numpy.c_
        pairs = [stack[self.classes, 1 - self.classes], stack[self.values, self.values]]
        return [self.classes, self.values, None, *pairs]


def write(folder: str, only: list[str]) -> None:
    """Pickle every estimator that can be fitted, or those that are named."""
    data, made = Data(), {}
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, kind in estimators():
        if only and name not in only:
            continue
        try:
            fitted = fit(name, unfitted(name, kind), data)
            if fitted is None:
                continue
            pickled = pickle.dumps(fitted, 4)
        except Exception as error:
            print("left out:", name, type(error).__name__, error)
            continue
        Path(folder, f"{name}.pkl").write_bytes(pickled)
        made[name] = [m for m in METHODS if answers(fitted, m, data.asked(name))]
    Path(folder, "made.json").write_text(json.dumps(made), "utf-8")


def estimators() -> Any:
    """Names and classes of all estimators."""
    try:
        found = importlib.import_module("sklearn.utils").all_estimators
    except AttributeError:
        found = importlib.import_module("sklearn.utils.testing").all_estimators
    return found()


def unfitted(name: str, kind: Any) -> Any:
    """An estimator as its defaults make it, with others inside where it takes them."""
    linear = importlib.import_module("sklearn.linear_model")
    before = importlib.import_module("sklearn.preprocessing")
    scaler, logistic, ridge = (
        before.StandardScaler,
        linear.LogisticRegression,
        linear.Ridge,
    )
    columns = [("s", scaler(), [0, 1]), ("o", before.OneHotEncoder(handle_unknown="ignore"), [2])]
    search = {"estimator": ridge()}
    given: dict[str, dict[str, Any]] = {
        "GridSearchCV": {**search, "param_grid": {"alpha": [1, 2]}},
        "RandomizedSearchCV": {**search, "param_distributions": {"alpha": [1, 2]}},
        "Pipeline": {"steps": [("s", scaler()), ("m", logistic())]},
        "FeatureUnion": {"transformer_list": [("s", scaler())]},
        "ColumnTransformer": {"transformers": columns},
        "VotingClassifier": {"estimators": [("a", logistic())]},
        "StackingClassifier": {"estimators": [("a", logistic())]},
        "VotingRegressor": {"estimators": [("a", ridge())]},
        "StackingRegressor": {"estimators": [("a", ridge())]},
    }
    for arguments in ((), (logistic(),), (ridge(),)):
        try:
            return kind(*arguments, **given.get(name, {}))
        except TypeError:
            continue
    raise TypeError("nothing makes one")


def fit(name: str, estimator: Any, data: Data) -> Any:
    """A fitted estimator, `None` where nothing that there is can be learned."""
    if name in LABELS or name in TEXTS or name in MAPPINGS:
        return estimator.fit(data.asked(name))
    if name == "MultiLabelBinarizer":
        return estimator.fit([[1, 2], [2]])
    for target in data.targets():
        try:
            return estimator.fit(data.rows) if target is None else estimator.fit(data.rows, target)
        except Exception:  # whatever an estimator says of data that are not its own
            continue
    return estimator.fit(data.values, data.values) if name == "IsotonicRegression" else None


def answers(estimator: Any, method: str, data: Any) -> bool:
    """Whether a method can be called."""
    try:
        getattr(estimator, method)(data)
    except Exception:
        return False
    return True


def read(answers_file: str, folders: list[str]) -> None:
    """Load and call what others pickled; what fails is said with the stage."""
    rename_numpy()
    data, found = Data(), {}
    for folder in map(Path, folders):
        made = json.loads((folder / "made.json").read_text("utf-8"))
        for name, methods in made.items():
            key = f"{folder.parent.name}/{name}"
            found[key] = failure(folder / f"{name}.pkl", methods, data.asked(name))
    Path(answers_file).write_text(json.dumps(found), "utf-8")


def rename_numpy() -> None:
    """Let an old numpy load arrays of a new one: it is scikit-learn that is asked about."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            importlib.import_module("numpy._core")
        except ImportError:
            for part in ("", ".multiarray", ".numeric", ".umath", ".fromnumeric"):
                sys.modules[f"numpy._core{part}"] = importlib.import_module(f"numpy.core{part}")


def failure(path: Path, methods: list[str], data: Any) -> str | None:
    """How loading or calling a model fails."""
    try:
        model = pickle.loads(path.read_bytes())
    except BaseException as error:
        return f"load: {said(error)}"
    for method in methods:
        try:
            getattr(model, method)(data)
        except BaseException as error:
            return f"{method}: {said(error)}"
    return None


def said(error: BaseException) -> str:
    """An error in one line."""
    return f"{type(error).__name__}: {str(error)[:SYMPTOM]}"


def missing(missing_file: str, names_file: str) -> None:
    """Say which names there are not, and how that shows."""
    found = {}
    for name in json.loads(Path(names_file).read_text("utf-8")):
        module, _, path = name.partition(":")
        try:
            thing = importlib.import_module(module)
            for part in path.split("."):
                thing = getattr(thing, part)
        except Exception as error:
            found[name] = said(error)
    Path(missing_file).write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    command, *arguments = sys.argv[1:]
    if command == "write":
        write(arguments[0], arguments[1:])
    elif command == "read":
        read(arguments[0], arguments[1:])
    else:
        missing(arguments[0], arguments[1])
