"""Measures of a script, so that nothing reaches libcst that it would choke on.

libcst's time and memory grow with depth and add up over a file; some of what makes it slow
does not show as depth in CPython's own tree (joined strings, `and` chains, dotted imports,
brackets around patterns). All limits lie far above what people write.
"""

from __future__ import annotations

import ast
import re
import sys
from typing import Final

from amllint.source.problem import Unreadable
from amllint.source.text import SourceText

MAX_DEPTH: Final = 150
MAX_WEIGHT: Final = 150_000
"""Sum over syntax nodes of their depth below the statement; some 6 µs and 1.5 KB each."""
MAX_NODES: Final = 60_000
"""Syntax nodes of a script; libcst takes up to 6 KB for one."""
MAX_LINES: Final = 100_000
"""Lines of a script, blank ones and comments included; libcst takes 13 µs for one."""
MAX_WIDTH: Final = 1_000
"""Operands of one `and`, clauses of one comprehension, strings joined in one expression."""
MAX_DOTS: Final = 50
MAX_BRACKETS: Final = 100
MAX_BRACKETED: Final = 25_000
"""Pairs of brackets; libcst takes 13 KB for each, needed or not."""
MAX_PATTERN_BRACKETS: Final = 4
"""libcst backtracks over nested patterns: each level doubles the time."""
MAX_PATTERNS: Final = 200
MAX_FINALLY: Final = 6
"""CPython copies a `finally` block for every way out: nesting doubles the code."""
MAX_NEWER_CHARACTERS: Final = 100_000
MAX_NEWER_BRACKETED: Final = 4_000
MAX_NEWER_BRACKETS: Final = 10_000

_STATEMENTS: Final = frozenset(
    kind
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, (ast.stmt, ast.excepthandler))
)
_WIDE: Final = frozenset(
    {
        *(ast.BoolOp, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
        *(ast.alias, ast.ImportFrom, ast.JoinedStr, ast.Constant),
    }
)
_BRACKET: Final = re.compile(r"[(\[{}\])]")


def measure(source: SourceText, tree: ast.AST) -> None:
    """Raise `Unreadable` for a script that libcst could not take; never recurses."""
    if max(source.text.count("\n"), source.text.count("\r")) > MAX_LINES:
        raise _too_large(source, 1, f"has more than {MAX_LINES:,} lines")
    weight = count = 0
    stack: list[tuple[ast.AST, int, int, int]] = [(tree, 0, 0, 0)]
    while stack:
        node, depth, within, finals = stack.pop()
        kind = type(node)
        if kind in _STATEMENTS:
            within = 0
            finals += bool(getattr(node, "finalbody", None))
        count += 1
        weight += within
        if depth > MAX_DEPTH or finals > MAX_FINALLY or (kind in _WIDE and _hidden(node)):
            raise too_deep(source, getattr(node, "lineno", 1))
        if weight > MAX_WEIGHT or count > MAX_NODES:
            what = "holds more expressions than the analysis can take"
            raise _too_large(source, getattr(node, "lineno", 1), what)
        for name in node._fields:
            value = getattr(node, name, None)
            if type(value) is list:
                for child in value:
                    if isinstance(child, ast.AST):
                        stack.append((child, depth + 1, within + 1, finals))
            elif isinstance(value, ast.AST) and value._fields:
                stack.append((value, depth + 1, within + 1, finals))
    _measure_text(source, tree)


def _hidden(node: ast.AST) -> bool:
    """Whether a node is wider than libcst can take, where CPython's tree is flat."""
    if isinstance(node, ast.BoolOp):
        return len(node.values) > MAX_WIDTH
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return len(node.generators) > MAX_DOTS
    if isinstance(node, ast.alias):
        return node.name.count(".") > MAX_DOTS
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").count(".") > MAX_DOTS
    if isinstance(node, (ast.JoinedStr, ast.Constant)):
        return _lines(node) > MAX_WIDTH and not _is_one_string(node)
    return False


def _lines(node: ast.expr) -> int:
    return (node.end_lineno or node.lineno) - node.lineno


def _is_one_string(node: ast.expr) -> bool:
    """A text that itself has many lines, rather than many short strings in a row."""
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, (str, bytes))
        and (len(node.value.splitlines()) > MAX_WIDTH // 2)
    )


def _measure_text(source: SourceText, tree: ast.AST) -> None:
    text = source.code
    deepest, total = _brackets(text)
    if deepest > MAX_BRACKETS or total > MAX_BRACKETED:
        deepest, total = _token_brackets(text)
        if deepest > MAX_BRACKETS:
            raise too_deep(source, 1)
        if total > MAX_BRACKETED:
            raise _too_large(source, 1, "holds more brackets than the analysis can take")
    if len(re.findall(r"""["'][ \t]*["']""", text)) > 5 * MAX_WIDTH and _joined(text):
        raise too_deep(source, 1)
    if re.search(r"(?m)^[ \t]*case\b", text):
        _measure_patterns(source, tree)


def _measure_patterns(source: SourceText, tree: ast.AST) -> None:
    patterns = 0
    for node in ast.walk(tree):
        if not isinstance(node, ast.Match):
            continue
        patterns += len(node.cases)
        before = node.subject.end_lineno or node.lineno
        for case in node.cases:
            head = _head(source, case, before)
            if patterns > MAX_PATTERNS or _nests(head):
                raise too_deep(source, case.pattern.lineno)
            before = case.body[-1].end_lineno or before


