"""Bytes that are no text, or not the text that they say they are."""

from __future__ import annotations

from pathlib import Path

from .cases import (
    ANY,
    READ,
    READ_OR_UNREAD,
    REFUSED,
    SCORE,
    UNREAD,
    Builder,
    Case,
    Expect,
    case,
    expect,
    family,
    with_unit,
    write,
)

_CONFIG = "computeType: AKS\n"


def _script(content: bytes, note: str, outcome: Expect) -> Builder:
    def build(folder: Path) -> Case:
        with_unit(folder, content)
        return Case(["."], note, outcome)

    return build


def _config(content: bytes, note: str, outcome: Expect) -> Builder:
    def build(folder: Path) -> Case:
        write(folder / "deploymentconfig.yml", content)
        return Case(["."], note, outcome)

    return build


_BYTES = SCORE.encode()

family(
    {
        "script_invalid_utf8": _script(
            _BYTES + b"\nx = '\xff\xfe\xc3'\n", "Python refuses it too", REFUSED
        ),
        "script_overlong_utf8": _script(_BYTES + b"\nx = '\xc0\xaf\xed\xa0\x80'\n", "", REFUSED),
        "script_truncated_utf8": _script(_BYTES + b"# \xe2\x82", "cut within a character", ANY),
        "script_utf16_le": _script(
            b"\xff\xfe" + SCORE.encode("utf-16-le"), "no source for Python", REFUSED
        ),
        "script_utf16_be": _script(b"\xfe\xff" + SCORE.encode("utf-16-be"), "", REFUSED),
        "script_utf16_bare": _script(SCORE.encode("utf-16-le"), "every other byte is NUL", REFUSED),
        "script_utf32": _script(SCORE.encode("utf-32"), "begins like UTF-16", REFUSED),
        "script_bom": _script(b"\xef\xbb\xbf" + _BYTES, "", READ),
        "script_bom_twice": _script(b"\xef\xbb\xbf" * 2 + _BYTES, "", REFUSED),
        "script_only_bom": _script(b"\xef\xbb\xbf", "an empty script", READ),
        "script_empty": _script(b"", "", READ),
        "script_only_spaces": _script(b" \t\n\x0c\n", "", READ),
        "script_latin_1": _script(
            b"# -*- coding: latin-1 -*-\nx = '\xe9'\n" + _BYTES, "PEP 263", READ
        ),
        "script_latin_1_unsaid": _script(b"x = '\xe9'\n" + _BYTES, "", REFUSED),
        "script_unknown_coding": _script(b"# -*- coding: no-such -*-\n" + _BYTES, "", REFUSED),
        "script_bom_and_other_coding": _script(
            b"\xef\xbb\xbf# coding: latin-1\n" + _BYTES, "", REFUSED
        ),
        "script_coding_utf_7": _script(
            b"# coding: utf-7\n+AGQAZQBm- hidden(): pass\n" + _BYTES,
            "text within text",
            READ_OR_UNREAD,
        ),
        "script_coding_rot13": _script(
            b"# coding: rot13\n" + _BYTES, "a codec that is not from bytes to text", REFUSED
        ),
        "script_coding_zip": _script(b"# coding: zip\n" + _BYTES, "", REFUSED),
        "script_coding_unicode_escape": _script(
            b"# coding: unicode_escape\n# \\n" + _BYTES, "lines out of escapes", ANY
        ),
        "script_coding_idna": _script(
            b"# coding: idna\n" + _BYTES, "quadratic in old Pythons", ANY
        ),
        "script_coding_punycode": _script(
            b"# coding: punycode\n# " + b"a" * 500_000 + b"-" + b"b" * 400_000 + b"\n" + _BYTES,
            "quadratic in every Python",
            REFUSED,
        ),
        "script_coding_utf_16": _script(b"# coding: utf-16\n" + _BYTES, "", REFUSED),
        "script_coding_of_10000": _script(
            b"# coding: " + b"a" * 10_000 + b"\n" + _BYTES, "", REFUSED
        ),
        "script_coding_with_path": _script(
            b"# coding: ../../../../tmp/evil\n" + _BYTES,
            "codec look-up imports by name",
            expect(0, 1, 4),
        ),
        "script_cr_only": _script(_BYTES.replace(b"\n", b"\r"), "old Macintosh", READ),
        "script_cr_cr_lf": _script(_BYTES.replace(b"\n", b"\r\r\n"), "text mode, twice", READ),
        "script_mixed_ends": _script(
            _BYTES.replace(b"\n", b"\r\n", 3).replace(b"):\n", b"):\r", 1), "", READ
        ),
        "script_form_feeds": _script(
            _BYTES.replace(b"\n\n\n", b"\n\x0c\n\x0c\n"), "str.splitlines splits", READ
        ),
        "script_separators": _script(
            (SCORE + "x = '\u2028\u2029\x85\x1c\x1d\x1e\x0b'\n").encode(),
            "lines to str, not to Python",
            READ,
        ),
        "script_nul": _script(_BYTES + b"x = '\0'\n", "ast: ValueError or SyntaxError", REFUSED),
        "script_control_z": _script(_BYTES + b"\x1a\n", "an end of file, once", REFUSED),
        "script_escape_codes": _script(
            _BYTES + b"def \x1b[2J(: pass\n", "quoted, they act", REFUSED
        ),
        "script_no_final_newline": _script(_BYTES.rstrip(b"\n"), "", READ),
        "script_final_backslash": _script(
            _BYTES + b"x = 1 + \\", "libcst and ast part ways", REFUSED
        ),
        "script_wide_characters": _script(
            (SCORE + "x = '\U0001f600\u0301' * data\n").encode(), "columns in three units", READ
        ),
        "script_tabs_and_spaces": _script(
            _BYTES + b"if 1:\n\tx = 1\n        y = 2\n", "TabError", REFUSED
        ),
        "config_invalid_utf8": _config(b"computeType: AKS\na: \xff\xfe\n", "", UNREAD),
        "config_utf16_le": _config(
            b"\xff\xfe" + _CONFIG.encode("utf-16-le"), "YAML allows it", READ_OR_UNREAD
        ),
        "config_utf16_be": _config(b"\xfe\xff" + _CONFIG.encode("utf-16-be"), "", READ_OR_UNREAD),
        "config_utf16_odd": _config(
            b"\xff\xfe" + _CONFIG.encode("utf-16-le") + b"\n", "half a character", REFUSED
        ),
        "config_bom": _config(b"\xef\xbb\xbf" + _CONFIG.encode(), "", READ),
        "config_only_bom": _config(b"\xef\xbb\xbf", "", expect(0, 1)),
        "config_empty": _config(b"", "", expect(0, 1)),
        "config_cr_only": _config(b"computeType: AKS\rnumReplicas: 1\r", "", READ),
        "config_cr_cr_lf": _config(b"computeType: AKS\r\r\nnumReplicas: 1\r\r\n", "", READ),
        "config_nul": _config(b"computeType: AKS\na: b\0c\n", "", REFUSED),
        "config_control_byte": _config(b"computeType: AKS\na: b\x01c\n", "", REFUSED),
        "config_escape_codes": _config(b"computeType: AKS\na: '\x1b[2J\n", "", REFUSED),
        "config_surrogate_bytes": _config(b"computeType: AKS\na: \xed\xa0\x80\n", "", UNREAD),
        "config_non_character": _config("computeType: AKS\na: \ufffe\uffff\n".encode(), "", ANY),
    }
)


@case
def every_byte(folder: Path) -> Case:
    """A file of each kind made of every byte there is."""
    noise = bytes(range(256)) * 16
    for name in ("score.py", "deploymentconfig.json", "conda.yml", "endpoint.yaml", "deploy.ipynb"):
        write(folder / name, b"computeType: def init(): " + noise)
    return Case(["."], "noise", ANY)
