"""Scoring scripts of the kinds that people write, for the comparison with the real inference
server.

    python -m tests.oracle.scoring_scripts FOLDER [--each | --count 300 --seed 1] [--corpus DIR]

A case says nothing about what the server will make of it: only the oracle does.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.oracle import script_bindings as bindings
from tests.oracle import script_callables as callables
from tests.oracle import script_globals, script_mutations, script_runs, whole_scripts
from tests.oracle import script_signatures as signatures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BODY = '{"data": [[1, 2]], "extra": [[1, 2]]}'
INFERENCE_CONFIG = b'{"entryScript": "score.py", "sourceDirectory": "."}\n'
RUN = {"PARAMS": "data", "BODY": "return {'ok': True}", "VALUE": "{'ok': True}"}
INIT = {"PARAMS": "", "BODY": "pass", "VALUE": "None"}
COMPATIBILITY_SPELLING = {"init": "\uff49\uff4e\uff49\uff54", "run": "\uff52\uff55\uff4e"}
CALLABLES_WITH_PARAMETERS = (
    "def",
    "async-def",
    "lambda",
    "partial",
    "alias",
    "bound-method",
    "unbound-method",
    "static-method",
    "class-method",
    "callable-object",
    "class",
    "imported-def",
    "imported-as",
    "star",
    "nested-function-returned",
    "nested-function-with-closure",
    "partial-of-method",
    "alias-annotated",
    *callables.CALLABLES,
)
BINDINGS = {**bindings.BINDINGS, **callables.CALLABLES}
DECORATORS = {**signatures.DECORATORS, **callables.WRAPPERS}
PREAMBLES = (
    "",
    '"""Scores."""\n',
    "import json\nimport os\n\n",
    "# the scoring script\n\n",
    "import logging\n\nlogger = logging.getLogger(__name__)\n\n",
)


@dataclass(frozen=True)
class ScriptCase:
    """One folder: ``score.py``, its siblings, the request; ``kind`` says what is in them."""

    kind: str
    files: dict[str, bytes]
    body: str = BODY
    stubs: tuple[str, ...] = ()
    intended: object = field(default=None, compare=False)

    @property
    def text(self) -> str:
        return self.files["score.py"].decode("utf-8", "backslashreplace")


def case_from(kind: str, text: str | bytes, intended: object = None) -> ScriptCase:
    """A case from a script; lines ``#: name`` in a text start its siblings."""
    if isinstance(text, bytes):
        return ScriptCase(kind, {"score.py": text})
    script, *rest = re.split(r"^#: (\S+)\n", text, flags=re.MULTILINE)
    siblings = {name: body.encode() for name, body in zip(rest[::2], rest[1::2], strict=True)}
    return ScriptCase(kind, {"score.py": script.encode(), **siblings}, intended=intended)


def fill(template: str, name: str, params: str, defined: str = "") -> str:
    """Put one entry function into a template."""
    words = dict(INIT if name == "init" else RUN, PARAMS=params)
    words["SELF_PARAMS"] = "self" if not params else f"self, {params}"
    text = re.sub(
        r"^([ ]*)(.*)DEFINED",
        lambda found: found[1] + found[2] + defined.rstrip("\n").replace("\n", "\n" + found[1]),
        template,
        flags=re.MULTILINE,
    )
    words |= {"CAPITALIZED": name.title(), "UPPER": name.upper(), "NAME": name}
    words["COMPATIBILITY"] = COMPATIBILITY_SPELLING[name]
    filled = re.sub(
        "SELF_PARAMS|PARAMS|CAPITALIZED|UPPER|COMPATIBILITY|NAME|BODY|VALUE",
        lambda m: words[m[0]],
        text,
    )
    return re.sub(r", \)(?=:| ->|$)", ")", filled, flags=re.MULTILINE) if not params else filled


