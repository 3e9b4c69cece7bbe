"""The fixes of what `run` answers, to the letter."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest

from amllint.config import Settings
from amllint.engine import fixing
from amllint.engine.fixing import Fixed
from amllint.source.overlay import Overlay
from tests.checking import Files, write

GUARD, LEAK, STATUS = "unhandled-run-error", "error-leak", "error-as-success"


def fixed(folder: Path, files: Files, *rules: str, persona: str = "regular") -> Fixed:
    write(folder, files)
    settings = Settings(select=rules, persona=persona)  # type: ignore[arg-type]
    overlay = Overlay(cwd=str(folder))
    result = fixing.fix(["."], settings, overlay, unsafe=True, ignores=True)
    assert not result.rejected
    return result


def mended(folder: Path, text: str, *rules: str) -> str:
    """The script after its fixes; itself where there are none."""
    result = fixed(folder, {"score.py": text}, *rules)
    assert not result.applied or not [f for f in result.report.findings if f.name in rules]
    return result.after.get("score.py", text)


def script(run: str, imports: str = "import json\nimport logging\n") -> str:
    head = "\n\nlogger = logging.getLogger(__name__)\n" if "logging" in imports else "\n"
    return f"{imports}{head}\n\ndef init():\n    pass\n\n\n{textwrap.dedent(run)}"


RESPONSE = "\nfrom azureml.contrib.services.aml_response import AMLResponse\n"
IMPORTS = "import json\nimport logging\n"


def test_the_parsing_alone_is_guarded(tmp_path: Path) -> None:
    before = script("""\
        def run(raw_data):
            logger.info("called")
            # the rows
            data = json.loads(raw_data)["data"]

            rows = [float(x) for x in data]  # as numbers
            return model.predict(rows).tolist()
        """)
    after = script(
        """\
        def run(raw_data):
            logger.info("called")
            # the rows
            try:
                data = json.loads(raw_data)["data"]

                rows = [float(x) for x in data]  # as numbers
            except (ValueError, KeyError, TypeError):
                logger.warning("invalid request", exc_info=True)
                return AMLResponse({"error": "invalid request"}, 400, json_str=True)
            return model.predict(rows).tolist()
        """,
        IMPORTS + RESPONSE,
    )
    assert mended(tmp_path, before, GUARD) == after


def test_what_can_raise_in_between_stays_outside(tmp_path: Path) -> None:
    before = script("""\
        def run(raw_data):
            data = json.loads(raw_data)
            connect()
            rows = data["rows"]
            return {"rows": len(rows)}
        """)
    after = mended(tmp_path, before, GUARD)
    assert "\n    connect()\n" in after
    assert after.count("    try:\n") == 2


def test_a_text_over_several_lines_keeps_its_lines(tmp_path: Path) -> None:
    before = script("""\
        def run(raw_data):
            data = json.loads(raw_data or '''
          {}
        ''')["data"]
            return {"rows": len(data)}
        """)
    after = mended(tmp_path, before, GUARD)
    assert "        data = json.loads(raw_data or '''\n  {}\n''')[\"data\"]\n" in after


def test_the_timeout_of_the_server_is_not_swallowed(tmp_path: Path) -> None:
    before = script(
        """\
        def run(raw_data):
            picture = Image.open(raw_data)
            return {"size": picture.size}
        """,
        "from PIL import Image\n",
    )
    after = mended(tmp_path, before, GUARD)
    timeout = after.index("    except TimeoutError:\n        raise\n")
    assert timeout < after.index("    except (OSError, ValueError, TypeError):\n")
    assert "import logging\n\nfrom PIL" in after


@pytest.mark.parametrize(
    ("start", "wanted"),
    [
        ("", "import logging\nfrom azureml.contrib.services.aml_response import AMLResponse\n\n\n"),
        (
            '"""Scores."""\nimport json\n',
            '"""Scores."""\nimport json\nimport logging\n\nfrom azureml.contrib.services'
            ".aml_response import AMLResponse\n",
        ),
        (
            "from __future__ import annotations\nimport json\nimport numpy as np\n",
            "from __future__ import annotations\nimport json\nimport logging\nimport numpy as np\n"
            "from azureml.contrib.services.aml_response import AMLResponse\n",
        ),
        (
            "import zlib\nfrom azureml.contrib.services.aml_response import AMLResponse as R\n",
            "import logging\nimport zlib\n"
            "from azureml.contrib.services.aml_response import AMLResponse as R\n",
        ),
        (
            "import json  # for the body\nimport logging as log\n",
            "import json  # for the body\nimport logging as log\n\n"
            "from azureml.contrib.services.aml_response import AMLResponse\n",
        ),
    ],
)
def test_imports_go_where_imports_are(start: str, wanted: str, tmp_path: Path) -> None:
    run = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'n': int(raw_data)}\n"
    after = mended(tmp_path, start + run, GUARD)
    assert after.startswith(wanted)
    assert "log.warning" in after if "as log" in start else "logging.warning" in after
    assert ("return R(" in after) == ("as R" in start)


@pytest.mark.parametrize(
    "text",
    [
        "def init(): pass\ndef run(raw): return {'n': int(raw)}\n",
        "def init(): pass\ndef run(raw):\n    n = int(raw); return {'n': n}\n",
        "def init(): pass\ndef run(raw):\n    n = int(raw)\n    yield n\n",
        "AMLResponse = None\ndef init(): pass\ndef run(raw):\n    n = int(raw)\n    return n\n",
        "def init(): pass\ndef run(raw):\n    logging = 1\n    n = int(raw)\n    return n\n",
        "import yaml\ndef init(): pass\ndef run(raw):\n    n = yaml.safe_load(raw)\n    return n\n",
        "import json\ndef init(): pass\ndef run(raw):\n    try:\n        n = json.loads(raw)['n']\n"
        "    except json.JSONDecodeError:\n        raise\n    return n\n",
        "def init(): pass\nrun = lambda raw: {'n': int(raw)}\n",
    ],
)
def test_where_a_guard_takes_a_person_none_is_offered(text: str, tmp_path: Path) -> None:
    result = fixed(tmp_path, {"score.py": text}, GUARD)
    assert [f.name for f in result.report.findings] == [GUARD]
    assert not result.applied


HANDLED = """\
def run(raw_data):
    try:
        return model.predict(raw_data).tolist()
