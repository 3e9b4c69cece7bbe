"""What `run` answers: which status, in which handler, and whether it tells of a failure."""

from __future__ import annotations

import pytest

from amllint.analysis.values import Failed

from .scripts import facts, shown, source

HEAD = """
from http import HTTPStatus
import flask
from azureml.contrib.services.aml_response import AMLResponse
from fastapi.responses import JSONResponse

"""

STATUS = {
    "1": None,
    "{'error': 'x'}": None,
    "AMLResponse('x')": 200,
    "AMLResponse('x', 400)": 400,
    "AMLResponse('x', status_code=400)": 400,
    "AMLResponse('x', '400 BAD REQUEST')": 400,
    "AMLResponse('x', HTTPStatus.OK)": 200,
    "AMLResponse('x', HTTPStatus.NOT_FOUND)": 400,
    "AMLResponse('x', HTTPStatus.NOT_FOUND.value)": 400,
    "AMLResponse('x', status)": "unknown",
    "AMLResponse('x', *rest)": "unknown",
    "AMLResponse('x', **rest)": "unknown",
    "flask.Response('x', 503)": 503,
    "flask.Response('x', status=503)": 503,
    "flask.make_response('x', 503)": 503,
    "JSONResponse({}, status_code=422)": 422,
    "AMLResponse('x', 400) if flag else AMLResponse('y', 400)": 400,
    "AMLResponse('x', 400) if flag else AMLResponse('y', 500)": "unknown",
    "AMLResponse('x', 400) if flag else 'y'": "unknown",
}


@pytest.mark.parametrize("expression", STATUS)
def test_the_status_of_an_answer(expression: str) -> None:
    (returned,) = facts(f"{HEAD}def run(raw_data):\n    return {expression}\n").outcome.returns
    assert returned.value.status == STATUS[expression]


@pytest.mark.parametrize("attribute", ["status_code", "status"])
def test_a_status_set_on_the_response_counts(attribute: str) -> None:
    (returned,) = facts(f"""{HEAD}
def run(raw_data):
    response = AMLResponse("x")
    response.{attribute} = 503
    return response
""").outcome.returns
    assert returned.value.status == 503


def test_the_status_that_a_helper_sets_counts() -> None:
    (returned,) = facts(f"""{HEAD}
def failed(message, status=500):
    return AMLResponse(message, status_code=500)

def run(raw_data):
    answer = failed("x")
    return answer
""").outcome.returns
    assert returned.value.status == 500


FAILURES = {
    "None": True,
    "": True,
    "'failed'": True,
    "f'failed: {x}'": True,
    "'failed: ' + x": True,
    "{'error': 'x'}": True,
    "{'error': message}": True,
    "{'errors': ['x']}": True,
    "{'success': False}": True,
    "{'message': 'prediction failed'}": True,
    "{'status': 'error'}": True,
    "json.dumps({'error': 'x'})": True,
    "AMLResponse({'error': 'x'}, 200)": True,
    "str(e)": True,
    "('failed', 500)": True,
    "{'error': None}": False,
    "{'error': ''}": False,
    "{'success': True}": False,
    "{'message': 'ok'}": False,
    "{'prediction': 0}": False,
    "0": False,
    "-1": False,
    "[0.0]": False,
    "[]": False,
    "{}": False,
    "default": False,
    "fallback.predict(x)": False,
    "AMLResponse('x', status)": False,
}


@pytest.mark.parametrize("expression", FAILURES)
def test_an_answer_of_a_handler_tells_of_a_failure_or_does_not(expression: str) -> None:
    (_, returned) = facts(f"""{HEAD}
import json
def run(raw_data):
    try:
        return work(raw_data)
    except Exception as e:
        return {expression}
""").outcome.returns
    assert returned.failure is FAILURES[expression]
    assert returned.handler is not None


def handled(script: str) -> list[str]:
    """The returns that stand in a handler, as line and text."""
    returns = facts(script).outcome.returns
    read = source(script).text
    return shown(read, {r.span for r in returns if r.handler is not None})


