"""Reads a workspace, fact by fact; what cannot be read is unknown for a reason."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlsplit

from amllint import __version__
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot, written
from amllint.snapshot.facts import Kind, Read, Unread
from amllint.snapshot.live import questions
from amllint.snapshot.live.answers import no_workspace, of_mapping, or_not_answered
from amllint.snapshot.live.azureml_core import QUESTIONS, AzuremlCore
from amllint.snapshot.live.azureml_core_process import NotAnswered
from amllint.snapshot.live.credentials import NoToken
from amllint.snapshot.live.failures import CallFailed, TimeOver
from amllint.snapshot.live.questions import ML, Question, asked
from amllint.snapshot.live.registry import RegistryReader
from amllint.snapshot.live.session import Session
from amllint.snapshot.place_rows import RoleDefinition, Workspace
from amllint.snapshot.shapes import assets, clusters, places, roles
from amllint.snapshot.shapes.items import Misshapen
from amllint.source.names import last_of_id

MOST_OF_EACH: Final = 300
"""Models, environments and endpoints that are asked for one by one; beyond them it takes long."""
_TOLD_EVERY: Final = 25
_MOST_IDENTITIES: Final = 20
_ID: Final = re.compile(r"(?:/[\w.() -]+)+")
_KUBERNETES: Final = (
    "Azure does not tell it: hand `kubectl get nodes,pods,instancetypes -A -o json` over"
    " with --from-files"
)

T = TypeVar("T")


_EACH: Final = (
    (facts.MODELS, facts.MODEL_VERSIONS, "models", "versions"),
    (facts.ENVIRONMENTS, facts.ENVIRONMENT_VERSIONS, "environments", "versions"),
    (facts.ONLINE_ENDPOINTS, facts.ONLINE_DEPLOYMENTS, "onlineEndpoints", "deployments"),
)
"""What is listed, what there are lists of below each of its items, and where."""
_VERSIONED: Final[dict[str, Callable[..., Any]]] = {
    facts.MODEL_VERSIONS.name: assets.model_versions,
    facts.ENVIRONMENT_VERSIONS.name: assets.environment_versions,
    facts.ONLINE_DEPLOYMENTS.name: assets.deployments,
}
"""What turns lists below a name into rows, given the name."""


@dataclass(slots=True)
class WorkspaceReader:
    """What has been read so far. `tell` is told of each fact as it is read.

    What `core` answers is read through it, all else and what it does not from ARM. `repositories`
    are those of which the workspace's registry is asked for the tags.
    """

    session: Session
    subscription: str
    group: str
    workspace: str
    tell: Callable[[str], None] = lambda text: None
    core: AzuremlCore | None = None
    repositories: tuple[str, ...] = ()
    facts: dict[tuple[str, str], Read[Any] | Unread] = field(default_factory=dict)
    _over: str = ""

    def read(self) -> Snapshot:
        """All of it, within the session's time. Raises `NoWorkspace` and `NoToken`."""
        names = questions.names(self.subscription, self.group, self.workspace)
        answer = self._workspace(names)
        found = self.facts[facts.WORKSPACE.name, ""]
        known = found.value if isinstance(found, Read) else None
        for question in questions.OF_WORKSPACE:
            self._put(question, names)
        self._of_v1(answer, names)
        self._of_region(known, names)
        self._of_clusters()
        self._of_registry(known, names)
        self._of_images()
        for listed, kind, path, below in _EACH:
            self._of_each(listed, kind, f"{names['ws']}/{path}", below)
        self._lack(facts.CLUSTER_KINDS, _KUBERNETES)
        return self._snapshot()

    def _snapshot(self) -> Snapshot:
        made_by = f"amllint {__version__}"
        where = (self.subscription, self.group, self.workspace)
        return Snapshot(self._now(), made_by, "azure", *where, facts=self.facts)

    def _now(self) -> str:
        now = datetime.datetime.fromtimestamp(self.session.timing.now(), datetime.timezone.utc)
        return written(now)

    # -- one fact -------------------------------------------------------------------------

    def _ask(
        self,
        kind: Kind[T],
        source: str,
        fetch: Callable[[], Any],
        shape: Callable[[Any], T],
        of: str,
    ) -> None:
        """Read a fact and keep it, as unknown for a reason where it cannot be read."""
        try:
            if self._over:
                raise CallFailed(self._over)
            value = shape(fetch())
        except TimeOver as problem:
            self._over = f"not asked for: the time was over ({problem})"[:300]
            self._keep(kind, of, Unread(str(problem), self._now(), source))
        except (CallFailed, NoToken) as problem:
            self._keep(kind, of, Unread(str(problem), self._now(), source))
        except Misshapen as problem:
            reason = f"the answer is not as expected: {problem}"
            self._keep(kind, of, Unread(reason, self._now(), source))
        else:
            self._keep(kind, of, Read(value, self._now(), source))

    def _through_core(self, kind: Kind[T], shape: Callable[[Any], T]) -> bool:
        """Whether azureml-core has told a fact, or why ARM would not tell it either."""
        core = self.core
        if core is None or self._over or kind.name not in QUESTIONS:
            return False
        try:
            source = core.source(kind)
            self._ask(kind, source, lambda: core.read(kind), or_not_answered(shape), "")
        except NotAnswered as problem:
            self.tell(f"{kind.name}: not through azureml-core: {problem}")
            return False
        return True

    def _list(
        self, kind: Kind[T], url: str, shape: Callable[[Any], T], *keys: str, of: str = ""
    ) -> None:
        self._ask(kind, _source(url), lambda: self.session.pages(url, *keys), shape, of)

    def _put(self, question: Question, names: dict[str, str]) -> None:
        if self._through_core(question.kind, question.shape):
            return
        url = question.url(self.session.cloud.manager, names)
        self._list(question.kind, url, question.shape, *question.keys)

    def _keep(self, kind: Kind[Any], of: str, fact: Read[Any] | Unread) -> None:
        self.facts[kind.name, of] = fact
        shown = f"{kind.name} of {of}" if of else kind.name
        if isinstance(fact, Unread):
            self.tell(f"{shown}: unknown: {fact.reason}")
        elif not kind.of or kind is facts.IMAGE_TAGS:
            self.tell(f"{shown}: {len(fact.value)}" if kind.is_list else f"{shown}: read")

    def _lack(self, kinds: Iterable[Kind[Any]], reason: str) -> None:
        for kind in kinds:
            self._keep(kind, "", Unread(reason, self._now(), ""))

    # -- groups of them -------------------------------------------------------------------

    def _workspace(self, names: dict[str, str]) -> Any:
        """What Azure says of the workspace, so far as it says anything."""
        url = questions.WORKSPACE.url(self.session.cloud.manager, names)
        answer: list[Any] = []

        def fetch() -> Any:
            try:
                answer.append(self.session.get(url))
            except CallFailed as problem:
                if problem.status in (401, 404) or not problem.status:
                    raise no_workspace(self.workspace, problem) from None
                raise
            return answer[0]

        self.session.sign_in()
        self._ask(facts.WORKSPACE, _source(url), fetch, of_mapping(places.workspace), "")
        return answer[0] if answer and isinstance(answer[0], dict) else {}

    def _of_region(self, known: Workspace | None, names: dict[str, str]) -> None:
        if known is None:
            kinds = [question.kind for question in questions.OF_REGION]
            self._lack(kinds, "the region is not known, as the workspace could not be read")
            return
        place = quote(known.location.replace(" ", "").lower(), safe="")
        for question in questions.OF_REGION:
            self._put(question, {**names, "loc": place})

    def _of_v1(self, answer: dict[str, Any], names: dict[str, str]) -> None:
        """Models and services from the workspace's own host, which is where v1 has them."""
        asked_for = [one for one in questions.OF_V1 if not self._through_core(one[0], one[1])]
        kinds = [kind for kind, _, _ in asked_for]
        properties = answer.get("properties")
        url = properties.get("discoveryUrl") if isinstance(properties, dict) else None
        if not isinstance(url, str) or not url:
            self._lack(kinds, "the workspace does not say where its services are")
            return
        try:
            if not asked_for:
                return
            base = self._place_of_v1(url)
        except (CallFailed, KeyError) as problem:
            why = problem if isinstance(problem, CallFailed) else "`modelmanagement` is missing"
            self._lack(kinds, f"where its services are cannot be read: {why}")
            return
        for kind, shape, path in asked_for:
            self._list(kind, f"{base}/modelmanagement/v1.0{names['ws']}/{path}", shape)

    def _place_of_v1(self, url: str) -> str:
        """Where the services of v1 are. Raises `CallFailed` and `KeyError`."""
        if self._over:
            raise CallFailed(self._over)
        found = self.session.get(url, with_token=False)
        base = found["modelmanagement"] if isinstance(found, dict) else None
        return str(base).rstrip("/")

    def _of_clusters(self) -> None:
        found = self.facts[facts.COMPUTES.name, ""]
        attached = found.value if isinstance(found, Read) else ()
        for compute in attached:
            path = compute.resource_id or ""
            if "/managedclusters/" in path.lower() and _ID.fullmatch(path):
                name = last_of_id(path)
                self._one(facts.AKS_CLUSTER, path, questions.AKS, clusters.aks_cluster, name)

    def _of_registry(self, known: Workspace | None, names: dict[str, str]) -> None:
        path = known.container_registry if known is not None else None
        scopes = [names["ws"]]
        if path is None:
            why = "has none yet" if known is not None else "could not be read"
            self._lack([facts.REGISTRY], f"the workspace {why}")
        elif _ID.fullmatch(path):
            self._one(facts.REGISTRY, path, questions.REGISTRIES, places.registry, "")
            scopes.append(path)
        storage = known.storage_account if known is not None else None
        if storage is not None and _ID.fullmatch(storage):
            scopes.append(storage)
        scopes += filter(_ID.fullmatch, sorted(self._identities(known))[:_MOST_IDENTITIES])
        self._of_roles(scopes)

    def _identities(self, known: Workspace | None) -> set[str]:
        """The user-assigned identities that the workspace and its endpoints have."""
        listed = self.facts.get((facts.ONLINE_ENDPOINTS.name, ""))
        endpoints = listed.value if isinstance(listed, Read) else ()
        holders = [*([known] if known is not None else []), *endpoints]
        return {path for holder in holders for path in holder.user_identities}

    def _of_roles(self, scopes: list[str]) -> None:
        """Who has which roles at some scopes, above and below, and what these roles allow."""
        manager = self.session.cloud.manager
        for scope in scopes:
            path = f"{quote(scope)}/providers/Microsoft.Authorization/roleAssignments"
            # Without a filter those below count too: at a container, or at an endpoint.
            url = asked(manager, path, questions.ROLES)
            self._list(facts.ROLE_ASSIGNMENTS, url, roles.role_assignments, of=scope)
        path = f"{quote(scopes[0])}/providers/Microsoft.Authorization/roleDefinitions"
        url = asked(manager, path, questions.ROLES)
        self._list(facts.ROLE_DEFINITIONS, url, self._assigned)

    def _assigned(self, data: Any) -> tuple[RoleDefinition, ...]:
        """The definitions of roles that somebody has. Raises `Misshapen`."""
        return roles.only_assigned(roles.role_definitions(data), self.facts)

    def _of_images(self) -> None:
        """The tags of the repositories that were asked for, from the registry itself."""
        fact = self.facts.get((facts.REGISTRY.name, ""))
        server = fact.value.login_server if isinstance(fact, Read) else None
        reader = RegistryReader(self.session, server or "")
        for name in self.repositories:
            source, fetch = f"GET /acr/v1/{name}/_tags", partial(reader.tags, name)
            self._ask(facts.IMAGE_TAGS, source, fetch, tuple, name)

    def _one(
        self, kind: Kind[T], path: str, version: str, shape: Callable[[Any], T], of: str | None
    ) -> None:
        url = asked(self.session.cloud.manager, quote(path), version)
        self._ask(kind, _source(url), lambda: self.session.get(url), of_mapping(shape), of or "")

    def _of_each(self, listed: Kind[Any], kind: Kind[Any], path: str, below: str) -> None:
        found = self.facts[listed.name, ""]
        every = found.value if isinstance(found, Read) else ()
        for at, item in enumerate(every):
            name = item.name
            if at >= MOST_OF_EACH:
                reason = f"not asked for: there are more than {MOST_OF_EACH} {listed.name}"
                self.facts[kind.name, name] = Unread(reason, self._now(), "")
                continue
            outer = f"{path}/{quote(name, safe='')}/{below}"
            url = asked(self.session.cloud.manager, outer, ML)
            self._list(kind, url, partial(_VERSIONED[kind.name], name=name), of=name)
            if (at + 1) % _TOLD_EVERY == 0 or at + 1 == len(every):
                self.tell(f"{kind.name}: {at + 1} of {len(every)}")


def _source(url: str) -> str:
    return f"GET {urlsplit(url).path}"
