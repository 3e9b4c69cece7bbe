"""When `init` goes on without what `run` needs, and when it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import line, look

RULE = "swallowed-init-error"
HEAD = "import logging\nimport os\nimport sys\n\nimport joblib\n\n"
RUN = "def run(raw_data):\n    return model.predict(raw_data)\n"


def swallowing(handler: str, *, before: str = "", after: str = "", run: str = RUN) -> str:
    """A script whose `init` loads the model in a `try`; the handler's first line is line 12."""
    return (
        f"{HEAD}def init():\n    global model\n    {before or 'pass'}\n    try:\n"
        f"        model = joblib.load('m')\n    except Exception as e:\n        {handler}\n"
        f"    {after or 'pass'}\n\n\n{run}"
    )


WHOLE = f"""{HEAD}def init():
    try:
        global model
        model = joblib.load("m")
    except Exception as e:
        print(e)


{RUN}"""
HELPER = f"""{HEAD}def load():
    try:
        return joblib.load("m")
    except OSError:
        logging.error("no model")


def init():
    global model
    model = load()


{RUN}"""
LOST = {
    "prints": swallowing("print(e)"),
    "logs": swallowing("logging.exception('no model')"),
    "passes": swallowing("pass"),
    "returns": swallowing("return"),
    "sets it to nothing": swallowing("model = None"),
    "nothing before": swallowing("print(e)", before="model = None"),
    "around everything": WHOLE,
    "helper that returns nothing": HELPER,
    "helper that says so": HELPER.replace("logging.error('no model')", "return None"),
    "helper that binds it": swallowing("print(e)").replace("def init", "def load")
    + "\n\ndef init():\n    load()\n",
    "tells run nothing that it reads": swallowing("global failed\n        failed = True"),
    "placeholder in the module": "model = None\n" + swallowing("print(e)"),
    "answered in run": swallowing(
        "print(e)",
        run="def run(raw_data):\n    try:\n        return model.predict(raw_data)\n"
        "    except Exception:\n        return AMLResponse('failed', 500)\n",
    ),
}
KEPT = {
    "raises again": swallowing("print(e)\n        raise"),
    "raises another": swallowing("raise RuntimeError('no model') from e"),
    "raises where it matters": swallowing("if STRICT:\n            raise"),
    "exits": swallowing("sys.exit(1)"),
    "exits through a helper": swallowing("fail(e)") + "\n\ndef fail(e):\n    raise e\n",
    "tries another load": swallowing("model = joblib.load('other')"),
    "tries another load later": swallowing("print(e)", after="model = joblib.load('other')"),
    "falls back in a helper": swallowing("fall_back()")
    + "\n\ndef fall_back():\n    global model\n    model = joblib.load('other')\n",
    "has another": swallowing("print(e)", before="model = Baseline()"),
    "has another in the module": "model = object()\n" + swallowing("print(e)"),
    "looks afterwards": swallowing("print(e)", after="if model is None:\n        raise OSError"),
    "run looks": swallowing(
        "model = None",
        run="def run(raw_data):\n    if model is None:\n        return AMLResponse('no', 503)\n"
        "    return model.predict(raw_data)\n",
    ),
    "run looks among the globals": swallowing(
        "print(e)",
        run="def run(raw_data):\n    if 'model' not in globals():\n        raise OSError\n"
        "    return model.predict(raw_data)\n",
    ),
    "run reads what failed": swallowing(
        "global failed\n        failed = str(e)",
        run="failed = None\n\n\ndef run(raw_data):\n    if failed:\n"
        "        return AMLResponse(failed, 503)\n    return model.predict(raw_data)\n",
    ),
    "run reads what succeeded": f"{HEAD}ready = False\n\n\ndef init():\n"
    "    global model, ready\n    try:\n        model = joblib.load('m')\n"
    "        ready = True\n    except OSError:\n        print('no model')\n\n\n"
    "def run(raw_data):\n    if not ready:\n        return AMLResponse('no', 503)\n"
    "    return model.predict(raw_data)\n",
    "run loads it": swallowing(
        "print(e)",
        run="def run(raw_data):\n    global model\n    model = joblib.load('m')\n"
        "    return model.predict(raw_data)\n",
    ),
    "run does without": swallowing(
        "print(e)",
        run="def run(raw_data):\n    try:\n        model.collect(raw_data)\n"
        "    except Exception:\n        pass\n    return 1\n",
    ),
    "run names it when it fails": swallowing(
        "print(e)",
        run="def run(raw_data):\n    try:\n        return {'echo': raw_data}\n"
        "    except Exception:\n        raise RuntimeError(f'failed with {model}')\n",
    ),
    "run does not use it": swallowing("print(e)", run="def run(raw_data):\n    return 1\n"),
    "only a path": f"{HEAD}def init():\n    global model\n"
    "    try:\n        path = os.environ['A']\n"
    f"    except KeyError:\n        path = '.'\n    model = joblib.load(path)\n\n\n{RUN}",
    "helper, and run looks": HELPER.replace(
        "return model.predict", "return model and model.predict"
    ),
    "helper that raises": HELPER.replace('logging.error("no model")', "raise"),
    "helper with another": HELPER.replace(
        'logging.error("no model")', 'return joblib.load("other")'
    ),
    "helper whose answer is looked at": HELPER.replace(
        "model = load()", "model = load()\n    if model is None:\n        raise OSError"
    ),
    "optional import": f"{HEAD}def init():\n    global model, torch\n"
    "    try:\n        import torch\n"
    f"    except ImportError:\n        torch = None\n    model = joblib.load('m')\n\n\n{RUN}",
}


@pytest.mark.parametrize("name", LOST)
def test_an_init_that_goes_on_without_the_model_is_reported(name: str, tmp_path: Path) -> None:
    report = look(tmp_path, {"score.py": LOST[name]}, select=(RULE,))
    assert [f.severity for f in report.findings] == ["warning"]
    (found,) = report.findings
    row = LOST[name].splitlines()[line(report, found) - 1]
    assert row.strip().startswith("except")


@pytest.mark.parametrize("name", KEPT)
def test_an_init_that_fails_or_does_something_about_it_is_not(name: str, tmp_path: Path) -> None:
    report = look(tmp_path, {"score.py": KEPT[name]}, select=(RULE,), persona="pedantic")
    assert report.findings == []
    assert not report.incomplete
