"""Command lines as the CLI's parser reads them, which is argparse's with its defaults."""

from __future__ import annotations

import argparse
import random
import re
import shlex
from pathlib import Path

import pytest

from amllint.artifacts.command_grammar import Grammar, grammar
from amllint.artifacts.command_line import CommandLine
from amllint.artifacts.command_refusals import read
from amllint.artifacts.commands import PATTERN, command_at
from amllint.source.run_texts import of_script
from amllint.source.shell import assigned, calls
from amllint.source.text import SourceText
from tests.checking import Files, line, look

HERE: Files = {
    "score.py": "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'n': len(raw_data)}\n",
    "conda.yml": "dependencies:\n  - python=3.10\n  - pip:\n      - azureml-defaults==1.60.0\n",
    "ic.json": '{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}\n',
    "dc.json": '{"computeType": "aks", "numReplicas": 2}\n',
    "d.yml": "name: blue\n",
}
NAME = "command-line-refused"
DEPLOY = "az ml model deploy -n svc-a -m m:1 --ic ic.json --dc dc.json"


def told(folder: Path, files: Files) -> list[tuple[str, str]]:
    """The grade and the message of each refusal."""
    report = look(folder, HERE | files, persona="pedantic")
    return [(f.severity, f.message) for f in report.findings if f.name == NAME]


REFUSED = {
    "bash <<EOT\n" + f"{DEPLOY} --nr three\nEOT": "`--nr` is `three`",
    "cat <<EOT > note.txt\nname\nEOT\n" + f"{DEPLOY} --nr three": "`--nr` is `three`",
    f"{DEPLOY} --overwrte": "`--overwrte` is no option",
    f"{DEPLOY} -ct aks-1": "`-ct` is no option",
    f"{DEPLOY} --num_replicas 2": "`--num_replicas` is no option",
    f"{DEPLOY} --sku Basic": "`--sku` is no option",
    f"{DEPLOY} \u2013\u2013overwrite": "`\u2013\u2013overwrite` is no option",
    f"{DEPLOY} --auto true": "`--auto` may stand for",
    f"{DEPLOY} --ct": "`--ct` has no value",
    f"{DEPLOY} --ct --overwrite": "`--ct` has no value",
    f"{DEPLOY} --ct && echo done": "`--ct` has no value",
    f"{DEPLOY} --ct\n  aks-1": "`--ct` has no value",
    f"{DEPLOY} --overwrite=true": "`--overwrite` takes no value",
    f"{DEPLOY} --overwrite true": "`true` belongs to no option",
    f"{DEPLOY} --tag a=b c=d": "`c=d` belongs to no option",
    f"{DEPLOY} --nr three": "`--nr` is `three`, which is no whole number",
    f"{DEPLOY} --num-rep 2.5": "`--num-rep` is `2.5`, which is no whole number",
    f"{DEPLOY} --cc lots": "`--cc` is `lots`, which is no number",
    f"{DEPLOY} --gb=2GB": "`--gb` is `2GB`, which is no number",
    f"N=three\n{DEPLOY} --nr $N": "`--nr` is `three`",
    f"{DEPLOY} --tag team": "`--tag` is `team`, which has no `=`",
    "az ml model deploy -m m:1 --ic ic.json --dc dc.json": "is called without `--name/-n`",
    "az ml model deploy -n s -m m:1 --ic dc.json --dc ic.json": "`--ic` and `--dc` are swapped",
    "az ml model deploy -n s -m m:1 --ic ic.json --dc ic.json": "takes a deployment configuration",
    "az ml model deploy -n s -m m:1 --ic dc.json --dc dc.json": "takes an inference configuration",
    "az ml service update -n s --nr two": "`--nr` is `two`",
    "az ml online-deployment create -f d.yml --all-trafic": "`--all-trafic` is no option",
    "az ml online-deployment create --all-traffic -f": "`-f` has no value",
    "az ml online-deployment create -n blue": "is called without `--file/-f`",
    "az ml online-endpoint create -f d.yml --auth_mode key": "`--auth_mode` is no option",
}


