"""Which handlers keep what the server raises from getting out."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.config import Settings
from amllint.engine import fixing
from amllint.source.overlay import Overlay
from tests.checking import look, write

RULE = "broad-except"
HEAD = """\
import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


"""


def run(handler: str, *, tried: str = "return model.predict(raw_data)", after: str = "pass") -> str:
    return f"def run(raw_data):\n    try:\n        {tried}\n    {handler}\n    {after}\n"


ASK = (
    "def ask(x):\n    try:\n        return model.predict(x)\n    except:\n        return [0]\n\n\n"
)
FALLBACK = "\n        return [0.5]"
CASES = {
    "bare": (run("except:" + FALLBACK), "warning"),
    "bare, with a comment": (run("except :  # noqa" + FALLBACK), "warning"),
    "BaseException": (run("except BaseException:" + FALLBACK), "warning"),
    "BaseException among others": (run("except (OSError, BaseException):" + FALLBACK), "warning"),
    "bare, behind one for the timeout": (
        run("except TimeoutError:\n        raise\n    except:" + FALLBACK),
        "warning",
    ),
    "bare around an upload": (
        run("except:\n        print('not uploaded')", tried="blobs.upload_blob(raw_data)"),
        "warning",
    ),
    "bare around a conversion": (
        run("except:\n        x = 0.0", tried="x = float(raw_data)", after="return x"),
        "info",
    ),
    "bare, answered": (run("except:\n        return AMLResponse('failed', 500)"), "info"),
    "bare, raising again": (run("except:\n        logging.exception('x')\n        raise"), None),
    "Exception with a fallback": (run("except Exception:" + FALLBACK), "info"),
    "OSError with a fallback": (run("except OSError:" + FALLBACK), "info"),
    "TimeoutError with a fallback": (run("except TimeoutError:" + FALLBACK), "info"),
    "ValueError": (run("except ValueError:" + FALLBACK), None),
    "Exception, behind one for the timeout": (
        run("except TimeoutError:\n        raise\n    except Exception:" + FALLBACK),
        None,
    ),
    "Exception, answered": (run("except Exception:\n        return AMLResponse('no', 500)"), None),
    "Exception, raising another": (
        run("except Exception as e:\n        raise RuntimeError('no') from e"),
        None,
    ),
    "Exception not around the model": (
        run("except Exception:" + FALLBACK, tried="return json.loads(raw_data)"),
        None,
    ),
    "encoding a text": (
        run("except Exception:\n        pass", tried="client.send(raw_data.encode())"),
        None,
    ),
    "reported as success": (run("except Exception:\n        return {'error': 'failed'}"), None),
    "bare, reported as success": (run("except:\n        return {'error': 'failed'}"), None),
    "reported as a leak": (run("except Exception as e:\n        return [str(e)]"), None),
    "failing afterwards": (
        run(
            "except Exception:\n        print('no')", tried="x = model.predict(1)", after="return x"
        ),
        None,
    ),
    "going on with what was there": (
        "def run(raw_data):\n    x = [0]\n    try:\n        x = model.predict(raw_data)\n"
        "    except Exception:\n        print('no')\n    return x\n",
        "info",
    ),
    "failing in the handler": (
        run("except Exception as e:\n        print(json.dumps({'e': e}))\n        return [1]"),
        None,
    ),
    "in a helper": (
        ASK + "def run(raw_data):\n    return ask(raw_data)\n",
        "warning",
    ),
    "not reached": (
        ASK + "def run(raw_data):\n    return model.predict(raw_data)\n",
        None,
    ),
    "batch": (run("except:" + FALLBACK).replace("raw_data", "mini_batch"), None),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_handler_takes_is_graded(name: str, tmp_path: Path) -> None:
    body, severity = CASES[name]
    report = look(tmp_path, {"score.py": HEAD + body}, select=(RULE,), persona="pedantic")
    assert [f.severity for f in report.findings] == ([severity] if severity else [])
    assert not report.incomplete


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "except:" + FALLBACK,
            "except TimeoutError:\n        raise\n    except Exception:" + FALLBACK,
        ),
        (
            "except BaseException as e:" + FALLBACK,
            "except TimeoutError:\n        raise\n    except Exception as e:" + FALLBACK,
        ),
        (
            "except Exception:" + FALLBACK,
            "except TimeoutError:\n        raise\n    except Exception:" + FALLBACK,
        ),
        (
            "except:\n        return AMLResponse('no', 500)",
            "except Exception:\n        return AMLResponse('no', 500)",
        ),
        ("except (OSError, BaseException):" + FALLBACK, None),
    ],
)
def test_the_fix_lets_the_servers_exceptions_through(
    before: str, after: str | None, tmp_path: Path
) -> None:
    write(tmp_path, {"score.py": HEAD + run(before)})
    settings = Settings(select=(RULE,), persona="pedantic")
    overlay = Overlay(cwd=str(tmp_path))
    fixed = fixing.fix(["."], settings, overlay, unsafe=True, ignores=True)
    assert fixed.after.get("score.py") == (after and HEAD + run(after))
    if after:
        assert RULE not in {f.name for f in fixed.report.findings}
