"""Near misses are made of names, and kept where a list of the index's names lacks them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tools.misspelt_names import NAMES, main, near_misses

from tools import misspelt_names


@pytest.mark.parametrize("miss", ["numoy", "nump", "numpyy", "nupmy", "numpys"])
def test_slips_are_near_misses(miss: str) -> None:
    assert miss in set(near_misses("numpy"))


@pytest.mark.parametrize(
    ("name", "miss"), [("scikit-learn", "scikitlearn"), ("azureml-defaults", "azureml-default")]
)
def test_separators_and_plurals_get_lost(name: str, miss: str) -> None:
    assert miss in set(near_misses(name))
    assert name not in set(near_misses(name))


def test_names_that_the_list_has_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(misspelt_names, "TABLE", tmp_path / "table.json")
    there = tmp_path / "names.tsv"
    there.write_text("\n".join([*NAMES, "NumPyy\t1.0\tsquatted", "panda"]), "utf-8")
    assert main([str(there), "2026-11-26"]) == 0
    table = json.loads((tmp_path / "table.json").read_text("utf-8"))
    assert table["date"] == "2026-11-26"
    assert "numpyy" not in table["names"]["numpy"]
    assert "numoy" in table["names"]["numpy"]
    assert not {m for misses in table["names"].values() for m in misses} & set(NAMES)


def test_a_list_that_lacks_what_exists_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(misspelt_names, "TABLE", tmp_path / "table.json")
    there = tmp_path / "names.tsv"
    there.write_text("\n".join(NAMES[1:]), "utf-8")
    assert main([str(there), "2026-11-26"]) == 1
    assert not (tmp_path / "table.json").exists()
