"""Asking the fake Azure: by the command, and by a session alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from amllint.snapshot.document import Snapshot
from amllint.snapshot.live.clouds import Cloud
from amllint.snapshot.live.credentials import Tokens
from amllint.snapshot.live.session import Session, Timing
from amllint.snapshot.reading import parse
from amllint.source.text import SourceText
from tests.cli.commands import Commands, Done

from .fake_azure import GROUP, NAME, SUB, TOKEN, FakeAzure

NAMES = ("--subscription", SUB, "--resource-group", GROUP, "--workspace", NAME)


def ask(amllint: Commands, azure: FakeAzure, *options: str) -> Done:
    """Run `amllint snapshot` against the server."""
    return amllint("snapshot", *NAMES, "--resource-manager", azure.url, *options)


def snapshot_of(done: Done) -> Snapshot:
    """The snapshot on standard output."""
    return parse(SourceText("out.json", done.out))


def facts_of(done: Done) -> dict[str, Any]:
    """The facts on standard output, by kind and what they are of."""
    rows = json.loads(done.out)["facts"]
    return {f"{r['fact']} {r.get('of', '')}".strip(): r for r in rows}


@dataclass
class Token:
    """A token as azure-identity gives it."""

    token: str
    expires_on: float


class Signed:
    """A credential that counts how often it is asked."""

    def __init__(self, lasts: float = 3600.0) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.lasts = lasts

    def get_token(self, *scopes: str) -> Token:
        self.asked.append(scopes)
        return Token(f"{TOKEN}{len(self.asked)}", 1000.0 + self.lasts)


def session(
    azure: FakeAzure, call: float = 30.0, total: float = 300.0
) -> tuple[Session, list[float], list[str]]:
    """A session whose waits take no time: they are listed, as is what it notes."""
    waits: list[float] = []
    notes: list[str] = []
    cloud = Cloud(azure.url, "https://login.example.org", ("azureml.test",))
    tokens = Tokens(Signed(), cloud.scope, lambda: 1000.0)
    timing = Timing(call, total, sleep=waits.append)
    return Session(cloud, tokens, timing, notes.append), waits, notes
