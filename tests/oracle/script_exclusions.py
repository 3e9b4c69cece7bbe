"""Refusals of the server that amllint may be silent about, with the reason.

Only silence is excused: an error about a script that starts never is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Exclusion(NamedTuple):
    """A refusal that amllint may be silent about: what matches the kind and the server's error."""

    rule: str
    kind: str
    error: str
    reason: str


def _any_of(*kinds: str) -> str:
    return r"(?<![\w-])(" + "|".join(kinds) + r")(?![\w-])"


_ANY = ""
_NO_FUNCTION = r"does not have a (init|run)\(\) function defined"
#: `init()` raises TypeError for the way it is called, or `run` is not what the server can call.
_NO_CALL = (
    r"^UserScriptException: TypeError: .*(missing \d+ required|takes \d+ positional|not callable"
    r"|unexpected keyword|at least \d+ (positional )?argument|expected \d+ argument|exactly one)"
    r"|run\(\) (cannot accept|needs to accept)|is not a callable object|^ValueError: "
)
_BRANCHES = (
    "if-environment-unset",
    "if-environment-set",
    "if-variable",
    "walrus-short-circuit",
    "match-not-taken",
)
_EXCEPTIONS = (
    "try-after-failed-import",
    "try-handler-not-taken",
    "try-handler-of-pass",
    "try-else-not-taken",
    "in-failing-try",
    "imported-guarded-suppressed",
    "rebound-by-except",
)
#: What raises while the script is imported, each in a block that goes on without it.
_SWALLOWED = r"(?<![\w-])(try-body|with)\[.*" + _any_of(
    "alias-of-undefined",
    "alias-before-definition",
    "walrus-in-decorator",
    r"imported-(name-missing|raising-sibling|relative|relative-dot|circular|unresolved)",
    "imported-(from-entry-module|from-main|broken-sibling)",
    "star-all-names-missing",
    "setattr-on-sys-modules",
    "exec",
    "after-(exit|raise|assert-false)",
    "@(exit-stack|undefined|rawhttp-called|rawhttp-module|rawhttp-undefined)",
    "@(output-schema-twice|input-schema-(bare|no-type|plain-sample|type-class))",
    "@input-schema-(over-wraps-factory|numpy|pandas)",
)
_PATHS = "|".join((_any_of(*_BRANCHES, *_EXCEPTIONS), _SWALLOWED))
EXCLUSIONS = (
    Exclusion(
        "AML136",
        _ANY,
        r"ModuleNotFoundError|ImportError",
        "imports are judged with the environment",
    ),
    Exclusion(
        "AML136",
        _any_of("imported-from-main", "imported-from-entry-module"),
        _NO_FUNCTION,
        "imports are judged with the environment, those that are suppressed as well",
    ),
    Exclusion("AML136", r"imported-(broken|raising)-sibling", _ANY, "the error is in another file"),
    Exclusion(
        "AML134",
        _any_of(
            "def-type-parameters",
            "type-alias",
            "syntax-type-parameter-default",
            "syntax-fstring-nested-quotes",
            "syntax-fstring-backslash",
        ),
        r"^UserScriptImportException: SyntaxError",
        "which syntax the server's Python has is not in the script",
    ),
    Exclusion(
        "AML901",
        _any_of("syntax-await-in-fstring-def"),
        r"^UserScriptImportException: SyntaxError",
        "a Python older than 3.12 cannot tell errors in f-strings from newer syntax",
    ),
    Exclusion(
        "none",
        _ANY,
        r"^UserScriptImportException: (?!\w*(SyntaxError|IndentationError|TabError))",
        "what module-level code raises is known only by running it",
    ),
    Exclusion(
        "none",
        _ANY,
        rf"^(?!{_NO_CALL})UserScriptException: ",
        "what init raises is known only by running it",
    ),
    Exclusion(
        "none",
        r"^corpus:",
        r"^UserScriptException: TypeError: (?!(init|start|wrapper)\(\))",
        "what a real init calls in its body raises is known only by running it",
    ),
    Exclusion(
        "none",
        _ANY,
        r"^(RecursionError|ValueError: Cell is empty)",
        "the server's walk over closures",
    ),
    Exclusion("none", r"whole:sibling-", _ANY, "files beside the script that the server reads"),
    Exclusion(
        "none", r"whole:driver-module", _ANY, "the run of a driver module is in another file"
    ),
    Exclusion(
        "AML101/102",
        _any_of(
            "exec",
            "exec-of-file",
            "globals-item",
            "globals-update",
            "vars-item",
            "setattr-on-sys-modules",
            "deleted-from-globals",
            "deleted-in-called-function",
        ),
        _NO_FUNCTION,
        "names made or removed by running code",
    ),
    Exclusion(
        "AML101/102",
        "|".join((_any_of(r"star[\w-]*"), "has:star-import")),
        _NO_FUNCTION,
        "a star import may bind anything",
    ),
    Exclusion(
        "AML101/102",
        _any_of(*_BRANCHES),
        _NO_FUNCTION,
        "bound on a branch that only running the script rules out",
    ),
    Exclusion(
        "AML101/102",
        "|".join((_any_of(*_EXCEPTIONS), _SWALLOWED)),
        _NO_FUNCTION,
        "bound or unbound on a path that an exception decides on",
    ),
    Exclusion(
        "AML103/104",
        _any_of(
            "imported-(def|as|async-def|and-aliased|through-two|package|package-module)",
            "imported-(namespace-package|relative-in-package|guarded|circular)",
            r"star[\w-]*",
            "@sibling-(wraps|undisguised)",
            "decorator:sibling-(wraps|undisguised)",
        ),
        _NO_CALL,
        "the function or its decorator is in another file",
    ),
    Exclusion(
        "AML103/104",
        _any_of(
            r"builtin-[\w-]+",
            "itemgetter",
            "mock",
            "@?wrapt",
            "@?singledispatch",
            "class-(exception|enum|named-tuple|dataclass|with-metaclass)",
            "method-(of-library-class|with-metaclass)",
        ),
        _NO_CALL,
        "how something of a library can be called is told by the library, and its version",
    ),
    Exclusion(
        "AML103/104",
        _any_of("callable-object-static", "class-new-and-init", "method-of-two-bases"),
        _NO_CALL,
        "which parameters count depends on the Python, or on the order of several bases",
    ),
    Exclusion(
        "AML103/104",
        _any_of(
            "alias-either-unlike",
            "alias-chosen-by-if",
            "factory-of-two-unlike",
            "method-twice",
            "@?applied-conditionally",
            "@?debug-only",
            "@?optional-arguments",
        ),
        _NO_CALL,
        "one of several: which one, only running the script tells",
    ),
    Exclusion(
        "AML103/104",
        rf"none-then-defined\[.*({_PATHS})",
        _NO_CALL,
        "one of several: which one, a branch or an exception decides on",
    ),
    Exclusion(
        "AML103/104",
        _any_of(
            "match-capture",
            "match-mapping-capture",
            "for-target",
            "with-target",
            "rebound-by-for",
            "walrus-in-comprehension",
            "walrus-in-comprehension-condition",
            "walrus-short-circuit",
        ),
        _NO_CALL,
        "a loop, context manager, pattern or condition has to run before it is bound",
    ),
    Exclusion(
        "AML103/104",
        _any_of(
            "exec",
            "exec-of-file",
            "globals-item",
            "globals-update",
            "vars-item",
            "setattr-on-sys-modules",
            "module-getattr",
            "module-getattr-none",
            "alias-(subscript|unpacked-list)",
            "method-(property|replaced)",
            "callable-object-with-(new|getattr)",
            "factory-(nonlocal|of-starred)",
            "partial-starred",
            "@?wraps-own-copy",
            "@?supplying-(rebound|changed|setdefault)",
        ),
        _NO_CALL,
        "put together while the script runs: containers, properties, unpacked arguments",
    ),
)