"""
LOG = 'logger.exception("prediction failed")\n        '

ANSWERS = {
    # the handler before, and after error-leak's and error-as-success' fixes
    'except Exception as e:\n        return {"error": str(e)}': f"except Exception:\n        {LOG}"
    'return AMLResponse({"error": "prediction failed"}, 500, json_str=True)',
    "except Exception as e:\n        return str(e)": f"except Exception:\n        {LOG}"
    'return AMLResponse("prediction failed", 500, json_str=True)',
    'except Exception as e:\n        return f"scoring went wrong: {e!r} ({len(raw_data)})"': (
        f"except Exception:\n        {LOG}"
        'return AMLResponse("scoring went wrong", 500, json_str=True)'
    ),
    'except (ValueError, KeyError) as e:\n        return "cannot read it: %s" % (e,)': (
        'except (ValueError, KeyError):\n        logger.exception("prediction failed")\n'
        '        return AMLResponse("cannot read it", 500, json_str=True)'
    ),
    'except Exception as e:\n        logger.error("no: %s", e)\n        return "{}".format(e)': (
        'except Exception as e:\n        logger.error("no: %s", e)\n'
        '        return AMLResponse("prediction failed", 500, json_str=True)'
    ),
    "except Exception:\n        text = traceback.format_exc()\n        print(text)\n"
    '        return json.dumps({"error": text})': (
        "except Exception:\n        text = traceback.format_exc()\n        print(text)\n"
        '        return AMLResponse({"error": "prediction failed"}, 500, json_str=True)'
    ),
    'except Exception as e:\n        result = {}\n        result["error"] = str(e)\n'
    "        return result": (
        f"except Exception:\n        {LOG}result = {{}}\n"
        '        result["error"] = "prediction failed"\n'
        "        return AMLResponse(result, 500, json_str=True)"
    ),
    "except Exception:\n        pass": (
        "except Exception:\n"
        '        return AMLResponse({"error": "prediction failed"}, 500, json_str=True)'
    ),
    'except Exception:\n        return {"error": "no"}, 503': (
        'except Exception:\n        return AMLResponse({"error": "no"}, 503, json_str=True)'
    ),
    'except Exception:\n        return (\n            {"error": "no"}, 503\n        )': (
        'except Exception:\n        return AMLResponse({"error": "no"}, 503, json_str=True)'
    ),
    'except Exception:\n        answer = {"error": "no"}\n        return answer': (
        'except Exception:\n        answer = {"error": "no"}\n'
        "        return AMLResponse(answer, 500, json_str=True)"
    ),
    'except Exception:\n        answer = {"error": "no"}\n    return answer': (
        'except Exception:\n        answer = AMLResponse({"error": "no"}, 500, json_str=True)\n'
        "    return answer"
    ),
    'except Exception:\n        answer = {"error": "no"}\n    return json.dumps(answer)': (
        'except Exception:\n        answer = {"error": "no"}\n'
        "        return AMLResponse(answer, 500, json_str=True)\n    return json.dumps(answer)"
    ),
}


def test_a_bad_request_is_told_from_a_failure(tmp_path: Path) -> None:
    before = script("""\
        def run(raw_data):
            try:
                return model.predict(json.loads(raw_data)["data"]).tolist()
            except Exception:
                logger.exception("prediction failed")
                return {"error": "prediction failed"}
        """)
    after = script(
        """\
        def run(raw_data):
            try:
                return model.predict(json.loads(raw_data)["data"]).tolist()
            except json.JSONDecodeError:
                logger.warning("invalid request", exc_info=True)
                return AMLResponse({"error": "invalid request"}, 400, json_str=True)
            except Exception:
                logger.exception("prediction failed")
                return AMLResponse({"error": "prediction failed"}, 500, json_str=True)
        """,
        IMPORTS + RESPONSE,
    )
    assert mended(tmp_path, before, STATUS) == after
    earlier = before.replace(
        "    except Exception:",
        "    except (ValueError, LookupError, TypeError):\n        raise\n    except Exception:",
    )
    assert "400" not in mended(tmp_path / "earlier", earlier, STATUS)


def test_what_only_parsing_raises_is_a_bad_request_around_a_model_too(tmp_path: Path) -> None:
    before = script("""\
        def run(raw_data):
            return model.predict(json.loads(raw_data)["data"]).tolist()
        """)
    after = script(
        """\
        def run(raw_data):
            try:
                return model.predict(json.loads(raw_data)["data"]).tolist()
            except json.JSONDecodeError:
                logger.warning("invalid request", exc_info=True)
                return AMLResponse({"error": "invalid request"}, 400, json_str=True)
            except (ValueError, KeyError, TypeError):
                logger.exception("prediction failed")
                return AMLResponse({"error": "prediction failed"}, 500, json_str=True)
        """,
        IMPORTS + RESPONSE,
    )
    assert mended(tmp_path, before, GUARD) == after


@pytest.mark.parametrize(
    "asked",
    [
        "requests.post(url, json=json.loads(raw_data), timeout=5).json()",
        "ask(json.loads(raw_data))",
    ],
)
def test_errors_of_another_service_are_no_bad_request(asked: str, tmp_path: Path) -> None:
    helper = "def ask(data):\n    return requests.post(url, json=data, timeout=5).json()\n\n\n"
    run = f"def run(raw_data):\n    return {asked}\n"
    before = script(helper + run, "import json\nimport logging\nimport requests\n")
    after = mended(tmp_path, before, GUARD)
    assert "500, json_str=True)" in after
    assert "400" not in after


def test_handlers_of_what_only_takes_the_request_apart_stay_bad_requests(tmp_path: Path) -> None:
    before = script("""\
        def run(raw_data):
            try:
                rows = json.loads(raw_data)["data"]
            except (ValueError, KeyError):
                return {"error": "cannot read it"}
            return model.predict(rows).tolist()
        """)
    assert '"cannot read it"}, 400' in mended(tmp_path, before, STATUS)


def test_a_download_that_fails_is_no_bad_request(tmp_path: Path) -> None:
    text = script(
        """\
        def run(raw_data):
            picture = Image.open(io.BytesIO(requests.get(raw_data, timeout=5).content))
            return {"size": picture.size, "url": float(raw_data)}
        """,
        "import io\nimport requests\nfrom PIL import Image\n",
    )
    result = fixed(tmp_path, {"score.py": text}, GUARD)
    assert result.applied
    assert "except (ValueError, TypeError):" in result.after["score.py"]
    assert "OSError" not in result.after["score.py"]


def test_a_script_that_is_run_by_hand_is_left_to_a_person(tmp_path: Path) -> None:
    run = 'def run(raw_data):\n    return {"n": int(raw_data)}\n'
    main = '\n\nif __name__ == "__main__":\n    init()\n    print(run("1"))\n'
    assert not fixed(tmp_path, {"score.py": script(run) + main}, GUARD).applied
    known = script(run, IMPORTS + RESPONSE) + main
    assert fixed(tmp_path / "known", {"score.py": known}, GUARD).applied


@pytest.mark.parametrize("handler", ANSWERS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_handler_answers_with_an_error_and_nothing_else(
    handler: str, end: str, tmp_path: Path
) -> None:
    imports = IMPORTS + ("import traceback\n" if "traceback" in handler else "")
    before = script(f"{HANDLED}    {handler}\n", imports).replace("\n", end)
    wanted = script(f"{HANDLED}    {ANSWERS[handler]}\n", imports + RESPONSE).replace("\n", end)
    assert mended(tmp_path, before, LEAK, STATUS) == wanted


@pytest.mark.parametrize(
    "handler",
    [
        'except Exception as e: return {"error": str(e)}',
        "except ValueError as e:\n        match e.args:\n            case [a, *_]:\n"
        '                return AMLResponse(a, 400)\n        return AMLResponse("", 400)',
    ],
)
def test_where_a_fixed_text_takes_a_person_none_is_offered(handler: str, tmp_path: Path) -> None:
    result = fixed(tmp_path, {"score.py": script(f"{HANDLED}    {handler}\n")}, LEAK)
    assert [f.name for f in result.report.findings] == [LEAK]
    assert not result.applied


def test_an_exception_that_a_helper_makes_text_of_is_not_handed_to_it(tmp_path: Path) -> None:
    helper = "\n\ndef tell(e):\n    return str(e)\n"
    handler = "    except Exception as e:\n        return tell(e)\n"
    after = mended(tmp_path, script(HANDLED + handler + helper), LEAK)
    said = 'logger.exception("prediction failed")\n        return tell("prediction failed")\n'
    assert after == script(f"{HANDLED}    except Exception:\n        {said}{helper}")


# -- get-model-path ---------------------------------------------------------------------------

MODEL = "from azureml.core.model import Model\n"
LOADED = (
    "\n\ndef init():\n    global path\n    path = {}\n\n\ndef run(raw_data):\n    return path\n"
)

PATHS = {
    'Model.get_model_path("churn.pkl")': (
        "import os\n",
        'os.path.join(os.environ["AZUREML_MODEL_DIR"], "churn.pkl")',
    ),
    'Model.get_model_path(model_name="churn")': (
        "import glob\nimport os\n",
        'glob.glob(os.environ["AZUREML_MODEL_DIR"] + "/*")[0]',
    ),
    "Model.get_model_path(name)": (
        "import glob\nimport os\n",
        'glob.glob(os.environ["AZUREML_MODEL_DIR"] + "/*")[0]',
    ),
    'Model.get_model_path("a"), Model.get_model_path("b", version=3)': (
        "import glob\nimport os\n",
        'glob.glob(os.environ["AZUREML_MODEL_DIR"] + "/a/*/*")[0], '
        'glob.glob(os.environ["AZUREML_MODEL_DIR"] + "/b/3/*")[0]',
    ),
}


@pytest.mark.parametrize("call", PATHS)
def test_a_model_is_found_below_its_folder(call: str, tmp_path: Path) -> None:
    imports, path = PATHS[call]
    after = mended(tmp_path, MODEL + LOADED.format(call), "get-model-path")
    assert after == imports + "\n" + LOADED.format(path)


def test_the_path_is_that_of_get_model_path(tmp_path: Path) -> None:
    one = tmp_path / "one" / "model.onnx"
    two = tmp_path / "two" / "b" / "3" / "folder"
    one.parent.mkdir()
    one.touch()
    two.mkdir(parents=True)
    for folder, call, wanted in (
        (tmp_path / "one", 'Model.get_model_path("churn")', str(one)),
        (tmp_path / "two", 'Model.get_model_path("a"), Model.get_model_path("b")', str(two)),
    ):
        (tmp_path / "two" / "a" / "1" / "x").mkdir(parents=True, exist_ok=True)
        text = mended(tmp_path / call[:5], MODEL + LOADED.format(call), "get-model-path")
        names: dict[str, object] = {}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AZUREML_MODEL_DIR", str(folder))
            exec(text + "\ninit()\n", names)
        path = names["path"]
        assert (path if isinstance(path, str) else path[-1]) == wanted  # type: ignore[index]


def test_declared_models_decide_the_layout(tmp_path: Path) -> None:
    text = MODEL + LOADED.format('Model.get_model_path("a")')
    config = '[[deployment]]\nname = "d"\nscript = "score.py"\nmodels = ["a", "b"]\n'
    write(tmp_path, {"score.py": text, "amllint.toml": config})
    from amllint import config as configuration

    overlay = Overlay(cwd=str(tmp_path))
    settings = configuration.load(str(tmp_path / "amllint.toml"), overlay)
    result = fixing.fix(["score.py"], settings, overlay, unsafe=True, ignores=True)
    assert '"/a/*/*")[0]' in result.after["score.py"]


def test_an_import_that_is_needed_stays(tmp_path: Path) -> None:
    use = '    Model.get_model_path("a")\n    print(Model.__name__)\n'
    text = f"{MODEL}\n\ndef init():\n{use}\n\ndef run(raw_data):\n    return raw_data\n"
    assert MODEL in mended(tmp_path, text, "get-model-path")


def test_an_import_is_shortened_where_it_brings_more(tmp_path: Path) -> None:
    head = "from azureml.core.model import Model, InferenceConfig\n"
    text = head + LOADED.format('Model.get_model_path("a")')
    after = mended(tmp_path, text, "get-model-path")
    assert "from azureml.core.model import InferenceConfig\n" in after


@pytest.mark.parametrize(
    "call",
    [
        'Model.get_model_path("a", _workspace=ws)',
        "Model.get_model_path(*names)",
        "[Model.get_model_path(n) for n in names], Model.get_model_path(x)",
        'Model.get_model_path("a*b")',
    ],
)
def test_where_the_path_cannot_be_told_none_is_offered(call: str, tmp_path: Path) -> None:
    result = fixed(tmp_path, {"score.py": MODEL + LOADED.format(call)}, "get-model-path")
    assert result.report.findings
    assert not result.applied


# -- together -------------------------------------------------------------------------------------


def test_one_fix_that_fails_does_not_hold_up_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = script('def run(raw_data):\n    return {"n": int(raw_data)}\n')
    files: Files = {f"{n}/score.py": text for n in range(30)}
    files["bad/score.py"] = text
    keeps = fixing.keeps_the_rest
    monkeypatch.setattr(
        fixing, "keeps_the_rest", lambda s, t, o: "bad" not in s.path and keeps(s, t, o)
    )
    looks = []
    check = fixing.check
    monkeypatch.setattr(fixing, "check", lambda *a, **k: looks.append(1) or check(*a, **k))
    write(tmp_path, files)
    overlay = Overlay(cwd=str(tmp_path))
    result = fixing.fix(["."], Settings(select=(GUARD,)), overlay, unsafe=True, ignores=True)
    assert len(result.applied) == 30
    assert [f.location.path for f, _ in result.rejected] == ["bad/score.py"]
    assert len(looks) < 6


@pytest.mark.parametrize("ending", ["return None", "return"])
def test_a_handler_that_leads_to_an_answer_of_nothing_gets_one(ending: str, tmp_path: Path) -> None:
    run = f"""\
