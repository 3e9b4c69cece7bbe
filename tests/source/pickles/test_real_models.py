"""Models that scikit-learn 0.22.2, 1.0.2 and 1.5.2 wrote, by pickle and by joblib.

All are `make_pipeline(StandardScaler(), DecisionTreeClassifier(max_depth=2))`, fitted to ten rows
with text as classes: arrays of numbers, of records and of objects.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.source.pickles.scan import scan_data, scan_file

FOLDER = Path(__file__).parent / "models"
MODELS = sorted(path.name for path in FOLDER.iterdir())
WRITTEN = {"0.22": "0.22.2.post1", "1.0": "1.0.2", "1.5": "1.5.2"}
NEEDED = {
    "sklearn.pipeline.Pipeline",
    "sklearn.preprocessing._data.StandardScaler",
    "sklearn.tree._classes.DecisionTreeClassifier",
    "sklearn.tree._tree.Tree",
}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_read_to_its_end(name: str) -> None:
    found = scan_file(str(FOLDER / name))
    assert found.complete
    assert found.version_of("sklearn") == WRITTEN[name[len("tree-") :][:4].rstrip(".")]
    assert {reference.dotted for reference in found.references} >= NEEDED


@pytest.mark.parametrize("name", MODELS)
def test_a_model_that_was_cut_is_not_known_whole(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    for share in (0.1, 0.5, 0.9):
        assert not scan_data(data[: int(len(data) * share)]).complete


def test_there_are_models_of_three_versions_and_every_compression() -> None:
    assert {name[len("tree-") :][:4].rstrip(".") for name in MODELS} == set(WRITTEN)
    assert len(MODELS) == 11


def test_numpy_2_is_seen_by_its_modules() -> None:
    old, new = (scan_file(str(FOLDER / f"tree-{v}.pkl")) for v in ("1.0", "1.5"))
    assert not any(r.module.startswith("numpy._core") for r in old.references)
    assert any(r.module.startswith("numpy._core") for r in new.references)
