"""What importing a script, `init` and `run` can come to."""

from __future__ import annotations

from textwrap import dedent

from amllint.analysis.facts import ScriptFacts
from amllint.analysis.reach import Reach, absolute
from amllint.source.python.parse import parse
from amllint.source.text import SourceText
from tests.analysis.scripts import facts


def _reach(**files: str) -> Reach:
    """Modules by name; `score` is the script."""
    modules = {}
    for name, text in files.items():
        dotted = "" if name == "score" else name.replace("__", ".")
        modules[dotted] = ScriptFacts(parse(SourceText(f"{name}.py", dedent(text))))
    return Reach(modules, frozenset({"pkg"}))


def _called(reach: Reach, entry: str) -> list[str]:
    bodies = reach.imported() if entry == "import" else reach.entry(entry)
    return [site.name for _, body, _ in bodies for site in body.calls]


def _callees(text: str) -> list[str]:
    return [site.name for site in facts(text).calls]


def test_a_callee_is_named_through_imports_aliases_and_getattr() -> None:
    names = _callees("""
        import requests as r
        from requests import post as send
        fetch = r.get
        r.put(1); send(2); fetch(3); getattr(r, "patch")(4); print(5)
    """)
    fetched = ["requests.put", "requests.post", "requests.get", "requests.patch"]
    assert names == [*fetched, "getattr", "print"]


def test_a_method_is_named_by_what_made_its_object() -> None:
    names = _callees("""
        import requests, joblib
        model = None
        def init():
            global model
            model = joblib.load("m")
        def run(data):
            with requests.Session() as session:
                session.post("x")
            return model.predict(data)
    """)
    assert names == [
        "joblib.load",
        "requests.Session",
        "requests.Session().post",
        "joblib.load().predict",
    ]


def test_an_object_made_in_two_ways_or_handed_in_is_not_known() -> None:
    names = _callees("""
        import a, b
        x = a.A()
        x = b.B()
        y = a.A()
        def use(y):
            y.go()
        x.go()
    """)
    assert "a.A().go" not in names
    assert "b.B().go" not in names


def test_helpers_are_reached_and_say_by_which_way() -> None:
    reach = _reach(
        score="""
        def load(): fetch()
        def fetch(): open("x")
        def init(): load()
        def run(d): return d
        """
    )
    found = [(body.name, via) for _, body, via in reach.entry("init")]
    assert found == [("init", ()), ("load", ("init",)), ("fetch", ("init", "load"))]
    assert _called(reach, "run") == []


def test_methods_of_own_classes_are_reached_through_objects_self_and_bases() -> None:
    reach = _reach(
        score="""
        class Base:
            def warm(self): base_call()
        class Model(Base):
            def __init__(self): made()
            def predict(self, x): self.prepare(x)
            def prepare(self, x): prepared()
            def train(self): trained()
        model = None
        def init():
            global model
            model = Model()
            model.warm()
        def run(d): return model.predict(d)
        """
    )
    assert _called(reach, "init") == ["Model", "Model().warm", "made", "base_call"]
    assert "prepared" in _called(reach, "run")
    assert "trained" not in [*_called(reach, "run"), *_called(reach, "init")]


def test_shipped_modules_are_followed_in_all_forms_of_import() -> None:
    reach = _reach(
        score="""
        import loading
        from pkg import scoring
        from pkg.parsing import parse as p
        from stars import *
        def init(): loading.load(); starred()
        def run(d): return scoring.score(p(d))
        """,
        loading="def load(): opened()",
        pkg__scoring="from .parsing import check\ndef score(x): check(x)",
        pkg__parsing="def parse(x): parsed()\ndef check(x): checked()",
        stars="def starred(): shone()",
    )
    assert [n for n in _called(reach, "init") if n in ("opened", "shone")] == ["opened", "shone"]
    assert {"parsed", "checked"} <= set(_called(reach, "run"))


def test_a_name_that_a_package_passes_on_is_followed_and_a_circle_ends() -> None:
    reach = _reach(
        score="from pkg import run, init",
        pkg="from .inner import run\nfrom other import init",
        pkg__inner="def run(d): worked()",
        other="from pkg import init",
    )
    assert _called(reach, "init") == []
    assert _called(reach, "run") == ["worked"]


def test_what_a_function_returned_is_not_that_function() -> None:
    reach = _reach(
        score="""
        from loading import fetch
        def get(): return opened()
        def init():
            global model, labels
            model = get()
            labels = fetch()
        def run(d): return model(d), model.predict(d), labels.index(d)
        """,
        loading="def fetch(): fetched()",
    )
    assert {"opened", "fetched"} <= set(_called(reach, "init"))
    assert not {"opened", "fetched"} & set(_called(reach, "run"))


def test_a_type_that_is_named_in_an_annotation_is_not_used() -> None:
    reach = _reach(
        score="""
        class Service:
            def __init__(self): made()
        service: Service
        other: "Service" = None
        def init():
            global service
            service = Service()
        def run(d: Service) -> Service: return 1
        """
    )
    assert _called(reach, "import") == []
    assert "made" in _called(reach, "init")
    assert _called(reach, "run") == []


def test_import_runs_the_modules_that_are_imported_and_no_main_guard() -> None:
    reach = _reach(
        score="""
        import used
        if __name__ == "__main__":
            guarded()
        def run(d): called()
        """,
        used="at_import()",
        unused="never()",
    )
    assert _called(reach, "import") == ["at_import"]


def test_an_entry_that_is_an_alias_a_lambda_or_a_bound_method_is_followed() -> None:
    alias = "def handle(d): went()\nrun = handle"
    function = "run = lambda d: went()"
    method = "class S:\n    def go(self, d): went()\ns = S()\nrun = s.go"
    assert _called(_reach(score=alias), "run") == ["went"]
    assert _called(_reach(score=function), "run") == ["went"]
    assert _called(_reach(score=method), "run") == ["went"]


def test_a_decorator_is_reached_with_what_it_decorates() -> None:
    reach = _reach(
        score="""
        def timed(f):
            def inner(d): started(); return f(d)
            return inner
        @timed
        def run(d): worked()
        """
    )
    assert set(_called(reach, "run")) >= {"worked", "started"}


def test_relative_names_are_seen_from_the_root() -> None:
    assert absolute(".b.f", "pkg.a") == "pkg.b.f"
    assert absolute("..b", "pkg.sub.a") == "pkg.b"
    assert absolute("b.f", "pkg.a") == "b.f"
