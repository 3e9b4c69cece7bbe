"""What a request can make raise outside of any handler for it.

Each script marks the exact expressions; where one is part of another, both are marked.
"""

from __future__ import annotations

import pytest

from amllint.analysis.values import Risk

from .scripts import facts, marked, request_risks

RISKS = {
    "parsed": """
        import json

        def run(raw_data):
            return «json.loads(raw_data)»
        """,
    "parsed and indexed": """
        import json

        def run(raw_data):
            return ««json.loads(raw_data)»["data"]»
        """,
    "parsed under another name": """
        from json import loads as parse

        def run(raw_data):
            return «parse(raw_data)»
        """,
    "indexed later": """
        import json

        def run(raw_data):
            body = «json.loads(raw_data)»
            rows = «body["data"]»
            return «rows[0]»
        """,
    "indexed again with a key that was there": """
        import json

        def run(raw_data):
            body = «json.loads(raw_data)»
            rows = «body["data"]»
            print(body["data"], «body["kind"]»)
            return rows
        """,
    "indexed again in another value": """
        import json

        def run(raw_data):
            body = «json.loads(raw_data)»
            rows = «body["data"]»
            body = «json.loads(rows)»
            return «body["data"]»
        """,
    "indexed again where only one branch did": """
        import json

        def run(raw_data):
            body = «json.loads(raw_data)»
            if verbose:
                print(«body["data"]»)
            return «body["data"]»
        """,
    "converted": """
        def run(raw_data):
            return «int(raw_data)»
        """,
    "made an array of": """
        import numpy as np

        def run(raw_data):
            return model.predict(«np.array(raw_data)»)
        """,
    "made a frame of": """
        import json
        import pandas as pd

        def run(raw_data):
            return model.predict(«pd.DataFrame(«json.loads(raw_data)»)»)
        """,
    "decoded": """
        import base64

        def run(raw_data):
            return «base64.b64decode(raw_data)»
        """,
    "a method of it": """
        import zlib

        def run(raw_data):
            return «zlib.decompress(raw_data).decode("utf-8")»
        """,
    "its method": """
        from azureml.contrib.services.aml_request import rawhttp

        @rawhttp
        def run(request):
            return «request.get_json()»
        """,
    "only part of it is tried": """
        import json

        def run(raw_data):
            data = «json.loads(raw_data)»
            try:
                return model.predict(data)
            except Exception:
                raise
        """,
    "the wrong exception is caught": """
        import json

        def run(raw_data):
            try:
                return «json.loads(raw_data)»
            except KeyError:
                raise
        """,
    "only parsing is caught": """
        import json

        def run(raw_data):
            try:
                return «json.loads(raw_data)["data"]»
            except json.JSONDecodeError:
                raise
        """,
    "in the handler": """
        import json

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception:
                return «json.loads(raw_data)»
        """,
    "in else": """
        import json

        def run(raw_data):
            try:
                start()
            except Exception:
                raise
            else:
                return «json.loads(raw_data)»
        """,
    "in finally": """
        import json

        def run(raw_data):
            try:
                start()
            except Exception:
                raise
            finally:
                data = «json.loads(raw_data)»
            return data
        """,
    "a try without handlers": """
        import json

        def run(raw_data):
            try:
                return «json.loads(raw_data)»
            finally:
                stop()
        """,
    "in a helper": """
        import json

        def parse(text):
            return «json.loads(text)»

        def run(raw_data):
            return parse(raw_data)
        """,
    "in a nested helper": """
        import json

        def run(raw_data):
            def parse():
                return «json.loads(raw_data)»

            return parse()
        """,
    "in a method": """
        import json

        class Scorer:
            def score(self, text):
                return «json.loads(text)»

        scorer = Scorer()

        def run(raw_data):
            return scorer.score(raw_data)
        """,
    "in a loop": """
        import json

        def run(raw_data):
            for row in «json.loads(raw_data)»:
                work(«row["x"]»)
            return "done"
        """,
    "in a condition": """
        import json

        def run(raw_data):
            if «json.loads(raw_data)»:
                return 1
            return 2
        """,
    "in while": """
        import json

        def run(raw_data):
            while «json.loads(raw_data)»:
                pass
        """,
    "in a comprehension": """
        import json

        def run(raw_data):
            return [«row["x"]» for row in «json.loads(raw_data)»]
        """,
    "in match": """
        import json

        def run(raw_data):
            match «json.loads(raw_data)»:
                case {"data": rows}:
                    return «rows[0]»
        """,
    "in with": """
        import json

        def run(raw_data):
            with timed():
                return «json.loads(raw_data)»
        """,
    "suppressing something else": """
        import json

        def run(raw_data):
            with opened() as stream:
                return «json.loads(raw_data)»
        """,
    "through an alias": """
        import json

        def run(raw_data):
            text = raw_data
            return «json.loads(text)»
        """,
    "through a call that keeps it": """
        import json

        def run(raw_data):
            return «json.loads(str(raw_data))»
        """,
    "in a lambda": """
        import json

        run = lambda raw_data: «json.loads(raw_data)»
        """,
    "a decorator without a try": """
        import json

        def timed(function):
            def wrapper(raw_data):
                return function(raw_data)
            return wrapper

        @timed
        def run(raw_data):
            return «json.loads(raw_data)»
        """,
    "a helper with the wrong try": """
        import json

        def parse(text):
            try:
                return «json.loads(text)»
            except KeyError:
                return None

        def run(raw_data):
            return parse(raw_data)
        """,
}

