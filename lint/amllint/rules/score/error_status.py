"""The mend of `error-as-success`: an error status where a handler answers with 200."""

from __future__ import annotations

from itertools import pairwise

from amllint.analysis.known_calls import SERIALIZERS, response_of
from amllint.analysis.values import Failed, Returned
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Edit, Fix
from amllint.rules.score.asked_calls import asked_in, tried_by
from amllint.rules.score.handlers import fixed_message, leaves_handler, path_in, status_of
from amllint.rules.score.request_guard import CAUGHT, handler_lines, parsing_lines
from amllint.rules.score.script_edits import Wanted, whole_lines
from amllint.source.python import syntax as s
from amllint.source.text import Span


def error_status(script: ScoringScript, returned: Returned, handler: s.Handler) -> Fix | None:
    """Answer with an error status where a handler returns, or ends without an answer."""
    status = status_of(script, handler)
    wanted = Wanted(script)
    response = wanted.response()
    if response is None:
        return None
    edits: list[Edit] | None
    nothing = (
        f'{response}({{"error": "{fixed_message(script, handler)}"}}, {status}, json_str=True)'
    )
    if returned.span == handler.span:
        edits = _appended(script, handler, nothing)
    elif not path_in(handler, returned.span) or leaves_handler(path_in(handler, returned.span)):
        edits = None
    elif returned.expression is None or _is_none(returned.expression):
        edits = [Edit(script.path, returned.span, f"return {nothing}")]
    else:
        edits = _answered(script, returned.expression, response, status)
    if edits and status == 500:
        edits = [*_request_handler(script, handler, wanted, response), *edits]
    return _status_fix(edits, wanted, status)


def _request_handler(
    script: ScoringScript, handler: s.Handler, wanted: Wanted, response: str
) -> list[Edit]:
    """A handler for bad requests ahead of one that takes them for failures of the service."""
    raised = {r.raises for r, by in script.outcome.caught if by == handler}
    here = whole_lines(script, handler.span, handler.body[-1].span)
    inside = whole_lines(script, handler.body[0].span, handler.body[0].span)
    if not raised or not raised <= CAUGHT.keys() or here is None or inside is None:
        return []
    logger = wanted.logger()
    unit = inside.indent.removeprefix(here.indent)
    if logger is None or not unit or "OSError" in raised:
        return []
    asked = asked_in(script, tried_by(script, handler))
    if asked:
        lines = parsing_lines(raised, asked, wanted, logger, response)
    else:
        lines = handler_lines({CAUGHT[r] for r in raised}, logger, response)
    newline = script.source.newline
    text = "".join(here.indent + line.replace("\t", unit) + newline for line in lines)
    return [Edit(script.path, Span(here.span.start, here.span.start), text)]


def kept_failure(script: ScoringScript, returned: Returned, failed: Failed) -> Fix | None:
    """Give an error status to a failure that a handler keeps in a variable for a later return."""
    status = status_of(script, failed.handler)
    wanted = Wanted(script)
    response = wanted.response()
    assigned = _assigned_once(script, returned, failed)
    edits: list[Edit] | None = None
    if response is not None and assigned is not None:
        edits = _answered(script, assigned, response, status)
    elif response is not None and returned.expression is not None:
        edits = _returned_early(script, returned, failed.handler, response, status)
    return _status_fix(edits, wanted, status)


def flask_idiom(script: ScoringScript, returned: Returned) -> Fix | None:
    """`return body, 400` as the server understands it."""
    pair = returned.expression
    wanted = Wanted(script)
    response = wanted.response()
    whole = script.source.slice(returned.span)
    if not isinstance(pair, s.Display) or len(pair.items) != 2 or response is None:
        return None
    if "#" in whole or not whole.startswith("return"):
        return None
    if _is_response(script, _bare(script, pair.items[0])):
        return None
    body, status = (script.source.slice(_bare(script, i).span) for i in pair.items)
    text = f"return {response}({body}, {status}, json_str=True)"
    return _status_fix([Edit(script.path, returned.span, text)], wanted, status)


