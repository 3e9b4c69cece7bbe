"""The figures of the guides and of what people reported, by our formulas."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from amllint.artifacts import vm_sizes as by_name
from amllint.capacity import vm_sizes
from amllint.capacity.aks_nodes import (
    allocatable,
    parsed_version,
    reserved_cpu_millicores,
    reserved_memory_mib,
)
from amllint.capacity.overheads import ACI_SIDE_CONTAINERS, with_side_containers
from amllint.capacity.quota import cluster_cores, free_cores, managed_cores, reserved_instances
from amllint.capacity.replicas import (
    busy_replicas,
    replicas_needed,
    requests_carried,
    utilization,
)
from amllint.capacity.resources import GIB, resources
from amllint.capacity.vm_sizes import closest_size, family_key, find_managed_size, find_size

# -- replicas ---------------------------------------------------------------------------------


def test_twenty_requests_per_second_of_ten_seconds_take_286_replicas() -> None:
    busy = busy_replicas(20, 10)
    assert busy == 200
    assert replicas_needed(busy, 0.7) == 286
    assert utilization(busy, 286) == pytest.approx(0.6993, abs=1e-4)
    assert requests_carried(286, 10) == pytest.approx(20.02)
    assert requests_carried(285, 10) < 20
    assert requests_carried(286, 10, target_utilization=1) == pytest.approx(28.6)


@pytest.mark.parametrize("at_once", [1, 2, 7])
@pytest.mark.parametrize("target", [0.1, 0.5, 0.7, 1.0])
def test_the_formula_holds_both_ways(at_once: int, target: float) -> None:
    for rate in (0.1, 1, 3, 20, 250):
        needed = replicas_needed(busy_replicas(rate, 0.3, at_once), target)
        assert requests_carried(needed, 0.3, at_once, target) >= rate - 1e-9
        assert requests_carried(needed - 1, 0.3, at_once, target) < rate


# -- nodes ------------------------------------------------------------------------------------

RESERVED = {1: 60, 2: 100, 4: 140, 8: 180, 16: 260, 32: 420, 64: 740}


@pytest.mark.parametrize("cores", RESERVED)
def test_cpu_is_reserved_as_the_table_of_aks_says(cores: int) -> None:
    assert reserved_cpu_millicores(cores) == RESERVED[cores]


def test_memory_is_reserved_by_pods_from_1_29_on() -> None:
    assert reserved_memory_mib(8, (1, 29), 30) == 650 + 100
    assert allocatable(2, 8, 0, (1, 29), 30).memory_gib == pytest.approx(7.25, abs=0.02)
    # A quarter at most: of 4 GiB, not 70 × 20 + 50.
    assert reserved_memory_mib(4, (1, 30), 70) == 1024 + 100


def test_memory_is_reserved_by_brackets_before() -> None:
    assert reserved_memory_mib(8, (1, 28)) == 1843 + 750
    assert 8192 - 2593 == 5599
    assert reserved_memory_mib(7, (1, 20)) / 1024 == pytest.approx(2.33, abs=0.01)


REPORTED = {7: (7116264, 4670952), 8: (8129880, 5474648)}
"""Capacity and allocatable memory, KiB, as nodes of so many GiB told it to kubectl."""


@pytest.mark.parametrize("gib", REPORTED)
def test_nodes_reserved_what_the_brackets_say_of_their_nominal_memory(gib: int) -> None:
    capacity, allocatable_kib = REPORTED[gib]
    assert reserved_memory_mib(gib, (1, 28)) == (capacity - allocatable_kib) / 1024
    nominal = allocatable(2, gib, version=(1, 28)).memory_bytes
    assert 0 < nominal - allocatable_kib * 1024 < 0.04 * gib * GIB


@pytest.mark.parametrize(
    ("version", "max_pods", "gib"),
    [((1, 28), None, 10.9), ((1, 29), 30, 13.2), ((1, 29), 110, 11.7), (None, None, 13.2)],
)
def test_a_node_of_d3_v2_by_version(
    version: tuple[int, int] | None, max_pods: int | None, gib: float
) -> None:
    found = allocatable(4, 14, 0, version, max_pods)
    assert found.cpu_millicores == 3860
    assert found.memory_gib == pytest.approx(gib, abs=0.1)


def test_an_unknown_version_leaves_the_most_that_any_leaves() -> None:
    for cores, gib in ((1, 1), (2, 4), (2, 8), (64, 432)):
        either = [allocatable(cores, gib, 0, v, 250) for v in ((1, 25), (1, 31))]
        assert allocatable(cores, gib, 0, None, 250) in either
        assert allocatable(cores, gib, 0, None, 250).memory_bytes == max(e[1] for e in either)


VERSIONS = {"1.28": (1, 28), "v1.9.3": (1, 9), "1.30.2-x": (1, 30), "1": None, "a.b": None}


@pytest.mark.parametrize("text", VERSIONS)
def test_a_version_is_read(text: str) -> None:
    assert parsed_version(text) == VERSIONS[text]


def test_side_containers_are_added() -> None:
    one = with_side_containers(resources(1, 2))
    assert (one.cores, one.memory_gib) == (1.1, pytest.approx(2.6))
    two = with_side_containers(resources(2, 2), ACI_SIDE_CONTAINERS)
    assert (two.cores, two.memory_gib) == (2.2, 3.0)


def test_decimals_are_not_rounded_up_for_what_binary_makes_of_them() -> None:
    assert resources(0.1 + 0.2, 0.1).cpu_millicores == 300
    assert resources(0.0001, 0) == (1, 0, 0)


# -- quota ------------------------------------------------------------------------------------

REPORTED_CORES = {"Standard_DS3_v2": 8, "Standard_F4s_v2": 8, "Standard_F16s_v2": 32}
"""What "Additional needed" said where one instance was deployed."""


@pytest.mark.parametrize("name", REPORTED_CORES)
def test_one_instance_takes_the_cores_of_two(name: str) -> None:
    size = find_managed_size(name)
    assert size is not None
    assert managed_cores(size, 1) == REPORTED_CORES[name]


def test_ten_of_ds3_v2_take_48_cores() -> None:
    size = find_managed_size("STANDARD_DS3_V2")
    assert size is not None
    assert managed_cores(size, 10) == 48


def test_nothing_is_reserved_of_exempt_sizes() -> None:
    exempt = [s for s in vm_sizes._managed().values() if s.is_exempt]
    assert len(exempt) == 10
    assert {managed_cores(size, 3) for size in exempt} == {3 * size.vcpus for size in exempt}


def test_the_reserve_is_rounded_up_in_whole_machines() -> None:
    assert [reserved_instances(n) for n in (0, 1, 2, 3, 5, 10)] == [0, 2, 3, 4, 6, 12]
    assert all(reserved_instances(n) == (6 * n + 4) // 5 for n in range(200))


def test_a_cluster_takes_the_cores_of_its_nodes() -> None:
    size = find_size("standard_d3_v2")
    assert size is not None
    assert cluster_cores(size, 3) == 12


def test_the_smaller_of_two_quotas_counts_and_families_are_compared_without_spaces() -> None:
    free = {"Standard NCASv3_T4 Family": 4}
    assert free_cores("standardNCASv3_T4Family", free, 10) == (4, "Standard NCASv3_T4 Family")
    assert free_cores("standard NCASv3_T4 Family", free, 3) == (3, "the region")
    assert free_cores("standardDv3Family", free, None) is None


# -- sizes ------------------------------------------------------------------------------------


def test_the_table_is_of_a_day_and_names_its_source() -> None:
    whole = vm_sizes.table()
    assert set(whole) == {"title", "source", "date", "sizes", "managed"}
    assert len(whole["sizes"]) > 900
    assert len(whole["managed"]) == 85
    for row in (*whole["sizes"].values(), *whole["managed"].values()):
        assert set(row) <= {"family", "vcpus", "gib", "gpus", "exempt", "source", "date"}
        assert row["vcpus"] >= 1
        assert row["gib"] > 0


def test_both_lists_agree_on_what_a_machine_has() -> None:
    for name, managed in vm_sizes._managed().items():
        size = find_size(name)
        if size is not None:
            assert managed.name == size.name
            assert managed[2:5] == size[2:5]


def test_what_names_say_agrees_with_the_table() -> None:
    for size in vm_sizes._sizes().values():
        told = by_name.cores(size.name)
        if told is not None and not re.search(r"(?i)-|[a-z]+\d+i?[a-z]*_[a-z0-9]+_v\d", size.name):
            assert told == size.vcpus, size.name
        if by_name.has_gpu(size.name) is False:
            assert size.gpus == 0, size.name


def test_a_misspelt_size_resembles_the_one_that_is_meant() -> None:
    assert closest_size("Standard_DS3v2") == "Standard_DS3_v2"
    assert closest_size("DS3_v2", managed=True) == "Standard_DS3_v2"
    assert closest_size("defaultinstancetype") is None
    assert find_size("Standard_NC6") is None


def test_families_of_one_name_in_several_spellings_are_one() -> None:
    spellings = ("standardDv3Family", "Standard Dv3 Family", "STANDARDDV3FAMILY")
    assert len({family_key(s) for s in spellings}) == 1


def test_the_recorded_cases_say_where_they_are_from() -> None:
    file = Path(__file__).resolve().parent / "scheduler_verdicts.json"
    whole = json.loads(file.read_text("utf-8"))
    assert whole["source"].startswith("kube-scheduler 1.20.2")
    assert len(whole["cases"]) == 120