@pytest.mark.parametrize(("text", "message"), REFUSED.items())
def test_what_the_cli_refuses_is_told_once(tmp_path: Path, text: str, message: str) -> None:
    assert [(g, message in m) for g, m in told(tmp_path, {"deploy.sh": text + "\n"})] == [
        ("error", True)
    ]


DOUBTFUL = {
    f"{DEPLOY} --autoscale-enabled maybe": "`--autoscale-enabled` is `maybe`, neither",
    f"{DEPLOY} --ae yes": "`--ae` is `yes`, neither",
    "az ml model deploy -n svc-a -m m --ic ic.json --dc dc.json": "has no version",
}


@pytest.mark.parametrize(("text", "message"), DOUBTFUL.items())
def test_what_the_cli_takes_otherwise_is_a_warning(tmp_path: Path, text: str, message: str) -> None:
    assert [(g, message in m) for g, m in told(tmp_path, {"deploy.sh": text + "\n"})] == [
        ("warning", True)
    ]


def test_an_option_of_v2_that_is_like_none_is_advice(tmp_path: Path) -> None:
    text = "az ml online-deployment create -f d.yml --with-bundle\n"
    assert [
        (g, "`--with-bundle` is no option" in m) for g, m in told(tmp_path, {"a.sh": text})
    ] == [("info", True)]


FINE = (
    'az ml model deploy -n "$1" -m $2 --ic ic.json --dc dc.json --nr $3 --gb "$4" --ae $5 --tag $6',
    'az ml model deploy -n svc-a -m "$@" --ic ic.json --dc dc.json --nr $? --overwrite',
    f"{DEPLOY} --nr %1 --gb %~2",
    f"{DEPLOY} --nr {{n}} --gb {{{{gb}}}} --cc __CC__",
    f"{DEPLOY} --nr '{{n}}' --gb \"__GB__\" --cc '#{{cc}}#'",
    "usage() { cat <<'EOT'\n" + f"  {DEPLOY} --nr three\nEOT\n" + "}",
    ": <<COMMENT\n" + f"{DEPLOY} --nr three\nCOMMENT",
    f"{DEPLOY} --over --nr 2 --gb 1.5 --as TRUE -v",
    f"{DEPLOY} -o table --query 'state' --only-show-errors --debug",
    f"{DEPLOY} --inference-config ic.json",
    f"{DEPLOY} --description 'two words' --description '- a list'",
    f"{DEPLOY} --ft -1",
    f"{DEPLOY} -gresources",
    f"{DEPLOY} --gb $MEMORY --nr ${{{{ inputs.replicas }}}}",
    f"{DEPLOY} $MORE two",
    f"{DEPLOY} --$WHAT two",
    f"{DEPLOY} ${{ARGS[@]}} --nr 2",
    f"{DEPLOY} {{{{ more }}}}",
    f"{DEPLOY} <more options>",
    f"{DEPLOY} --ct <cluster>",
    f"{DEPLOY} --ct #{{cluster}}#",
    f"{DEPLOY} ... ",
    f"{DEPLOY} @options.txt",
    f"{DEPLOY} --gb 2GB --help",
    f"{DEPLOY} 2> log.txt",
    f"{DEPLOY} 2>&1 | tee log.txt",
    f"{DEPLOY} > log.txt --ct",
    "az ml model deploy $ARGS -m m:1",
    "az ml model deploy > log.txt -n svc-a -m m:1",
    "az ml model deploy -h",
    "az ml model deploy -n svc-a -m $MODEL --ic ic.json --dc dc.json",
    "az ml model package -m m:1 --whatever",
    "az ml online-deployment create -f d.yml --local --all-traffic --endpoint e",
    "az ml online-deployment create -f d.yml --set a=1 b=2 --set c.d=3 -g g -w w",
    "az ml online-endpoint update -n e --traffic blue=90 green=10",
    "# az ml model deploy --overwrte",
    "echo az ml model deploy --overwrte",
)


@pytest.mark.parametrize("text", FINE)
def test_what_may_be_fine_is_not_told(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, {"deploy.sh": text + "\n"}) == []