def _status_fix(edits: list[Edit] | None, wanted: Wanted, status: int | str) -> Fix | None:
    if not edits:
        return None
    return Fix("unsafe", f"answer with status {status}", (*wanted.edits(), *edits))


def _answered(script: ScoringScript, body: s.Expr, response: str, status: int) -> list[Edit] | None:
    """Put a body into a response; one that has the wrong status gets the right one."""
    if isinstance(body, s.Call) and _is_response(script, _bare(script, body)):
        given = [a.value for a in body.arguments if a.keyword in (None, "status_code", "status")]
        written = [v for v in given[-1:] if isinstance(v, s.Constant) and v.value == 200]
        return [Edit(script.path, v.span, str(status)) for v in written]
    inner = _bare(script, body).span
    before = Span(body.span.start, inner.start)
    after = Span(inner.end, body.span.end)
    return [
        Edit(script.path, before, f"{response}("),
        Edit(script.path, after, f", {status}, json_str=True)"),
    ]


def _bare(script: ScoringScript, body: s.Expr) -> s.Expr:
    """What `json.dumps` is called with: the response does that itself."""
    if not isinstance(body, s.Call) or len(body.arguments) != 1:
        return body
    called = script.names.qualify(body.function)
    only = body.arguments[0]
    encodes = called in SERIALIZERS or called == "flask.jsonify"
    return only.value if encodes and not only.keyword and not only.star else body


def _is_response(script: ScoringScript, body: s.Expr) -> bool:
    """Whether a body is a response already, which no other response can hold."""
    called = script.names.qualify(body.function) if isinstance(body, s.Call) else None
    return called == "flask.jsonify" or response_of(called or "") is not None


def _is_none(expression: s.Expr) -> bool:
    return isinstance(expression, s.Constant) and expression.value is None


def _appended(script: ScoringScript, handler: s.Handler, answer: str) -> list[Edit] | None:
    """A `return` at the end of a handler, or in place of its `pass`."""
    last = handler.body[-1]
    if isinstance(last, s.Jump) and last.kind == "pass":
        return [Edit(script.path, last.span, f"return {answer}")]
    first = handler.body[0].span
    lines = whole_lines(script, first, first)
    end = whole_lines(script, last.span, last.span)
    if lines is None or end is None:
        return None
    text = f"{script.source.newline}{lines.indent}return {answer}"
    return [Edit(script.path, Span(end.span.end, end.span.end), text)]


def _assigned_once(script: ScoringScript, returned: Returned, failed: Failed) -> s.Expr | None:
    """What the handler assigns to the variable, where nothing but that return reads it."""
    name = returned.expression
    path = path_in(failed.handler, failed.assigned)
    statement = next((n for n in reversed(path) if isinstance(n, s.Assign)), None)
    if not isinstance(name, s.Name) or statement is None or leaves_handler(path):
        return None
    target = statement.targets[0]
    function = _function_around(script, returned.span)
    if not isinstance(target, s.Name) or target.id != name.id or function is None:
        return None
    scope = script.facts.scope(function)
    reads = [r for r in scope.reads.get(name.id, []) if r != name.span]
    return statement.value if not reads and len(statement.targets) == 1 else None


def _returned_early(
    script: ScoringScript, returned: Returned, handler: s.Handler, response: str, status: int
) -> list[Edit] | None:
    """Return from the handler itself, where the return is what comes right after its `try`."""
    function = _function_around(script, returned.span)
    for node in s.walk(function) if function else ():
        blocks = [v for v in node[1:] if isinstance(v, tuple)]
        for block in blocks:
            for one, following in pairwise(block):
                ours = isinstance(one, s.Try) and any(h == handler for h in one.handlers)
                if ours and isinstance(following, s.Return) and following.span == returned.span:
                    body = script.source.slice(_bare(script, following.value).span)  # type: ignore[arg-type]
                    answer = f"{response}({body}, {status}, json_str=True)"
                    return _appended(script, handler, answer)
    return None


def _function_around(script: ScoringScript, span: Span) -> s.Function | None:
    inside = [f for f in script.facts.all_functions if f.span.contains(span)]
    return inside[-1] if inside else None
