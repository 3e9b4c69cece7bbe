"""The image that a Dockerfile builds on."""

from __future__ import annotations

import pytest

from amllint.source.dockerfile import base_image, is_dockerfile


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("FROM ubuntu:18.04", ("ubuntu:18.04", 1)),
        ("# syntax=docker/dockerfile:1\n\nfrom a/b:1 as x\nRUN true\n", ("a/b:1", 3)),
        ("FROM --platform=linux/amd64 \\\n  a:1\n", ("a:1", 1)),
        # The last stage counts, and where it comes from.
        ("FROM a:1 AS build\nRUN make\nFROM b:2\nCOPY --from=build /x /x\n", ("b:2", 3)),
        ("FROM a:1 AS base\nRUN x\nFROM Base\nRUN y\n", ("a:1", 1)),
        ("FROM a:1\nFROM $LATER\n", None),
        # Arguments count with their defaults, and only those ahead of the first stage.
        ("ARG TAG=1\nARG NAME=a\nFROM ${NAME}:${TAG}\n", ("a:1", 3)),
        ('ARG IMAGE="a:1"\nFROM $IMAGE\n', ("a:1", 2)),
        ("FROM a:${TAG:-7}\n", ("a:7", 1)),
        ("ARG TAG\nFROM a:$TAG\n", None),
        ("FROM scratch\n", None),
        ("FROM\n", None),
        ("RUN echo FROM here\n", None),
        ("", None),
    ],
)
def test_the_last_stage_goes_back_to_an_image(text: str, wanted: tuple[str, int] | None) -> None:
    assert base_image(text) == wanted


def test_many_stages_take_no_time() -> None:
    text = "".join(f"FROM s{n} AS s{n + 1}\n" for n in range(20_000))
    assert base_image(text) is not None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("FROM a:1", True), ("from a", True), ("x\ny", True), ("./Dockerfile", False), ("", False)],
)
def test_a_text_is_told_from_a_path(text: str, wanted: bool) -> None:
    assert is_dockerfile(text) is wanted
