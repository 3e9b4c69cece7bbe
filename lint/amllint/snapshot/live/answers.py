"""What becomes of answers that are not as expected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from amllint.snapshot.live.azureml_core_process import NotAnswered
from amllint.snapshot.live.failures import CallFailed
from amllint.snapshot.shapes.items import Misshapen

T = TypeVar("T")


class NoWorkspace(Exception):
    """There is nothing to read; the message says why, `is_missing` that there is none such."""

    def __init__(self, message: str, is_missing: bool = False) -> None:
        super().__init__(message)
        self.is_missing = is_missing


def no_workspace(name: str, problem: CallFailed) -> NoWorkspace:
    """Why a workspace cannot be read."""
    if problem.status == 404:
        return NoWorkspace(f"there is no workspace {name} to be seen there: {problem}", True)
    if problem.status == 401:
        return NoWorkspace(f"Azure does not accept the token: {problem}")
    return NoWorkspace(f"the workspace cannot be read: {problem}")


def or_not_answered(shape: Callable[[Any], T]) -> Callable[[Any], T]:
    """A shape of what azureml-core says, which raises `NotAnswered` where that has another."""

    def shaped(data: Any) -> T:
        try:
            return shape(data)
        except Misshapen as problem:
            raise NotAnswered(f"its answer is not as expected: {problem}") from None

    return shaped


def of_mapping(shape: Callable[[Any], T]) -> Callable[[Any], T]:
    """A shape of a mapping, which raises `Misshapen` for what is none."""

    def shaped(data: Any) -> T:
        if not isinstance(data, dict):
            raise Misshapen("it is no mapping")
        return shape(data)

    return shaped
