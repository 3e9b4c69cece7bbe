"""Reads facts through azureml-core, where it is installed.

It runs in a process of its own that has neither a network nor a token. What it sends, the session
asks for it: to the hosts of the cloud alone, with the limits and repeats of any other call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from amllint.snapshot import facts
from amllint.snapshot.facts import Kind
from amllint.snapshot.live.azureml_core_process import (
    DISTRIBUTION,
    CoreProcess,
    Installation,
    NotAnswered,
    installed,
)
from amllint.snapshot.live.completing import Item, completed
from amllint.snapshot.live.credentials import NoToken
from amllint.snapshot.live.failures import CallFailed, TimeOver
from amllint.snapshot.live.paging import Pages
from amllint.snapshot.live.session import Session

_PUBLIC: Final = "https://management.azure.com"
"""Where azureml-core believes Resource Manager to be, whichever cloud it is."""
_START_SECONDS: Final = 60.0
_OF_ITS_VERSION: Final = frozenset({400, 404, 405, 410})
"""What may be meant for the version of the API that azureml-core asks for: it is from 2020."""


class CoreQuestion(NamedTuple):
    """A call of azureml-core.

    `ends` is the end of the paths that it lists; `is_elsewhere`, that ARM has the same at another
    place. `key` are names by which its items are told from each other, empty where it leaves
    nothing out; `whole` is the name of a value that an item lacks, if it does.
    """

    call: str
    ends: str
    key: tuple[str, ...] = ()
    whole: Callable[[Item], str] = lambda item: ""
    is_elsewhere: bool = False


def _whole_size(item: Item) -> str:
    needed = ("family", "supportedComputeTypes")
    return next((name for name in needed if item.get(name) is None), "")


def _whole_compute(item: Item) -> str:
    outer = item.get("properties")
    if not isinstance(outer, dict) or outer.get("computeType") != "Kubernetes":
        return ""
    inner = outer.get("properties")
    told = isinstance(inner, dict) and inner.get("instanceTypes") is not None
    return "" if told else "instanceTypes"


QUESTIONS: Final = {
    facts.VM_SIZES.name: CoreQuestion(
        "AmlCompute.supported_vmsizes", "/vmSizes", ("name",), _whole_size
    ),
    facts.ML_USAGES.name: CoreQuestion("AmlCompute.list_usages", "/usages"),
    facts.ML_QUOTAS.name: CoreQuestion("AmlCompute.list_quotas", "/quotas"),
    facts.COMPUTES.name: CoreQuestion(
        "ComputeTarget.list", "/computes", ("name",), _whole_compute, is_elsewhere=True
    ),
    facts.V1_MODELS.name: CoreQuestion("Model.list", "/models", ("name", "version")),
    facts.SERVICES.name: CoreQuestion("Webservice.list", "/services", ("name",)),
}
"""What azureml-core answers, by the kind of fact."""


class AzuremlCore:
    """azureml-core, asked one question at a time. Ended for good once it does not answer."""

    def __init__(
        self, session: Session, found: Installation, where: tuple[str, str, str], loud: bool
    ) -> None:
        self._session = session
        self._version = ""
        self._over = ""
        note = session.note_safely if loud else lambda line: None
        self._process = CoreProcess(found, note)
        subscription, group, workspace = where
        head = {"subscription": subscription, "group": group, "workspace": workspace}
        self._process.say({**head, "path": list(found.path)})

    def source(self, kind: Kind[Any]) -> str:
        """What is asked for a kind of fact. Raises `NotAnswered`."""
        if not self._version:
            self._version = str(self._hear(_START_SECONDS).get("ready"))
        return f"{DISTRIBUTION} {self._version}: {QUESTIONS[kind.name].call}"

    def read(self, kind: Kind[Any]) -> list[Item]:
        """The items of a fact, in the form of the API.

        Raises `NotAnswered` where ARM is to be asked; `CallFailed`, `TimeOver` and `NoToken` where
        ARM would not answer either.
        """
        question = QUESTIONS[kind.name]
        relay = _Relay(self._session, question)
        self._process.say({"question": question.call})
        while True:
            heard = self._hear(self._session.timing.call)
            if "get" in heard:
                self._process.say(relay.answer(str(heard["get"]), heard.get("with_token") is True))
            elif "value" in heard:
                return relay.items(heard["value"])
            else:
                raise relay.failure or NotAnswered(str(heard.get("failed"))[:80])

    def close(self) -> None:
        """End it."""
        self._process.end()

    def _hear(self, seconds: float) -> dict[str, Any]:
        if self._over:
            raise NotAnswered(self._over)
        try:
            return self._process.hear(min(seconds, self._session.left))
        except NotAnswered as problem:
            self._over = str(problem)
            self._process.end()
            raise


def beside(session: Session, where: tuple[str, str, str], loud: bool) -> AzuremlCore | None:
    """azureml-core of the Python that runs this, started; none where it has none."""
    found = installed()
    try:
        return AzuremlCore(session, found, where, loud) if found is not None else None
    except OSError as problem:
        session.note_safely(f"azureml-core does not start: {problem.strerror}")
        return None


@dataclass(slots=True)
class _Relay:
    """Asks what azureml-core asks, and keeps the items that it is given."""

    session: Session
    question: CoreQuestion
    failure: Exception | None = None
    _answered: list[Any] = field(default_factory=list)
    _pages: Pages | None = None
    _next: str = ""

    def answer(self, url: str, with_token: bool) -> dict[str, Any]:
        """What to tell azureml-core of a URL."""
        if url.startswith(f"{_PUBLIC}/"):
            url = self.session.cloud.manager + url.removeprefix(_PUBLIC)
        listed = url == self._next or urlsplit(url).path.endswith(self.question.ends)
        try:
            body = self.session.get(url, with_token=with_token)
            return {"body": self._page(url, body) if listed else body}
        except (CallFailed, NoToken) as problem:
            self.failure = self._judged(problem, listed, url)
            return {"refused": True}

    def _page(self, url: str, body: Any) -> Any:
        """A page of the list, without what azureml-core stumbles over: a next page of null."""
        if not isinstance(body, dict):
            raise CallFailed("the answer is no list of items")
        self._pages = self._pages or Pages(url)
        self._next = self._pages.next_of(body)
        found = next((body[key] for key in ("amlCompute", "value") if key in body), ())
        self._answered.extend(found if isinstance(found, list) else ())
        return body if self._next else {k: v for k, v in body.items() if k != "nextLink"}

    def _judged(self, problem: CallFailed | NoToken, listed: bool, url: str) -> Exception:
        """Why there is no answer: what is not ARM's own reason is one to ask ARM itself."""
        if isinstance(problem, (TimeOver, NoToken)):
            return problem
        if listed and not self.question.is_elsewhere and problem.status not in _OF_ITS_VERSION:
            return problem
        return NotAnswered(f"{urlsplit(url).path}: {problem}")

    def items(self, told: Any) -> list[Item]:
        """What azureml-core tells, completed. Raises `NotAnswered` where it is not whole."""
        if not isinstance(told, list) or not all(isinstance(i, dict) for i in told):
            raise NotAnswered("what it says is no list of items")
        if self._next:
            raise NotAnswered("it did not read all pages")
        given = [item for item in self._answered if isinstance(item, dict)]
        found = completed(told, given, self.question.key) if self.question.key else told
        lacking = next(filter(None, map(self.question.whole, found)), "")
        if lacking:
            raise NotAnswered(f"its answer lacks `{lacking}`")
        if len(found) != len(given):
            raise NotAnswered(f"it tells {len(found)} of {len(given)}")
        return found