_MADE_BY_RUNNING = "|".join((_any_of("load:(globals-item|star)"), "has:star-import"))
#: Failures of a call about which amllint may be silent although a rule is to tell of them.
SILENCE_EXCLUSIONS = (
    Exclusion(
        "AML105/106/107/113/122",
        _MADE_BY_RUNNING,
        _ANY,
        "a star import, or code that makes names while it runs: any name may be another thing",
    ),
    Exclusion(
        "AML106",
        _any_of("imported-async-def"),
        r"coroutine",
        "the function is in another file",
    ),
    Exclusion(
        "AML107",
        _any_of("schema:name-above-wraps"),
        r"provided param_name",
        "a decorator above the schema may pass other names on",
    ),
    Exclusion(
        "AML113",
        r"^globals:.*/other-value/",
        r"another answer|^NameError",
        "the module has a value of its own under that name, which `run` may be meant to see",
    ),
    Exclusion(
        "AML113",
        r"^globals:(nested|nested-global-outside|default-argument|class-method|except-name|deleted)/",
        r"another answer",
        "not a plain assignment in `init` or in a function that it calls",
    ),
    Exclusion(
        "AML114",
        r"^globals:(except-name|deleted|assign/lazily)",
        r"^NameError",
        "the name is bound by a statement, and unbound or not yet bound when it is read",
    ),
    Exclusion(
        "AML114",
        _any_of("answer:undefined-in-lambda"),
        r"^NameError",
        "a lambda may never be called",
    ),
    Exclusion(
        "AML122",
        r"^run:.*(class|generator|contextmanager)",
        r"is not JSON serializable",
        "what is made of `run` by a class, a generator or a decorator is not a value it returns",
    ),
    Exclusion(
        "AML122",
        _ANY,
        r"Object of type (object|type|builtin_function_or_method|Fraction|Label) |^TypeError: keys"
        r"|Circular reference",
        "the rule names the values that people answer with, not everything that JSON lacks",
    ),
    *(
        Exclusion(
            rule,
            f"warned:{rule}",
            _ANY,
            "told as a warning: the place, or the value, is not certain for every call",
        )
        for rule in ("AML107", "AML114", "AML122", "AML128", "AML129")
    ),
    Exclusion(
        "AML114",
        r"^corpus:.*has:ellipsis",
        r"^NameError",
        "a sample with `...` in place of its code is no finished script",
    ),
    Exclusion("AML129", _any_of("builtin-exit"), r"SystemExit", "a builtin as `run`"),
    Exclusion(
        "AML129",
        _any_of("answer:exit-on-condition"),
        r"SystemExit",
        "on a condition: a warning, since another call would not come to it",
    ),
)
#: Errors that may be about a call which was answered.
CLAIM_EXCLUSIONS = (
    Exclusion(
        "AML106",
        r"^init:|^corpus:init:|init:.*async",
        _ANY,
        "an `init` that does not run is not seen by a call that needs nothing of it",
    ),
    *(
        Exclusion(
            rule,
            r"^corpus:.*has:answering-handler",
            _ANY,
            "a handler of the real script answers the exception with 200, of which amllint warns",
        )
        for rule in ("AML113", "AML114", "AML122")
    ),
    Exclusion(
        "AML122",
        _any_of("answer:(set-in-branch|finally)"),
        _ANY,
        "this call is answered by another `return`, that of the other branch or of `finally`",
    ),
    *(
        Exclusion(
            rule,
            _any_of(
                r"parse:(caught-undefined|guarded-undefined|unused-branch|unused-handler)",
                r"parse:try",
                r"answer:(error-text|finally)",
            ),
            _ANY,
            "the script answers the exception itself, or this call does not come to the place",
        )
        for rule in ("AML113", "AML114")
    ),
)


def excuse(exclusions: Iterable[Exclusion], kind: str, error: str) -> Exclusion | None:
    """The first exclusion that covers a failure for ``error`` of a case of ``kind``."""
    matching = (
        one for one in exclusions if re.search(one.kind, kind) and re.search(one.error, error)
    )
    return next(matching, None)