def with_other(text: str, name: str, *, first: bool = True) -> str:
    """Complete a script: the other entry function, ordinary, before or behind."""
    other = fill(bindings.BINDINGS["def"], *(("run", "data") if name == "init" else ("init", "")))
    script, mark, siblings = text.partition("#: ")
    if script.startswith("from __future__"):
        first = False
    parts = (other, script) if first else (script, other)
    return "\n\n".join(parts).rstrip("\n") + "\n" + mark + siblings


def bound(name: str, binding: str, params: str) -> str:
    return fill(BINDINGS[binding], name, params)


def default_params(name: str) -> str:
    return "data" if name == "run" else ""


def each_binding() -> Iterator[ScriptCase]:
    for name in ("init", "run"):
        for kind in BINDINGS:
            yield case_from(
                f"{name}:{kind}", with_other(bound(name, kind, default_params(name)), name)
            )


def in_template(name: str, template: str, defined: str, params: str) -> str:
    """A definition put into a block or before an afterthought; its siblings stay behind it."""
    script, mark, siblings = defined.partition("#: ")
    return fill(template, name, params, script) + mark + siblings


def each_block() -> Iterator[ScriptCase]:
    for name in ("init", "run"):
        params = default_params(name)
        for group, templates in (("block", bindings.BLOCKS), ("then", bindings.AFTERWARDS)):
            for kind, template in templates.items():
                text = in_template(name, template, bound(name, "def", params), params)
                yield case_from(f"{name}:{group}:{kind}", with_other(text, name))


def parameters_of(name: str) -> dict[str, str]:
    return signatures.RUN_PARAMETERS if name == "run" else signatures.INIT_PARAMETERS


def each_signature() -> Iterator[ScriptCase]:
    for name in ("init", "run"):
        for kind, params in parameters_of(name).items():
            yield case_from(f"{name}:params:{kind}", with_other(bound(name, "def", params), name))
        for binding in CALLABLES_WITH_PARAMETERS[1:]:
            for kind in ("none", "one", "var-both"):
                text = bound(name, binding, parameters_of(name)[kind])
                yield case_from(f"{name}:params:{kind}/{binding}", with_other(text, name))


def decorated(name: str, decorator: str, params: str) -> str:
    return fill(DECORATORS[decorator], name, params, bound(name, "def", params))


def each_decorator() -> Iterator[ScriptCase]:
    for name in ("init", "run"):
        for kind in DECORATORS:
            for chosen in ("none", "one", "var-both"):
                text = decorated(name, kind, parameters_of(name)[chosen])
                yield case_from(f"{name}:decorator:{kind}/{chosen}", with_other(text, name))
    for kind in signatures.RUN_DECORATORS:
        yield case_from(f"run:decorator:{kind}", with_other(run_decorated(kind), "run"))


def run_decorated(kind: str) -> str:
    template, params = signatures.RUN_DECORATORS[kind]
    return fill(template, "run", params, bound("run", "def", params))


def each_whole() -> Iterator[ScriptCase]:
    for kind, text in whole_scripts.WHOLE.items():
        yield case_from(f"whole:{kind}", text)


def one_of_each() -> list[ScriptCase]:
    """Every kind of the grammar once, in a fixed order."""
    cases = [*each_binding(), *each_block(), *each_signature(), *each_decorator(), *each_whole()]
    cases += [case_from(*script) for script in script_globals.each_global_script()]
    cases += [case_from(*script) for script in script_runs.each_run()]
    return cases


def random_definition(source: random.Random, name: str) -> tuple[str, str]:
    """A kind and a text that may or may not define ``name``."""
    params_kind = source.choice(sorted(parameters_of(name)))
    params, binding = parameters_of(name)[params_kind], source.choice(CALLABLES_WITH_PARAMETERS)
    if source.random() < 0.5:
        params_kind, params = "plain", default_params(name)
        binding = source.choice(sorted(BINDINGS))
    kind, text = f"{binding}({params_kind})", bound(name, binding, params)
    if source.random() < 0.3:
        decorator = source.choice(sorted(DECORATORS))
        kind, text = f"@{decorator}({params_kind})", decorated(name, decorator, params)
    if name == "run" and source.random() < 0.1:
        decorator = source.choice(sorted(signatures.RUN_DECORATORS))
        kind, text = f"@{decorator}", run_decorated(decorator)
    for _group, templates in (("block", bindings.BLOCKS), ("then", bindings.AFTERWARDS)):
        while source.random() < 0.3:
            where = source.choice(sorted(templates))
            kind, text = f"{where}[{kind}]", in_template(name, templates[where], text, params)
    return kind, text