def test_it_stands_at_the_option_in_a_pipeline(tmp_path: Path) -> None:
    text = f"steps:\n- script: |\n    {DEPLOY} \\\n      --overwrte\n"
    report = look(tmp_path, HERE | {"pipeline.yml": text})
    assert [line(report, f) for f in report.findings if f.name == NAME] == [4]


def test_a_number_out_of_range_is_left_to_the_rules_about_numbers(tmp_path: Path) -> None:
    report = look(tmp_path, HERE | {"deploy.sh": f"{DEPLOY} --nr 0\n"})
    assert [f.name for f in report.findings if f.location.path == "deploy.sh"] == [
        "deployment-config-schema"
    ]


def test_it_can_be_suppressed(tmp_path: Path) -> None:
    text = f"{DEPLOY} --overwrte # amllint: ignore[command-line-refused] -- on purpose\n"
    assert told(tmp_path, {"deploy.sh": text}) == []


# -- side by side with argparse ---------------------------------------------------------------


class Refusing(argparse.ArgumentParser):
    """A parser that raises where the CLI ends."""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise ValueError(message)


def parser_of(known: Grammar) -> Refusing:
    """The parser that the CLI builds of the options of a command."""
    parser = Refusing(prog="az", add_help=False)
    counts = {"one": None, "perhaps": "?", "many": "+"}
    for option in dict.fromkeys(known.options.values()):
        needed = option.name in known.needed
        if option.takes == "none":
            parser.add_argument(*option.names, action="store_true", required=needed)
        else:
            parser.add_argument(*option.names, nargs=counts[option.takes], required=needed)
    return parser


def refuses(parser: Refusing, words: list[str]) -> bool:
    try:
        parser.parse_args(words)
    except ValueError:
        return True
    return False


def beginning(chance: random.Random, known: Grammar, name: str) -> str:
    """A beginning of an option; not one of two names of one, which Pythons read differently."""
    begun = name[: chance.randrange(3, len(name) + 1)]
    names = [n for n in known.options if n.startswith(begun)]
    one = len(names) > 1 and len(known.found(begun)) == 1
    return name if one else begun


def made(chance: random.Random, known: Grammar) -> list[str]:
    """Words of a command line, most of them right."""
    names = [n for n in known.options if n not in ("-h", "--help")]
    words: list[str] = []
    for _ in range(chance.randrange(1, 6)):
        name = chance.choice(names)
        option = known.options[name]
        if name.startswith("--") and chance.random() < 0.3:
            name = beginning(chance, known, name)
        if len(name) > 3 and chance.random() < 0.05:
            name = name[:-1] + chance.choice("xyz")
        values = ["value", "a=b", "-3", "two words", "- a", "m:1"]
        given = [chance.choice(values)] if option.takes != "none" else []
        if chance.random() < 0.1:
            given = [] if given else ["extra"]
        if given and chance.random() < 0.2:
            words.append(f"{name}=a=b" if name.startswith("--") else name + "m:1")
        else:
            words += [name, *given]
    needed = ["--name", "svc-a"] if chance.random() < 0.9 else []
    return words + needed


@pytest.mark.parametrize("command", ["model deploy", "model profile", "service update"])
def test_it_refuses_what_argparse_refuses(command: str) -> None:
    known = grammar(command)
    assert known is not None
    parser, chance = parser_of(known), random.Random(271126)
    differing = []
    for _ in range(4_000):
        words = made(chance, known)
        text = f"az ml {command} {shlex.join(words)}\n"
        expected = refuses(parser, words)
        if expected != is_refused(text):
            differing.append((expected, text))
    assert differing == []


def is_refused(text: str) -> bool:
    run = of_script(SourceText("deploy.sh", text))
    (call,) = calls(text, re.compile(PATTERN))
    reading = read(CommandLine(run, call, assigned(text), command_at(text, call.span.start)))
    assert reading is not None
    return bool(reading.refusals)


def test_a_beginning_stands_for_the_only_option_that_has_it() -> None:
    known = grammar("model deploy")
    assert known is not None
    assert [o.name for o in known.found("--overw")] == ["--overwrite"]
    assert len(known.found("--autoscale-m")) == 2
    assert known.found("--overwrte") == ()
