"""Calls of azureml-core: which class or method is called, and which argument is for what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from amllint.analysis.facts import ScriptFacts
from amllint.analysis.sdk import Sdk, Signature, sdk
from amllint.analysis.values_of import Values
from amllint.source.python import syntax as s
from amllint.source.text import Span

_DEPLOY: Final = "Model.deploy"


class Given(NamedTuple):
    """One argument: the parameter it is for, its value, and the place that names it.

    `parameter` is a keyword that the signature lacks for those that are not known.
    """

    parameter: str
    value: s.Expr
    key: Span


class SdkCall(NamedTuple):
    """A call of a class or a method of azureml-core.

    `name` is `Class` or `Class.method`. `given` are arguments by parameter, `unknown` keywords
    that azureml-core does not take, `dropped` those that it takes and does nothing with, `surplus`
    the first argument too many. `rest` is the place of a `*` or `**` whose content is not known:
    what is not given may be in there.
    """

    name: str
    call: s.Call
    signature: Signature
    given: dict[str, Given]
    unknown: tuple[Given, ...]
    surplus: Span | None
    rest: Span | None
    dropped: tuple[Given, ...] = ()

    @property
    def owner(self) -> str:
        """The class."""
        return self.name.partition(".")[0]

    @property
    def missing(self) -> tuple[str, ...]:
        """Required parameters that are certainly not given."""
        if self.rest is not None:
            return ()
        return tuple(p for p in self.signature.required if p not in self.given)

    def value(self, parameter: str) -> s.Expr | None:
        """What is given for a parameter."""
        found = self.given.get(parameter)
        return found.value if found else None


class SdkCalls:
    """Finds the calls of azureml-core in one script, or in all cells of a notebook."""

    def __init__(self, facts: ScriptFacts, values: Values) -> None:
        self._facts = facts
        self._values = values
        self._sdk: Sdk = sdk()
        self._known: dict[int, SdkCall | None] = {}
        self._starred = any(m.startswith("azureml") for m in facts.names.stars)

    def all(self) -> Iterator[SdkCall]:
        """Every call, in the order in which they stand."""
        for node in sorted(self._facts.of_kind(s.Call), key=lambda n: n.span):
            found = self.of(node)
            if found is not None:
                yield found

    def of(self, node: s.Expr | None) -> SdkCall | None:
        """A call as one of azureml-core's, `None` where it is none or not known to be."""
        if not isinstance(node, s.Call):
            return None
        if id(node) not in self._known:
            self._known[id(node)] = None
            name = self.name(node)
            on_class = isinstance(node.function, s.Attribute) and self.class_name(
                node.function.value
            )
            find = self._sdk.find if on_class or "." not in name else self._sdk.on_object
            signature = find(name)
            if signature is not None:
                self._known[id(node)] = self._bound(name, node, signature)
        return self._known[id(node)]

    def name(self, node: s.Call) -> str:
        """`Class` or `Class.method` for what is called, `""` where that is none of the SDK's."""
        function = node.function
        direct = self.class_name(function)
        if direct:
            return direct
        if not isinstance(function, s.Attribute):
            return ""
        owner = self.class_name(function.value)
        if owner:
            return self._method(owner, function.attr)
        made = self._values.source(function.value)
        if not isinstance(made, s.Call) or made is node:
            return ""
        name = self.name(made)
        signature = self._sdk.find(name)
        if signature is None:
            return ""
        service = self._deployed(made) if name == _DEPLOY else ""
        return self._method(service or signature.returns, function.attr)

    def _deployed(self, node: s.Call) -> str:
        """The class of the service that `Model.deploy` gives, by its configuration."""
        call = self.of(node)
        config = self._values.source(call.value("deployment_config")) if call else None
        name = self.name(config) if isinstance(config, s.Call) else ""
        owner, _, method = name.partition(".")
        return owner if method == "deploy_configuration" else ""

    def class_name(self, node: s.Expr) -> str:
        """The class of azureml-core that an expression names, `""` where it names none."""
        qualified = self._facts.names.qualify(node)
        if qualified is None:
            return ""
        last = qualified.rpartition(".")[2]
        if last not in self._sdk.classes:
            return ""
        if qualified.startswith("azureml."):
            return last
        bound = self._facts.variables.module.bound
        plain = qualified == last and last not in self._facts.functions and last not in bound
        return last if plain and self._starred else ""

    def _method(self, owner: str, attribute: str) -> str:
        """A method of a class; whichever service it is, where only `Webservice` is known."""
        return f"{owner}.{attribute}" if owner in self._sdk.classes else ""

    # -- arguments ----------------------------------------------------------------------

    def _bound(self, name: str, node: s.Call, signature: Signature) -> SdkCall:
        given: dict[str, Given] = {}
        unknown: list[Given] = []
        dropped: list[Given] = []
        surplus = rest = None
        place = 0
        for argument in node.arguments:
            if argument.star:
                spread = self._spread(argument)
                if spread is None:
                    rest = argument.span
                    continue
                items: Iterable[Given] = spread
            elif argument.keyword is None:
                if rest is not None or place >= len(signature.parameters):
                    surplus = surplus or (None if rest else argument.span)
                    continue
                items = [Given(signature.parameters[place], argument.value, argument.span)]
                place += 1
            else:
                items = [Given(argument.keyword, argument.value, _keyword(argument))]
            for item in items:
                if item.parameter in (*signature.parameters, *signature.read):
                    given[item.parameter] = item
                elif not signature.open:
                    (dropped if signature.drops else unknown).append(item)
        return SdkCall(name, node, signature, given, tuple(unknown), surplus, rest, tuple(dropped))

    def _spread(self, argument: s.Argument) -> list[Given] | None:
        """The arguments in `**{…}` where the dictionary can be read, else `None`."""
        written = self._values.dictionary(argument.value) if argument.star == "**" else None
        if written is None:
            return None
        return [Given(name, value, key.span) for name, key, value in written]


def _keyword(argument: s.Argument) -> Span:
    """The place of a keyword."""
    start = argument.span.start
    return Span(start, start + len(argument.keyword or ""))
