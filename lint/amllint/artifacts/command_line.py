"""Commands that deploy as they stand in scripts, pipelines and notebooks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from amllint.artifacts.command_options import FLAGS
from amllint.artifacts.commands import MODEL_DEPLOY, Command
from amllint.artifacts.deployment_config import DeploymentConfig, LocalDeployment
from amllint.artifacts.fields import Absent, Field, Known, Unknown
from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Location
from amllint.source.run_texts import RunText
from amllint.source.shell import Call, Word
from amllint.source.text import Span

_LATER = "a variable of the command line"
_COMING = "a file that may be made before the command is run"


class Option(NamedTuple):
    """An option as it is written, the span of its name, and its values."""

    name: str
    key: Span
    values: tuple[Word, ...]


@dataclass(frozen=True)
class CommandLine:
    """A call of a command that deploys; `variables` are those whose value is known.

    `coming` are arguments whose file is not there, and may be when the command is run.
    """

    run: RunText
    call: Call
    variables: dict[str, str]
    command: Command = MODEL_DEPLOY
    coming: frozenset[str] = frozenset()

    @property
    def path(self) -> str:
        """The path of the text that it stands in."""
        return self.run.source.path

    @property
    def place(self) -> Location:
        """Where its name stands."""
        start = self.call.span.start
        return self.at(Span(start, start + len("az ml " + self.command.name)))

    def at(self, span: Span) -> Location:
        """Where a span of the text that is run stands."""
        return Location(self.path, self.run.place(span))

    @cached_property
    def _read(self) -> tuple[dict[str, list[Option]], bool]:
        """The options by the argument that they give, and whether others may be among them."""
        found: dict[str, list[Option]] = {}
        last: Option | None = None
        argument: str | None = None
        is_open = False
        for word in self.call.words:
            name, value = _split(word)
            if name is not None:
                argument = self.command.argument_of(name)
                last = None if name in FLAGS else Option(name, word.span, value)
                if last is not None and argument is not None:
                    found.setdefault(argument, []).append(last)
            elif last is not None:
                last = last._replace(values=(*last.values, word))
                if argument is not None:
                    found[argument][-1] = last
                last = last if argument in ("model", "tag", "property") else None
            else:
                is_open = True
        return found, is_open

    @property
    def is_open(self) -> bool:
        """Whether variables may hold further options."""
        return self._read[1]

    def options(self, argument: str) -> list[Option]:
        """The options that give an argument; the last one counts."""
        return self._read[0].get(argument, [])

    @property
    def arguments(self) -> list[str]:
        """The arguments that are given."""
        return list(self._read[0])

    def word(self, argument: str) -> Word | None:
        """The word that gives an argument."""
        given = self.options(argument)
        return given[-1].values[0] if given and given[-1].values else None

    def field(self, argument: str) -> Field[Any]:
        """The text of an argument."""
        given = self.options(argument)
        if not given:
            place = self.place
            return (
                Unknown("it may be among the variables", place) if self.is_open else Absent(place)
            )
        option = given[-1]
        if argument in self.coming:
            return Unknown(_COMING, self.at(option.key))
        return self._field(option, option.values[0] if option.values else None)

    def given(self, argument: str) -> Iterator[tuple[Option, Field[Any]]]:
        """Every option that gives an argument, for those that may be repeated."""
        for option in self.options(argument):
            yield option, self._field(option, option.values[0] if option.values else None)

    def _field(self, option: Option, word: Word | None) -> Field[Any]:
        key = self.at(option.key)
        text = word.text(self.variables) if word is not None else None
        if word is None or text is None:
            return Unknown(_LATER, self.at(word.span) if word else key)
        return Known(text, self.at(word.span), key)

    @property
    def models(self) -> tuple[Field[Any], ...] | None:
        """The registered names of the models, `None` where a file or a variable gives them."""
        if self.options("model_metadata_file") or self.is_open:
            return None
        given = [(o, w) for o in self.options("model") for w in o.values]
        return tuple(self._model(option, word) for option, word in given)

    def _model(self, option: Option, word: Word) -> Field[Any]:
        """The name before the colon; the version may be a variable."""
        name = ""
        for part in word.parts:
            text = part if isinstance(part, str) else self.variables.get(part.name)
            if text is None:
                return Unknown(_LATER, self.at(word.span))
            name += text
            if ":" in name:
                break
        return Known(name.partition(":")[0], self.at(word.span), self.at(option.key))


@dataclass(frozen=True, slots=True)
class DeployCommand:
    """A command line with the configurations that it amounts to.

    Options override the fields of the files. `covers` are the artifacts of the files that the
    configurations stand for.
    """

    line: CommandLine
    inference_config: InferenceConfig | None = None
    deployment_config: DeploymentConfig | None = None
    covers: tuple[Any, ...] = ()

    @property
    def path(self) -> str:
        """The path of the text that it stands in."""
        return self.line.path

    @property
    def name(self) -> Field[Any]:
        """The name of the service; that of a local one does not matter."""
        local = isinstance(self.deployment_config, LocalDeployment)
        return Absent(self.line.place) if local else self.line.field("name")


def _split(word: Word) -> tuple[str | None, tuple[Word, ...]]:
    """The name of an option, with the value that is written behind `=`."""
    first = word.parts[0] if word.parts else ""
    if not isinstance(first, str) or not first.startswith("-") or len(first) < 2:
        return None, ()
    if first[1].isdigit():
        return None, ()
    name, equals, rest = first.partition("=")
    if not equals:
        return ("" if len(word.parts) > 1 else name), ()
    start = word.span.start + len(name) + 1
    parts = ((rest,) if rest else ()) + word.parts[1:]
    return name, (Word(Span(start, word.span.end), parts),)
