"""The three rules that concern `run` never contradict each other.

What any one page says to write is clean for the other two, and so are the forms in which
people mend such a script.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import look, names, places
from tests.rules.pages import pages

RUN_RULES = ("unhandled-run-error", "error-leak", "error-as-success")

HEAD = """\
import contextlib
import json
import logging
import os
import traceback
from http import HTTPStatus

import joblib
from azureml.contrib.services.aml_response import AMLResponse
from flask import Response

logger = logging.getLogger(__name__)


class BadInput(Exception):
    pass


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


"""

MENDED = {
    "raise again": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception:
        raise
""",
    "log and raise again": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception:
        logger.exception("prediction failed")
        raise
""",
    "raise another from it": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception as error:
        raise RuntimeError("prediction failed") from error
""",
    "raise another from nothing": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except KeyError:
        raise ValueError("no data") from None
    except ValueError:
        raise
    except TypeError:
        raise
""",
    "AMLResponse with a positional status": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception:
        return AMLResponse("bad request", 400)
""",
    "AMLResponse with a named status": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception:
        return AMLResponse({"error": "bad request"}, status_code=500, json_str=True)
""",
    "AMLResponse with a status of http": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception:
        return AMLResponse("bad request", HTTPStatus.BAD_REQUEST)
""",
    "AMLResponse with the value of a status of http": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception:
        return AMLResponse("bad request", HTTPStatus.BAD_REQUEST.value)
""",
    "AMLResponse in a variable": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception:
        response = AMLResponse("prediction failed", 500)
        return response
""",
    "AMLResponse whose status is set afterwards": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception:
        response = AMLResponse("prediction failed")
        response.status_code = 500
        return response
""",
    "flask's own response": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception:
        return Response("prediction failed", status=500)
""",
    "a helper that answers": """\
def failed(message, status):
    return AMLResponse({"error": message}, status, json_str=True)


def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception:
        logger.exception("prediction failed")
        return failed("prediction failed", 500)
""",
    "a handler for input and one for the model": """\
def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        return AMLResponse("send JSON with data", 400)
    try:
        return model.predict(data).tolist()
    except Exception:
        logger.exception("the model failed")
        return AMLResponse("prediction failed", 500)
""",
    "several handlers": """\
def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
        return model.predict(data).tolist()
    except json.JSONDecodeError:
        return AMLResponse("not JSON", 400)
    except KeyError:
        return AMLResponse("no data", 400)
    except Exception:
        logger.exception("prediction failed")
        return AMLResponse("prediction failed", 500)
""",
    "the success in else": """\
def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
    except Exception:
        return AMLResponse("bad request", 400)
    else:
        return model.predict(data).tolist()
""",
    "one return at the end": """\
def run(raw_data):
    try:
        result = model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception:
        logger.exception("prediction failed")
        result = AMLResponse("prediction failed", 500)
    return result
""",
    "finally logs": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception:
        return AMLResponse("prediction failed", 500)
    finally:
        logger.info("done")
""",
    "the text is logged": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception as error:
        logger.error("prediction failed: %s", error)
        return AMLResponse("prediction failed", 500)
""",
    "the trace is logged": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception:
        logger.error(traceback.format_exc())
        return AMLResponse("prediction failed", 500)
""",
    "the text is printed": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception as error:
        print(f"prediction failed: {error}")
        raise
""",
    "the class is named": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception as error:
        return AMLResponse(f"failed with {type(error).__name__}", 500)
""",
    "its own exception class": """\
def parse(raw_data):
    try:
        return json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        raise BadInput("send JSON with data") from None


def run(raw_data):
    try:
        return model.predict(parse(raw_data)).tolist()
    except BadInput as error:
        return AMLResponse(str(error), 400)
""",
    "a helper with the try": """\
def parse(raw_data):
    try:
        return json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        return None


def run(raw_data):
    data = parse(raw_data)
    if data is None:
        return AMLResponse("send JSON with data", 400)
    return model.predict(data).tolist()
""",
    "a decorator with the try": """\