def run(raw_data):
    try:
        return model.predict(json.loads(raw_data))
    except Exception:
        logging.exception("no")
    {ending}
"""
    after = mended(tmp_path, script(run), STATUS)
    assert 'return AMLResponse({"error": "prediction failed"}, 500, json_str=True)\n' in after
    assert mended(tmp_path, after, STATUS) == after


def test_an_answer_of_nothing_without_another_is_no_failure(tmp_path: Path) -> None:
    run = """\
def run(raw_data):
    try:
        model.put(json.loads(raw_data))
    except Exception:
        logging.exception("no")
    return None
"""
    assert mended(tmp_path, script(run), STATUS) == script(run)


@pytest.mark.parametrize(
    ("statement", "caught"),
    [
        ("data = json.loads(raw_data).get('rows')", "ValueError, TypeError, AttributeError"),
        (
            "data = torch.tensor(json.loads(raw_data))",
            "ValueError, TypeError, OverflowError, RuntimeError",
        ),
        ("data = json.loads(raw_data)['rows']", "ValueError, KeyError, TypeError"),
    ],
)
def test_a_guard_catches_what_a_request_of_another_shape_raises(
    statement: str, caught: str, tmp_path: Path
) -> None:
    run = f"def run(raw_data):\n    {statement}\n    return model.predict(data)\n"
    after = mended(tmp_path, script(run, "import json\nimport logging\n\nimport torch\n"), GUARD)
    assert f"except ({caught}):\n" in after


def test_what_the_script_raises_for_a_caller_keeps_its_text(tmp_path: Path) -> None:
    run = """\
def run(raw_data):
    try:
        data = json.loads(raw_data)
        if "rows" not in data:
            raise ValueError("send rows")
        return model.predict(data["rows"])
    except ValueError as e:
        return AMLResponse({"error": str(e)}, 400, json_str=True)
"""
    text = script(run, IMPORTS + RESPONSE)
    assert mended(tmp_path, text, LEAK) == text


@pytest.mark.skipif(sys.version_info < (3, 11), reason="this Python has no except*")
def test_a_group_of_exceptions_is_caught_as_any(tmp_path: Path) -> None:
    run = """\
def run(raw_data):
    try:
        data = json.loads(raw_data)["rows"]
    except* (ValueError, KeyError, TypeError):
        data = []
    return model.predict(data)
"""
    assert mended(tmp_path, script(run), GUARD) == script(run)
