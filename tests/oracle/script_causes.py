"""Why starts and calls failed, by the server's own words, and which rules are to explain it."""

from __future__ import annotations

import re
from typing import NamedTuple


class Cause(NamedTuple):
    """A kind of failure: what the log says of it, and the rules of which one should have told.

    Without rules the failure is not to be foreseen, for the reason that is its name.
    """

    name: str
    pattern: str
    rules: tuple[str, ...] = ()


START_CAUSES = (
    Cause("no `init` or no `run`", r"does not have a (init|run)\(\)", ("AML101", "AML102")),
    Cause(
        "a signature of `run` that is refused",
        r"run\(\) (cannot accept|needs to accept)|is not a callable object|^ValueError: ",
        ("AML104",),
    ),
    Cause("both `@rawhttp` and a schema", r"cannot be decorated with both", ("AML107",)),
    Cause(
        "a schema decorator or type",
        r"param_type|output schema already|(input|output)_schema\(\)|ParameterType|Sample input"
        r"|python data sample|rawhttp\(\) missing",
        ("AML107",),
    ),
    Cause(
        "syntax or encoding",
        r"^UserScriptImportException: (SyntaxError|IndentationError|TabError|UnicodeDecodeError)"
        r"|null bytes",
        ("AML901", "AML903", "AML134"),
    ),
    Cause("an undefined name", r"NameError: name", ("AML114", "AML113")),
    Cause("an import", r"ModuleNotFoundError|ImportError", ("AML136", "AML135")),
    Cause("the end of the process", r"SystemExit|said nothing", ("AML129",)),
    Cause("a debugger", r"BdbQuit", ("AML128",)),
    Cause("neither healthy nor ended", r"neither healthy", ("AML129", "AML128")),
    Cause(
        "a file that the server reads first",
        r"^(JSONDecodeError|AttributeError: '\w+' object has no attribute 'get'|[A-Z_]+: Input"
        r"|ValueError: (dictionary doesn't|Unsupported version|Unable to configure))",
        ("AML141",),
    ),
    Cause(
        "the call `init()`",
        r"^UserScriptException: TypeError: .*(missing \d+ required|takes \d+ positional"
        r"|not callable|unexpected keyword|at least \d+ (positional )?argument"
        r"|expected \d+ argument|exactly one)",
        ("AML103",),
    ),
    Cause(
        "what module-level code raises is known only by running it", r"^UserScriptImportException"
    ),
    Cause("what `init` raises is known only by running it", r"^UserScriptException"),
    Cause("the server's walk over closures", r"^(RecursionError|ValueError: Cell is empty)"),
    Cause("something else", r""),
)
CALL_CAUSES = (
    Cause(
        "a response that cannot be made (AML143 warns)",
        r"AMLResponse|^TypeError: '\w+' object is not iterable|no attribute 'split'",
    ),
    Cause("an argument of `run` that is missing", r"^TypeError: .*\(\) missing \d+", ("AML105",)),
    Cause("an argument of `run` that is not taken", r"^TypeError: .*unexpected keyword"),
    Cause("a coroutine", r"Object of type (coroutine|async_generator)", ("AML106",)),
    Cause("a stand-in of the oracle is no answer", r"Object of type Anything"),
    Cause(
        "an answer that is not serializable",
        r"is not JSON serializable|keys must be str|Circular reference",
        ("AML122",),
    ),
    Cause("a schema's name", r"provided param_name", ("AML107",)),
    Cause("a request that does not fit its schema", r"^ValueError: Invalid input|^refused "),
    Cause("an undefined name", r"^NameError: name", ("AML114", "AML113")),
    Cause("the end of the process", r"^SystemExit|^no answer", ("AML129",)),
    Cause("a status that the script chose", r"^status \d+$"),
    Cause("a debugger", r"BdbQuit", ("AML128",)),
    Cause("a name that `init` keeps to itself", r"^another answer than", ("AML113",)),
    Cause("a local that is read too early", r"^UnboundLocalError"),
    Cause("what `run` raises is known only by running it", r""),
)


def cause_of(causes: tuple[Cause, ...], error: str) -> Cause:
    """The first cause that covers what the log says."""
    return next(one for one in causes if re.search(one.pattern, error))