def guarded(function):
    def wrapper(raw_data):
        try:
            return function(raw_data)
        except Exception:
            logger.exception("prediction failed")
            return AMLResponse("prediction failed", 500)

    return wrapper


@guarded
def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
""",
    "a fallback prediction": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception:
        logger.exception("prediction failed")
        return [0.0]
""",
    "an id of the incident": """\
def run(raw_data):
    import uuid

    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception:
        incident = str(uuid.uuid4())
        logger.exception("prediction failed: %s", incident)
        return AMLResponse({"error": "prediction failed", "id": incident}, 500, json_str=True)
""",
    "checked before it is used": """\
def run(raw_data):
    try:
        body = json.loads(raw_data)
    except ValueError:
        return AMLResponse("not JSON", 400)
    data = body.get("data") if isinstance(body, dict) else None
    if data is None:
        return AMLResponse("no data", 400)
    return model.predict(data).tolist()
""",
    "suppressed, then told": """\
def run(raw_data):
    data = None
    with contextlib.suppress(ValueError, KeyError, TypeError):
        data = json.loads(raw_data)["data"]
    if data is None:
        return AMLResponse("send JSON with data", 400)
    return model.predict(data).tolist()
""",
}


@pytest.mark.parametrize("form", MENDED)
def test_a_mended_script_is_clean_for_all_three(form: str, tmp_path: Path) -> None:
    report = look(tmp_path, {"score.py": HEAD + MENDED[form]}, select=RUN_RULES)
    assert [row.kind for row in report.listed] == ["online scoring script"]
    assert places(report) == []


@pytest.mark.parametrize("rule", RUN_RULES)
def test_what_one_page_says_is_clean_for_the_others(rule: str, tmp_path: Path) -> None:
    (page,) = (p for p in pages() if p.rule.name == rule)
    block = page.block("Use instead")
    report = look(tmp_path, block.files, select=RUN_RULES)
    assert [row.kind for row in report.listed] == ["online scoring script"]
    assert places(report) == []


BROKEN = {
    "unhandled-run-error": """\
def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
""",
    "error-leak": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception as error:
        return AMLResponse(str(error), 500)
""",
    "error-as-success": """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception:
        return "prediction failed"
""",
}


@pytest.mark.parametrize("rule", BROKEN)
def test_each_defect_is_the_business_of_one_rule(rule: str, tmp_path: Path) -> None:
    report = look(tmp_path, {"score.py": HEAD + BROKEN[rule]}, select=RUN_RULES)
    assert names(report) == [rule]


def test_a_leak_with_status_200_is_both_a_leak_and_a_success(tmp_path: Path) -> None:
    script = """\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception as error:
        return str(error)
"""
    report = look(tmp_path, {"score.py": HEAD + script}, select=RUN_RULES)
    assert sorted(names(report)) == ["error-as-success", "error-leak"]


@pytest.mark.parametrize("form", [*MENDED, *BROKEN])
def test_batch_scripts_have_no_caller_to_answer(form: str, tmp_path: Path) -> None:
    script = HEAD + {**MENDED, **BROKEN}[form].replace("raw_data", "mini_batch")
    report = look(tmp_path, {"score.py": script}, select=RUN_RULES)
    assert [row.kind for row in report.listed] == ["batch scoring script"]
    assert places(report) == []


@pytest.mark.parametrize(
    ("raised", "caught", "told"),
    [
        ("ValueError", "ValueError", False),
        ("KeyError", "(ValueError, LookupError)", False),
        ("ValueError", "KeyError", True),
        ("Refused", "ValueError", True),
    ],
)
def test_an_exception_that_is_made_raises_itself(
    raised: str, caught: str, told: bool, tmp_path: Path
) -> None:
    script = (
        "from azureml.contrib.services.aml_response import AMLResponse\n\n\n"
        "def init():\n    pass\n\n\ndef run(data):\n    try:\n        if len(data) > 9:\n"
        f'            raise {raised}("too long")\n    except {caught}:\n'
        '        return AMLResponse({"error": "too long"}, 400, json_str=True)\n'
        '    return {"received": len(data)}\n'
    )
    report = look(tmp_path, {"score.py": script}, select=("AML108",), persona="pedantic")
    assert bool(report.findings) is told
