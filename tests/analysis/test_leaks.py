"""The text of exceptions, followed to what `run` returns.

Each script marks the exact places where the text is taken; a script without marks leaks
nothing.
"""

from __future__ import annotations

import pytest

from .scripts import leaks, marked

LEAKS = {
    "the text": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «str(e)»
        """,
    "its representation": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «repr(e)»
        """,
    "the exception itself": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «e»
        """,
    "its arguments": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «e.args»
        """,
    "its first argument": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «e.args[0]»
        """,
    "its message": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return {"error": «e.message»}
        """,
    "an f-string": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return f"failed: {«e»}"
        """,
    "an f-string with a conversion": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return f"failed: {«e»!r:>20}"
        """,
    "an f-string around its text": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return f"failed: {«str(e)»}"
        """,
    "joined strings": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return ("failed: "
                        f"{«e»}")
        """,
    "format": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «"failed: {}".format(e)»
        """,
    "format by name": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «"failed: {error}".format(error=str(e))»
        """,
    "the percent sign": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return "failed: %s" % «e»
        """,
    "the percent sign and a tuple": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return "failed: %s %s" % (raw_data, «e»)
        """,
    "a sum": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return "failed: " + «str(e)»
        """,
    "join": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «", ".join(["failed", str(e)])»
        """,
    "a variable": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                message = «str(e)»
                return message
        """,
    "two variables": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                message = «str(e)»
                answer = message
                return answer
        """,
    "an unpacked variable": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                message, status = «str(e)», 500
                return message
        """,
    "a walrus": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                if (message := «str(e)»):
                    return message
        """,
    "an added text": """
        def run(raw_data):
            message = "failed: "
            try:
                return work(raw_data)
            except Exception as e:
                message += «str(e)»
            return message
        """,
    "a dict": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return {"error": «str(e)»}
        """,
    "a dict call": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «dict(error=str(e))»
        """,
    "a key": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return {«str(e)»: 1}
        """,
    "a list": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return ["failed", [«str(e)»]]
        """,
    "a tuple with a status": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «str(e)», 500
        """,
    "appended": """
        def run(raw_data):
            errors = []
            try:
                return work(raw_data)
            except Exception as e:
                errors.append(«str(e)»)
            return errors
        """,
    "stored under a key": """
        def run(raw_data):
            answer = {}
            try:
                answer["result"] = work(raw_data)
            except Exception as e:
                answer["error"] = «str(e)»
            return answer
        """,
    "stored under a key of a key": """
        def run(raw_data):
            answer = {"errors": {}}
            try:
                answer["result"] = work(raw_data)
            except Exception as e:
                answer["errors"]["first"] = «str(e)»
            return answer
        """,
    "put in by update": """
        def run(raw_data):
            answer = {}
            try:
                return work(raw_data)
            except Exception as e:
                answer.update({"error": «str(e)»})
            return answer
        """,
    "dumped as JSON": """
        def run(raw_data):
            import json
            try:
                return work(raw_data)
            except Exception as e:
                return json.dumps({"error": «str(e)»})
        """,
    "in a response": """
        from azureml.contrib.services.aml_response import AMLResponse

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return AMLResponse(«str(e)», 500)
        """,
    "in the headers of a response": """
        from azureml.contrib.services.aml_response import AMLResponse

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return AMLResponse("failed", 500, {"X-Error": «str(e)»})
        """,
    "in a response kept in a variable": """
        from azureml.contrib.services.aml_response import AMLResponse

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                response = AMLResponse({"error": «str(e)»}, 500, json_str=True)
                return response
        """,
    "in flask's jsonify": """
        from flask import jsonify

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «jsonify(error=str(e))»
        """,
    "through a helper": """
        def failed(error):
            return {"error": str(error)}

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return failed(«e»)
        """,
    "through two helpers": """
        def text(error):
            return str(error)

        def failed(error):
            return {"error": text(error)}

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return failed(«e»)
        """,
    "through a helper called by keyword": """
        def failed(status, error=None):
            return {"error": str(error), "status": status}

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return failed(500, error=«e»)
        """,
    "through a helper that takes anything": """
        def failed(*parts):
            return {"error": str(parts)}

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return failed(500, «e»)
        """,
    "a helper that catches and returns": """
        def predict(data):
            try:
                return work(data)
            except Exception as e:
                return «str(e)»

        def run(raw_data):
            return predict(raw_data)
        """,
    "a helper whose answer is kept": """
        def predict(data):
            try:
                return work(data)
            except Exception as e:
                return «str(e)»

        def run(raw_data):
            answer = predict(raw_data)
            return answer
        """,
    "a nested helper": """
        def run(raw_data):
            def failed(error):
                return {"error": str(error)}

            try:
                return work(raw_data)
            except Exception as e:
                return failed(«e»)
        """,
    "a nested helper that sees the message": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                message = «str(e)»

                def failed():
                    return message

                return failed()
        """,
    "a lambda": """
        def run(raw_data):
            failed = lambda error: {"error": str(error)}
            try:
                return work(raw_data)
            except Exception as e:
                return failed(«e»)
        """,
    "a lambda at module level": """
        failed = lambda error: {"error": str(error)}

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return failed(«e»)
        """,
    "a method": """
        class Scorer:
            def score(self, data):
                try:
                    return work(data)
                except Exception as e:
                    return «str(e)»

        scorer = Scorer()

        def run(raw_data):
            return scorer.score(raw_data)
        """,
    "a method of an object made on the spot": """
        class Scorer:
            def score(self, data):
                try:
                    return work(data)
                except Exception as e:
                    return «str(e)»

        def run(raw_data):
            return Scorer().score(raw_data)
        """,
    "a method that calls another": """
        class Scorer:
            def failed(self, error):
                return {"error": str(error)}

            def score(self, data):
                try:
                    return work(data)
                except Exception as e:
                    return self.failed(«e»)

        scorer = None

        def init():
            global scorer
            scorer = Scorer()

        def run(raw_data):
            return scorer.score(raw_data)
        """,
    "a static method": """
        class Answers:
            @staticmethod
            def failed(error):
                return {"error": str(error)}

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return Answers().failed(«e»)
        """,
    "a static method of the class": """
        class Answers:
            @staticmethod
            def failed(error):
                return {"error": str(error)}

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return Answers.failed(«e»)
        """,
    "the trace": """
        import traceback

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception:
                return «traceback.format_exc()»
        """,
    "the trace by another name": """
        from traceback import format_exc as trace

        def run(raw_data):
            try:
                return work(raw_data)
            except:
                return {"error": «trace()»}
        """,
    "the trace in lines": """
        import traceback

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «traceback.format_exception(type(e), e, e.__traceback__)»
        """,
    "what sys knows of it": """
        import sys

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception:
                return «str(sys.exc_info()[1])»
        """,
    "cut short": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «str(e)[:100]»
        """,
    "with other letters": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «str(e).upper().replace("A", "B")»
        """,
    "in either branch": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «str(e)» if DEBUG else "failed"
        """,
    "or something else": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «str(e)» or "failed"
        """,
    "under a condition": """
        def run(raw_data):
            message = "failed"
            try:
                return work(raw_data)
            except Exception as e:
                if DEBUG:
                    message = «str(e)»
            return message
        """,
    "a comprehension": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return [str(a) for a in «e.args»]
        """,
    "of several handlers": """
        def run(raw_data):
            try:
                return work(raw_data)
            except ValueError as e:
                return «str(e)»
            except KeyError as error:
                return {"missing": «error.args[0]»}
            except Exception:
                raise
        """,
    "of a handler of several": """
        def run(raw_data):
            try:
                return work(raw_data)
            except (ValueError, KeyError) as e:
                return «str(e)»
        """,
    "of a group": """
        def run(raw_data):
            try:
                return work(raw_data)
            except* ValueError as e:
                answer = «str(e)»
            return answer
        """,
    "of an inner try": """
        def run(raw_data):
            try:
                try:
                    return work(raw_data)
                except ValueError as e:
                    return «str(e)»
            except Exception:
                raise
        """,
    "of the try around": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                try:
                    report()
                finally:
                    return «str(e)»
        """,
    "in finally": """
        def run(raw_data):
            answer = None
            try:
                answer = work(raw_data)
            except Exception as e:
                answer = «str(e)»
            finally:
                return answer
        """,
    "after the try": """
        def run(raw_data):
            try:
                answer = work(raw_data)
            except Exception as e:
                answer = «str(e)»
            return {"answer": answer}
        """,
    "the exception kept for later": """
        def run(raw_data):
            error = None
            try:
                answer = work(raw_data)
            except Exception as e:
                error = «e»
            if error:
                return str(error)
            return answer
        """,
    "in a loop": """
        def run(raw_data):
            answers = []
            for row in raw_data:
                try:
                    answers.append(work(row))
                except Exception as e:
                    answers.append(«str(e)»)
            return answers
        """,
    "from the round before": """
        def run(raw_data):
            last = None
            answer = None
            for attempt in range(3):
                answer = last
                try:
                    return work(raw_data)
                except Exception as e:
                    last = «str(e)»
            return answer
        """,
    "in while": """
        def run(raw_data):
            while True:
                try:
                    return work(raw_data)
                except Exception as e:
                    return «str(e)»
        """,
    "in match": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                match «e»:
                    case ValueError():
                        return «str(e)»
                    case other:
                        return repr(other)
        """,
    "in with": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                with span("answer"):
                    return «str(e)»
        """,
    "awaited": """
        async def failed(error):
            return {"error": str(error)}

        async def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return await failed(«e»)
        """,
    "run is an alias": """
        def score(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «str(e)»

        run = score
        """,
    "run is a lambda": """
        def guarded(data):
            try:
                return work(data)
            except Exception as e:
                return «str(e)»

        run = lambda raw_data: guarded(raw_data)
        """,
    "run has a schema": """
        @input_schema("data", sample)
        def run(data):
            try:
                return work(data)
            except Exception as e:
                return «str(e)»
        """,
    "to_dict of its text": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return «e.to_dict()»
        """,
}

SAFE = {
    "logged": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                logger.exception("failed: %s", e)
                return "failed"
        """,
    "printed": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                print(f"failed: {e}")
                return "failed"
        """,
    "the trace is logged": """
        import traceback

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception:
                logger.error(traceback.format_exc())
                return "failed"
        """,
    "what logging answers": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                logged = logging.error(str(e))
                return {"error": "failed"}
        """,
    "the name of its class": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return {"error": type(e).__name__, "other": e.__class__.__name__}
        """,
    "its codes": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return {"status": e.status_code, "errno": e.errno, "code": e.code}
        """,
    "the class that sys knows": """
        import sys

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception:
                return sys.exc_info()[0].__name__
        """,
    "its own exception class": """
        class BadInput(Exception):
            pass

        def run(raw_data):
            try:
                return work(raw_data)
            except BadInput as e:
                return str(e)
        """,
    "its own exception classes": """
        class BadInput(Exception):
            pass

        class TooLarge(BadInput):
            pass

        def run(raw_data):
            try:
                return work(raw_data)
            except (BadInput, TooLarge) as e:
                return f"{e}"
        """,
    "compared": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return {"timeout": str(e) == "timeout", "known": "x" in str(e)}
        """,
    "counted": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return {"length": len(str(e))}
        """,
    "tested": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                if "timeout" in str(e):
                    return "timeout"
                return "failed"
        """,
    "a helper that logs": """
        def failed(error):
            logger.error("failed: %s", error)
            return {"error": "failed"}

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return failed(e)
        """,
    "raised again": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                raise RuntimeError(f"failed: {e}") from e
        """,
    "overwritten": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                message = str(e)
                logger.error(message)
                message = "failed"
                return message
        """,
    "kept outside": """
        last_error = None

        def run(raw_data):
            global last_error
            try:
                return work(raw_data)
            except Exception as e:
                last_error = type(e)
                return "failed"
        """,
    "of a function that nobody calls": """
        def predict(data):
            try:
                return work(data)
            except Exception as e:
                return str(e)

        def run(raw_data):
            return work(raw_data)
        """,
    "of a helper whose answer is dropped": """
        def notify(data):
            try:
                return work(data)
            except Exception as e:
                return str(e)

        def run(raw_data):
            notify(raw_data)
            return "done"
        """,
    "of init": """
        def init():
            try:
                load()
            except Exception as e:
                return str(e)

        def run(raw_data):
            return work(raw_data)
        """,
    "a name that means something else by then": """
        def run(raw_data):
            try:
                work(raw_data)
            except Exception as e:
                pass
            for e in [1, 2]:
                pass
            return str(e)
        """,
    "another variable of the name": """
        def text(e):
            return str(e)

        def run(raw_data):
            try:
                answer = work(raw_data)
            except Exception as e:
                raise
            return text(answer)
        """,
    "after a return": """
        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return "failed"
                return str(e)
        """,
    "in a loop that logs": """
        def run(raw_data):
            answers = []
            for row in raw_data:
                try:
                    answers.append(work(row))
                except Exception as e:
                    logger.error(str(e))
                    answers.append(None)
            return answers
        """,
}


@pytest.mark.parametrize("case", LEAKS)
def test_the_text_of_an_exception_is_followed_to_the_caller(case: str) -> None:
    script, wanted = marked(LEAKS[case])
    assert wanted, "the case marks no place"
    assert leaks(script) == wanted


@pytest.mark.parametrize("case", SAFE)
def test_what_does_not_reach_the_caller_is_no_leak(case: str) -> None:
    script, wanted = marked(SAFE[case])
    assert not wanted
    assert leaks(script) == []


def test_functions_that_call_each_other_are_followed_once() -> None:
    script, wanted = marked("""
        def first(error):
            return second(error) if error else str(error)

        def second(error):
            return first(error)

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return first(«e»)
        """)
    assert leaks(script) == wanted


def test_a_function_that_calls_itself_is_followed_once() -> None:
    script, wanted = marked("""
        def text(error):
            return text(error.__cause__) if error.__cause__ else str(error)

        def run(raw_data):
            try:
                return work(raw_data)
            except Exception as e:
                return text(«e»)
        """)
    assert leaks(script) == wanted


def test_many_helpers_are_followed_in_bounded_time() -> None:
    helpers = "\n".join(
        f"def f{n}(e):\n    return f{n + 1}(e) or f{n + 1}(e) or f{n + 1}(e)" for n in range(40)
    )
    script = f"{helpers}\n\n\ndef run(data):\n    try:\n        pass\n    except E as e:\n"
    assert leaks(script + "        return f0(e)\n") == []