def _head(source: SourceText, case: ast.match_case, before: int) -> str:
    """The text of a pattern, the groups around it included, which leave no trace in the tree.

    `before` is the last line of what stands before the case.
    """
    until = case.guard or case.body[0]
    start = source.line_starts[before]
    line = source.line_starts[until.lineno - 1]
    # CPython counts columns in bytes.
    ahead = source.text[line : line + until.col_offset].encode("utf-8", "surrogatepass")
    column = len(ahead[: until.col_offset].decode("utf-8", "ignore"))
    return source.text[start : line + column]


def _nests(head: str) -> bool:
    """Whether a pattern nests more than libcst can take; brackets in strings do not count."""
    # Those in comments may close what is open: only their number is a bound.
    if _brackets(head)[1] <= MAX_PATTERN_BRACKETS:
        return False
    return _token_brackets(head)[0] > MAX_PATTERN_BRACKETS


def _joined(text: str) -> bool:
    """Whether more strings follow one another than libcst can take."""
    import io
    import tokenize

    run = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.STRING:
            run += 1
            if run > MAX_WIDTH:
                return True
        elif token.type not in (tokenize.NL, tokenize.COMMENT):
            run = 0
    return False


def _brackets(text: str) -> tuple[int, int]:
    """How deep brackets nest and how many open, those in strings and comments counted too."""
    depth = deepest = total = 0
    for bracket in _BRACKET.findall(text):
        if bracket in "([{":
            depth += 1
            total += 1
            if depth > deepest:
                deepest = depth
        elif depth:
            depth -= 1
    return deepest, total


def _token_brackets(text: str) -> tuple[int, int]:
    """How deep brackets nest and how many open, outside of strings and comments.

    Of what is no sequence of tokens, all that open are taken to nest.
    """
    import io
    import tokenize

    depth = deepest = total = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.OP and token.string in "([{":
                depth += 1
                total += 1
            elif token.type == tokenize.OP and token.string in ")]}":
                depth -= 1
            deepest = max(deepest, depth)
    except (tokenize.TokenError, SyntaxError):
        total = _brackets(text)[1]
        return total, total
    return deepest, total


def too_deep(source: SourceText, line: int) -> Unreadable:
    """The refusal of a script that nests, or goes on, beyond what libcst can take."""
    return Unreadable(
        source.path,
        "too-deep",
        "nests or strings together more expressions or blocks than the analysis can take",
        "break the expression up, or move data out of the script",
        source.line_span(min(line, len(source.line_starts))),
    )


def _too_large(source: SourceText, line: int, message: str) -> Unreadable:
    span = source.line_span(min(line, len(source.line_starts)))
    return Unreadable(source.path, "too-large", message, "move data out of the script", span)


_NEWER: Final = (
    ((3, 11), re.compile(r"\[[^\[\]\r\n]{0,200}\*\w")),
    ((3, 11), re.compile(r"(?m)^[ \t]*except[ \t]*\*")),
    ((3, 12), re.compile(r"(?m)^[ \t]*(?:type[ \t]+\w|(?:def|class)[ \t]+\w+\[)")),
    ((3, 12), re.compile(r"""(?i)\b(?:f|rf|fr)['"]""")),
    ((3, 14), re.compile(r"(?m)^[ \t]*except[ \t]+\w[^:(\r\n]*,")),
    ((3, 14), re.compile(r"""(?i)\b(?:t|rt|tr)['"]""")),
)


def may_be_newer(text: str) -> bool:
    """Whether syntax newer than the running Python may be what it refuses.

    Such a script is not measured by its tree, so it must be small and plain.
    """
    if len(text) > MAX_NEWER_CHARACTERS or text.count("\\\n") > 50:
        return False
    if re.search(r"(?m)^[ \t]*(?:match|case)\b", text):
        return False
    depth = since = total = 0
    for match in _BRACKET.finditer(text):
        opens = match.group() in "([{"
        total += opens
        since = match.start() if opens and depth == 0 else since
        depth = depth + 1 if opens else max(depth - 1, 0)
        long = match.start() - since > MAX_NEWER_BRACKETED
        if depth > 30 or long or total > MAX_NEWER_BRACKETS:
            return False
    if max(map(len, text.split("\n"))) > MAX_NEWER_BRACKETED:
        return False
    return any(sys.version_info < version and p.search(text) for version, p in _NEWER)


def is_newer(tree: object) -> bool:
    """Whether a libcst tree holds syntax that the running Python does not have."""
    import libcst as cst

    newer: list[type] = []
    if sys.version_info < (3, 11):
        newer.append(cst.TryStar)
    if sys.version_info < (3, 12):
        newer += [cst.TypeAlias, cst.TypeParameters, cst.FormattedStringExpression]
    if sys.version_info < (3, 14):
        newer += [getattr(cst, n) for n in ("TemplatedString",) if hasattr(cst, n)]
    stack: list[cst.CSTNode] = [tree] if isinstance(tree, cst.CSTNode) else []
    while stack:
        node = stack.pop()
        if isinstance(node, tuple(newer)) or _starred_index(node):
            return True
        stack.extend(node.children)
    return False


def _starred_index(node: object) -> bool:
    """`a[*b]`, new in 3.11."""
    star = getattr(node, "star", None)
    return sys.version_info < (3, 11) and type(node).__name__ == "Index" and bool(star)
