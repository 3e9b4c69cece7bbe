"""Input for regular expressions and scanners: placeholders, suppressions, quotes."""

from __future__ import annotations

from pathlib import Path

from .cases import ANY, READ_OR_UNREAD, SCORE, Builder, Case, case, expect, family, with_unit, write

# 100,000 and more characters each: below the size cap, far above what a quadratic scan survives.
_RUNS = {
    "double_braces": "{{" * 50_000,
    "double_braces_spaced": "{{ " * 40_000,
    "closing_braces": "}}" * 50_000,
    "hash_braces": "#{" * 50_000,
    "dollar_parentheses": "$(" * 50_000,
    "dollar_braces": "${{" * 40_000,
    "angles": "<" * 100_000,
    "angle_pairs": "<a" * 50_000,
    "underscores": "_" * 100_000,
    "underscored": "__X__" * 25_000,
    "underscored_unclosed": "__X" * 40_000,
    "percents": "%(" * 50_000,
    "at_signs": "@@" * 50_000,
    "double_quotes": '"' * 100_000,
    "single_quotes": "'" * 100_001,
    "backslashes": "\\" * 100_001,
    "hashes": "#" * 100_000,
    "spaces": " " * 100_000,
    "spaces_then_text": ("a" + " " * 5000) * 20,
    "digits": "1" * 100_000,
    "dots": "1." * 50_000,
    "dashes": "-" * 100_000,
    "sexagesimals": "1:" * 50_000,
    "colons": "a: " * 40_000,
    "letters_near_a_secret": "AccountKey=" * 10_000,
    "base64": "QUJD" * 40_000,
    "urls": "https://a:b@" * 10_000,
    "image_name": "a/" * 50_000 + ":",
}


def _in_values(run: str) -> Builder:
    def build(folder: Path) -> Case:
        write(folder / "deploymentconfig.yml", f"computeType: AKS\nx-note: {run}\nnumReplicas: 1\n")
        write(
            folder / "aci.json", f'{{"computeType": "ACI", "x": "{run}", "dnsNameLabel": "{run}"}}'
        )
        return Case(["."], "placeholders are looked for before the file is parsed", ANY)

    return build


def _in_script(run: str) -> Builder:
    def build(folder: Path) -> Case:
        with_unit(folder, f"{SCORE}\n# {run}\nx = {run!r}\n")
        return Case(["."], "comment and text", READ_OR_UNREAD)

    return build


for _name, _run in _RUNS.items():
    family(
        {f"bait_{_name}_in_values": _in_values(_run), f"bait_{_name}_in_script": _in_script(_run)}
    )


@case
def bait_10000_placeholders(folder: Path) -> Case:
    """All kinds, in keys and values, nested and overlapping."""
    kinds = (
        "{{X}}",
        "#{x}#",
        "$(x)",
        "${{ x }}",
        "__X__",
        "<x>",
        "{{#{x}#}}",
        "$({{x}})",
        "__<x>__",
    )
    lines = "".join(f"k{i}: {kinds[i % len(kinds)]}\n" for i in range(10_000))
    write(folder / "deploymentconfig.yml", "computeType: {{ kind }}\nnumReplicas: $(n)\n" + lines)
    return Case(["."], "", ANY)


_SUPPRESSIONS = {
    "10000_comments": "x = 1  # amllint: ignore[error-leak] -- why\n" * 5000,
    "10000_own_lines": "# amllint: ignore[error-leak]\n" * 8000 + "x = 1\n",
    "unclosed": "x = 1  # amllint: ignore[error-leak\n",
    "unclosed_and_long": "x = 1  # amllint: ignore[" + "a," * 50_000 + "\n",
    "list_of_50000": "x = 1  # amllint: ignore[" + "a," * 50_000 + "a]\n",
    "brackets": "x = 1  # amllint: ignore" + "[" * 50_000 + "]" * 50_000 + "\n",
    "spaces": "x = 1  # amllint:" + " " * 100_000 + "ignore[a]\n",
    "repeated": "x = 1  # " + "amllint: ignore" * 10_000 + "\n",
    "repeated_open": "x = 1  # " + "amllint: ignore[" * 10_000 + "\n",
    "in_strings": "x = '# amllint: ignore-file'\ny = '''\n# amllint: ignore-file\n'''\n",
    "escape_codes": "x = 1  # amllint: ignore[\x1b]0;title\x07]\n",
    "not_text": "x = 1  # amllint: ignore[\U0001f600, \u202e]\n",
    "commas": "x = 1  # amllint: ignore[" + "," * 100_000 + "]\n",
    "last_line": "# amllint: ignore[error-leak]",
}


def _suppressed(text: str) -> Builder:
    def build(folder: Path) -> Case:
        with_unit(folder, f"{SCORE}\n{text}")
        plain = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
        write(
            folder / "deploymentconfig.yml",
            f"computeType: AKS\n{plain or '# ' + text.splitlines()[0][5:]}\n",
        )
        return Case(["."], "suppressions, closed and unclosed", ANY)

    return build


family({f"suppression_{name}": _suppressed(text) for name, text in _SUPPRESSIONS.items()})


@case
def suppression_hides_no_internal_code(folder: Path) -> Case:
    """A file cannot suppress that it was not read."""
    with_unit(folder, "# amllint: ignore-file\n# amllint: ignore[AML901, AML903]\ndef (:\n")
    return Case(
        ["score.py"],
        "AML901 may be suppressed; green all the same would be an accident",
        expect(1, 4),
    )