def test_an_answer_is_of_the_handler_that_it_stands_in() -> None:
    script = """
        def run(raw_data):
            try:
                return 1
            except Exception:
                return 2
            else:
                return 3
            finally:
                log()
            return 4
        """
    assert handled(script) == ["6: return 2"]


def test_an_answer_of_a_helper_called_in_a_handler_is_the_handlers() -> None:
    script = """
        def failed():
            return {"error": "x"}

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception:
                return failed()
        """
    assert handled(script) == ['3: return {"error": "x"}']


def test_an_answer_of_a_helpers_own_handler_is_that_ones() -> None:
    script = """
        def guarded(data):
            try:
                return work(data)
            except Exception:
                return "failed"

        def run(raw_data):
            return guarded(raw_data)
        """
    assert handled(script) == ['6: return "failed"']


def kept(script: str) -> list[str]:
    """Where a failure is put into a variable that is returned later."""
    labels = {n for r in facts(script).outcome.returns for n in r.value.labels}
    places = {n.assigned for n in labels if isinstance(n, Failed)}
    return shown(source(script).text, places)


KEPT = {
    "a failing dict": """
        def run(raw_data):
            try:
                answer = work(raw_data)
            except Exception:
                answer = {"error": "x"}
            return answer
        """,
    "a failing text": """
        def run(raw_data):
            try:
                answer = work(raw_data)
            except Exception:
                answer = "prediction failed"
            return {"answer": answer}
        """,
    "the text of the exception": """
        def run(raw_data):
            try:
                answer = work(raw_data)
            except Exception as e:
                answer = str(e)
            return answer
        """,
    "in an inner handler": """
        def run(raw_data):
            for row in raw_data:
                try:
                    work(row)
                except Exception:
                    answer = "error"
            return answer
        """,
}


@pytest.mark.parametrize("case", KEPT)
def test_a_failure_kept_in_a_variable_is_returned_after_the_try(case: str) -> None:
    (place,) = kept(KEPT[case])
    assert place.endswith(": answer")


FALLBACKS = {
    "a default": """
        def run(raw_data):
            try:
                answer = work(raw_data)
            except Exception:
                answer = [0.0]
            return answer
        """,
    "a plain word": """
        def run(raw_data):
            try:
                category = work(raw_data)
            except Exception:
                category = "other"
            return category
        """,
    "overwritten afterwards": """
        def run(raw_data):
            try:
                answer = work(raw_data)
            except Exception:
                answer = "prediction failed"
            answer = [0.0]
            return answer
        """,
    "not returned": """
        def run(raw_data):
            try:
                answer = work(raw_data)
            except Exception:
                note = "prediction failed"
                logger.error(note)
                answer = [0.0]
            return answer
        """,
    "raised instead": """
        def run(raw_data):
            try:
                answer = work(raw_data)
            except Exception:
                answer = "prediction failed"
                raise
            return answer
        """,
    "outside of a handler": """
        def run(raw_data):
            answer = "no error"
            return answer
        """,
}


@pytest.mark.parametrize("case", FALLBACKS)
def test_what_a_handler_keeps_is_not_always_a_failure(case: str) -> None:
    assert kept(FALLBACKS[case]) == []


@pytest.mark.parametrize(
    "body",
    [
        "raise",
        "raise ValueError('x') from error",
        "while True:\n            pass\n        raise",
        "if flag:\n            raise\n        else:\n            raise ValueError",
        "with span():\n            raise",
        "try:\n            raise\n        finally:\n            log()",
    ],
)
def test_a_handler_that_raises_answers_nothing(body: str) -> None:
    script = f"""{HEAD}
def run(raw_data):
    try:
        answer = work(raw_data)
    except Exception as error:
        {body}
        return "failed"
    return answer
"""
    assert handled(script) == []


def test_an_else_that_returns_leaves_only_the_handlers_behind() -> None:
    script = """
        def run(raw_data):
            try:
                answer = work(raw_data)
            except Exception:
                answer = "prediction failed"
            else:
                return answer
            return answer
        """
    returns = facts(script).outcome.returns
    failed = [r for r in returns if r.value.carries(Failed)]
    lines = [source(script).position(r.span.start).line for r in failed]
    assert lines == [9]