COVERED = {
    "whole": """
        import json

        def run(raw_data):
            try:
                return json.loads(raw_data)["data"]
            except Exception:
                raise
        """,
    "bare": """
        import json

        def run(raw_data):
            try:
                return json.loads(raw_data)["data"]
            except:
                raise
        """,
    "by a parent": """
        import json

        def run(raw_data):
            try:
                return json.loads(raw_data)["data"]
            except (ValueError, LookupError):
                raise
        """,
    "by several handlers": """
        import json

        def run(raw_data):
            try:
                return json.loads(raw_data)["data"]
            except json.JSONDecodeError:
                raise
            except KeyError:
                raise
        """,
    "by the outer of two": """
        import json

        def run(raw_data):
            try:
                try:
                    return json.loads(raw_data)
                except KeyError:
                    return None
            except ValueError:
                raise
        """,
    "an image, by its old name": """
        import io
        from PIL import Image

        def run(raw_data):
            try:
                return Image.open(io.BytesIO(raw_data)).size
            except IOError:
                raise
        """,
    "in the helper": """
        import json

        def parse(text):
            try:
                return json.loads(text)
            except ValueError:
                return None

        def run(raw_data):
            return parse(raw_data)
        """,
    "around the helper": """
        import json

        def parse(text):
            return json.loads(text)["data"]

        def run(raw_data):
            try:
                return parse(raw_data)
            except Exception:
                raise
        """,
    "around the method": """
        import json

        class Scorer:
            def score(self, text):
                return json.loads(text)["data"]

        scorer = Scorer()

        def run(raw_data):
            try:
                return scorer.score(raw_data)
            except Exception:
                raise
        """,
    "by a decorator with a try": """
        import json

        def guarded(function):
            def wrapper(raw_data):
                try:
                    return function(raw_data)
                except Exception:
                    raise
            return wrapper

        @guarded
        def run(raw_data):
            return json.loads(raw_data)["data"]
        """,
    "by a decorator from elsewhere": """
        import json
        from elsewhere import guarded

        @guarded
        def run(raw_data):
            return json.loads(raw_data)["data"]
        """,
    "by a decorator that is called": """
        import json

        def guarded(status):
            def decorate(function):
                def wrapper(raw_data):
                    try:
                        return function(raw_data)
                    except Exception:
                        raise
                return wrapper
            return decorate

        @guarded(500)
        def run(raw_data):
            return json.loads(raw_data)["data"]
        """,
    "by suppress": """
        import contextlib
        import json

        def run(raw_data):
            with contextlib.suppress(Exception):
                return json.loads(raw_data)["data"]
        """,
    "by its own context manager": """
        import contextlib
        import json

        @contextlib.contextmanager
        def guarded():
            try:
                yield
            except Exception:
                raise

        def run(raw_data):
            with guarded():
                return json.loads(raw_data)["data"]
        """,
    "a class of errors that cannot be read off": """
        import json

        def run(raw_data):
            try:
                return json.loads(raw_data)["data"]
            except errors():
                raise
        """,
    "checked by a schema": """
        @input_schema("data", sample)
        def run(data):
            return data["x"][0]
        """,
    "nothing of the request": """
        import json

        def run(raw_data):
            return json.loads(SETTINGS)["data"]
        """,
    "sliced": """
        def run(raw_data):
            return raw_data[:100]
        """,
    "asked with a default": """
        def run(raw_data):
            return raw_data.get("data", [])
        """,
    "overwritten": """
        import json

        def run(raw_data):
            raw_data = "{}"
            return json.loads(raw_data)
        """,
    "after a return": """
        import json

        def run(raw_data):
            return 1
            return json.loads(raw_data)
        """,
    "of a function that nobody calls": """
        import json

        def parse(text):
            return json.loads(text)

        def run(raw_data):
            return "done"
        """,
}


@pytest.mark.parametrize("case", RISKS)
def test_what_the_request_can_make_raise_is_found(case: str) -> None:
    script, wanted = marked(RISKS[case])
    assert wanted, "the case marks no place"
    assert request_risks(script) == wanted


@pytest.mark.parametrize("case", COVERED)
def test_what_is_handled_or_harmless_is_no_risk(case: str) -> None:
    script, wanted = marked(COVERED[case])
    assert not wanted
    assert request_risks(script) == []


def risk(text: str) -> Risk:
    (found,) = facts(text).outcome.risks
    return found


def test_a_risk_says_what_is_done_and_what_it_raises() -> None:
    found = risk("import json\ndef run(raw_data):\n    return json.loads(raw_data)\n")
    assert (found.verb, found.raises) == ("parses", "json.JSONDecodeError")


@pytest.mark.parametrize(("key", "raised"), [("'data'", "KeyError"), ("0", "IndexError")])
def test_an_index_raises_what_its_kind_raises(key: str, raised: str) -> None:
    assert risk(f"def run(raw_data):\n    return list(raw_data)[{key}]\n").raises == raised


def test_handlers_that_miss_are_named() -> None:
    found = risk("""
        import json

        def run(raw_data):
            try:
                try:
                    return json.loads(raw_data)
                except KeyError:
                    raise
            except (OSError, TypeError):
                raise
        """)
    assert sorted(found.missed) == ["KeyError", "OSError", "TypeError"]


def test_the_model_call_is_a_risk_that_the_request_does_not_decide() -> None:
    found = risk("def run(raw_data):\n    return model.predict(1)\n")
    assert not found.from_request
    assert found.raises == "Exception"


QUIET = ["logger.info(1)", "print(1)", "len(1)", "time.time()", "rows.append(1)", "{}.get(1)"]


@pytest.mark.parametrize("call", QUIET)
def test_calls_that_do_not_fail_in_practice_are_no_risk(call: str) -> None:
    assert facts(f"import time\ndef run(raw_data):\n    {call}\n").outcome.risks == []