def random_script(source: random.Random) -> ScriptCase:
    if source.random() < 0.5:
        return case_from(*script_runs.random_run(source))
    if source.random() < 0.1:
        kind = source.choice(sorted(whole_scripts.WHOLE))
        return case_from(f"whole:{kind}", whole_scripts.WHOLE[kind])
    if source.random() < 0.15:
        return case_from(*script_globals.random_global_script(source))
    name = source.choice(["init", "run"])
    kind, text = random_definition(source, name)
    preamble = source.choice(PREAMBLES)
    if source.random() < 0.1:
        other = "run" if name == "init" else "init"
        other_kind, other_text = random_definition(source, other)
        whole = join_scripts(other_text, text)
        return case_from(f"{name}:{kind} {other}:{other_kind}", preamble + whole)
    return case_from(
        f"{name}:{kind}", preamble + with_other(text, name, first=source.random() < 0.5)
    )


def join_scripts(one: str, two: str) -> str:
    """Two scripts with their siblings; of two siblings of one name the second is kept."""
    first, first_mark, first_siblings = one.partition("#: ")
    second, second_mark, second_siblings = two.partition("#: ")
    siblings = first_mark + first_siblings + second_mark + second_siblings
    return f"{first}\n\n{second}".rstrip("\n") + "\n" + siblings


def generated(
    count: int,
    seed: int,
    corpus: Sequence[script_mutations.RealScript] = (),
    available: frozenset[str] = frozenset(),
) -> list[ScriptCase]:
    """``count`` cases of a seed. A third are mutations of the corpus' scripts if there are any.

    ``available`` are distributions that the oracle has: cases that import one it lacks are left
    out.
    """
    source = random.Random(seed)
    mutated = count // 3 if corpus else 0
    cases = [random_script(source) for _ in range(count - mutated)]
    for script in source.choices(corpus, k=mutated) if corpus else ():
        cases.append(case_of_script(*script_mutations.mutation(source, script)))
    return [case for case in cases if not needs_missing(case, available)]


def case_of_script(kind: str, script: script_mutations.RealScript) -> ScriptCase:
    return ScriptCase(kind, script.encoded, stubs=script.stubs)


def needs_missing(case: ScriptCase, available: frozenset[str]) -> bool:
    if case.stubs:
        return False
    wanted = set(re.findall(r"^import (numpy|pandas)", case.text, re.MULTILINE))
    return not wanted <= available


def write_cases(cases: Sequence[ScriptCase], folder: Path) -> dict[str, ScriptCase]:
    """Write each case to a folder of its own, with the inference config that names its script."""
    named = {f"case{number:04}": case for number, case in enumerate(cases)}
    for name, case in named.items():
        for path, content in {**case.files, "inferenceconfig.json": INFERENCE_CONFIG}.items():
            target = folder / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    return named


def requests(named: dict[str, ScriptCase]) -> dict[str, dict[str, object]]:
    """What ``server_verdicts.py --requests`` reads."""
    return {name: {"body": case.body, "stubs": case.stubs} for name, case in named.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--each", action="store_true", help="every kind once instead of a random sample"
    )
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, action="append", default=[])
    options = parser.parse_args()
    corpus = script_mutations.real_scripts(options.corpus)
    cases = one_of_each() if options.each else generated(options.count, options.seed, corpus)
    named = write_cases(cases, options.folder)
    (options.folder / "requests.json").write_text(json.dumps(requests(named)))
    (options.folder / "kinds.json").write_text(
        json.dumps({name: case.kind for name, case in named.items()})
    )


if __name__ == "__main__":
    main()
