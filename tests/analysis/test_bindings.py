"""Which names a module has once the server has imported it."""

from __future__ import annotations

from textwrap import dedent

import pytest

from amllint.source.text import SourceText

from .scripts import facts


def bound(text: str) -> set[str]:
    return set(facts(text).bindings.bound)


WAYS = {
    "def run(x): pass": {"run"},
    "async def run(x): pass": {"run"},
    "class run: pass": {"run"},
    "class Box:\n    global run\n    def run(x): pass": {"Box", "run"},
    "run = lambda x: x": {"run"},
    "run: object = print": {"run"},
    "run: object": set(),
    "init = run = print": {"init", "run"},
    "init, run = print, print": {"init", "run"},
    "[init, run] = print, print": {"init", "run"},
    "init, *run = print, print": {"init", "run"},
    "init, (run, other) = print, (print, print)": {"init", "run", "other"},
    "holder.run = print": set(),
    "holder['run'] = print": set(),
    "import run": {"run"},
    "import run.deep": {"run"},
    "import package.run": {"package"},
    "import package as run": {"run"},
    "import package.deep as run": {"run"},
    "from package import run": {"run"},
    "from . import run": {"run"},
    "from package import other as run": {"run"},
    "from package import (init, run)": {"init", "run"},
    "for run in [print]: pass": {"run"},
    "for init, run in pairs: pass": {"init", "run"},
    "for _ in items:\n    run = print": {"_", "run"},
    "while running():\n    run = print": {"run"},
    "while running():\n    pass\nelse:\n    run = print": {"run"},
    "with opened() as run: pass": {"run"},
    "with opened() as (init, run): pass": {"init", "run"},
    "with opened() as a, opened() as run:\n    b = 1": {"a", "run", "b"},
    "if flag:\n    run = print": {"run"},
    "if flag:\n    pass\nelif other:\n    run = print": {"run"},
    "if flag:\n    pass\nelse:\n    run = print": {"run"},
    "try:\n    run = print\nexcept OSError:\n    pass": {"run"},
    "try:\n    pass\nexcept OSError:\n    run = print": {"run"},
    "try:\n    pass\nexcept OSError:\n    pass\nelse:\n    run = print": {"run"},
    "try:\n    pass\nfinally:\n    run = print": {"run"},
    "print(run := print)": {"run"},
    "if (run := print): pass": {"run"},
    "[run := x for x in items]": {"run"},
    "def f(x=(run := print)): pass": {"f", "run"},
    "@(run := print)\ndef f(): pass": {"f", "run"},
    "lambda: (run := print)": set(),
    "[run for run in items]": set(),
    "match subject:\n    case run: pass": {"run"},
    "match subject:\n    case [init, *run]: pass": {"init", "run"},
    "match subject:\n    case {'a': init, **run}: pass": {"init", "run"},
    "match subject:\n    case Point(x=run): pass": {"run"},
    "match subject:\n    case (1 | 2) as run: pass": {"run"},
    "match subject:\n    case 1:\n        run = print": {"run"},
    "def f():\n    run = print": {"f"},
    "class C:\n    run = print": {"C"},
    "class C:\n    def run(self): pass": {"C"},
    "def f():\n    global run\n    run = print": {"f"},
    "def f():\n    global run\n    run = print\nf()": {"f", "run"},
    "def f():\n    global run\n    def run(x): pass\nf()": {"f", "run"},
    "def f():\n    global run\n    if flag:\n        import run\nf()": {"f", "run"},
    "run += 1": {"run"},
}


@pytest.mark.parametrize("text", WAYS)
def test_every_way_of_binding_a_name(text: str) -> None:
    assert bound(text) == WAYS[text]


GUARDS_THAT_DO_NOT_HOLD = [
    "if __name__ == '__main__':",
    "if '__main__' == __name__:",
    "if __name__ == '__main__' and flag:",
    "if not __name__ != '__main__':",
    "if __name__ in ('__main__', 'other'):",
    "if False:",
    "if 0:",
    "if TYPE_CHECKING:",
    "if typing.TYPE_CHECKING:",
    "if not True:",
    "while False:",
]


@pytest.mark.parametrize("guard", GUARDS_THAT_DO_NOT_HOLD)
def test_what_a_guard_keeps_from_the_server_is_not_bound(guard: str) -> None:
    bindings = facts(f"{guard}\n    run = print\n").bindings
    assert "run" not in bindings.bound
    assert [b.name for b in bindings.main_only["run"]] == ["run"]
    assert not bindings.may_have("run")


GUARDS_THAT_MAY_HOLD = [
    "if __name__ != '__main__':",
    "if __name__ not in ('__main__',):",
    "if not TYPE_CHECKING:",
    "if True:",
    "if __debug__:",
    "if os.environ:",
    "if __name__ == '__main__' or flag:",
    "if __name__ == name:",
    "while True:",
]


@pytest.mark.parametrize("guard", GUARDS_THAT_MAY_HOLD)
def test_what_the_server_may_reach_is_bound(guard: str) -> None:
    bindings = facts(f"{guard}\n    run = print\n").bindings
    assert "run" in bindings.bound
    assert "run" not in bindings.main_only


def test_the_other_branch_of_a_main_guard_is_the_servers() -> None:
    text = """
        if __name__ == "__main__":
            def main(): pass
        else:
            def run(x): pass
        """
    bindings = facts(text).bindings
    assert set(bindings.bound) == {"run"}
    assert set(bindings.main_only) == {"main"}


def test_a_deleted_name_is_gone_and_its_deletion_known() -> None:
    text = "def run(x): pass\ndel run\n"
    bindings = facts(text).bindings
    assert not bindings.may_have("run")
    assert SourceText("score.py", text).slice(bindings.removed["run"]) == "run"


@pytest.mark.parametrize("deletion", ["del init, run", "del (init, run)", "del [init, run]"])
def test_several_names_are_deleted_at_once(deletion: str) -> None:
    bindings = facts(f"init = run = other = print\n{deletion}\n").bindings
    assert set(bindings.bound) == {"other"}
    assert set(bindings.removed) == {"init", "run"}


def test_a_name_bound_again_after_its_deletion_is_there() -> None:
    bindings = facts("run = 1\ndel run\nrun = 2\n").bindings
    assert bindings.may_have("run")
    assert "run" not in bindings.removed


def test_a_deletion_in_a_handler_may_not_happen() -> None:
    text = """
        run = print
        try:
            import optional
        except ImportError:
            del run
        """
    assert facts(text).bindings.may_have("run")


def test_deleting_an_item_or_attribute_deletes_no_name() -> None:
    assert bound("run = {}\ndel run['a'], run.b\n") == {"run"}


def test_a_star_import_may_bring_any_name() -> None:
    bindings = facts("from package import *\n").bindings
    assert bindings.may_have("run")
    assert "run" not in bindings.bound
    assert [s.module for s in bindings.stars] == ["package"]


DYNAMIC = [
    "exec(code)",
    "globals()['run'] = print",
    "vars()['run'] = print",
    "globals().update(run=print)",
    "vars().setdefault('run', print)",
    "setattr(sys.modules[__name__], 'run', print)",
    "def __getattr__(name): return print",
    "def f():\n    exec(code)",
]


@pytest.mark.parametrize("text", DYNAMIC)
def test_what_only_running_would_tell_is_admitted(text: str) -> None:
    bindings = facts(text).bindings
    assert bindings.dynamic
    assert bindings.may_have("run")


STATIC = [
    "values = globals()",
    "globals().get('run')",
    "setattr(model, 'run', print)",
    "settings['run'] = print",
    "settings.update(run=print)",
    "class C:\n    def __getattr__(self, name): return 1",
    "model.exec(code)",
]


@pytest.mark.parametrize("text", STATIC)
def test_what_looks_dynamic_but_binds_nothing_here(text: str) -> None:
    bindings = facts(text).bindings
    assert bindings.dynamic is None
    assert not bindings.may_have("run")


def test_the_last_of_several_bindings_counts() -> None:
    text = dedent("""\
        def run(first): pass
        def run(second): pass
        """)
    entry = facts(text).entry("run")
    assert entry is not None
    assert entry.span.start == text.rindex("run")
    assert entry.function is not None
    assert [p.name for p in entry.function.parameters] == ["second"]


ENTRIES = {
    "def run(x): pass": ["x"],
    "run = lambda x: x": ["x"],
    "def score(x): pass\nrun = score": ["x"],
    "def score(x): pass\nother = score\nrun = other": ["x"],
    "score = lambda x: x\nrun = score": ["x"],
    "from package import run": None,
    "run = factory(1)": None,
    "run = holder.run": None,
    "class run: pass": None,
    "run = run": None,
    "a = run\nrun = a": None,
}


@pytest.mark.parametrize("text", ENTRIES)
def test_run_is_read_off_through_plain_aliases(text: str) -> None:
    entry = facts(text).entry("run")
    assert entry is not None
    wanted = ENTRIES[text]
    found = entry.function and [p.name for p in entry.function.parameters]
    assert found == wanted


def test_letters_of_other_shapes_name_the_same_thing() -> None:
    assert bound("def ｒｕｎ(x): pass\n") == {"run"}
    assert bound("import 𝐫𝐮𝐧\n") == {"run"}
    assert bound("from package import 𝐫𝐮𝐧\n") == {"run"}
    assert bound("match subject:\n    case 𝐫𝐮𝐧: pass\n") == {"run"}


def test_the_span_of_a_binding_is_that_of_its_name() -> None:
    text = "import package as run\n\n\nclass init: pass\n\n\nfirst, last = 1, 2\n"
    bindings = facts(text).bindings
    read = SourceText("score.py", text)
    spans = {name: read.slice(b[-1].span) for name, b in bindings.bound.items()}
    assert spans == {"run": "package", "init": "init", "first": "first", "last": "last"}


REMOVED = {
    "def a():\n    b()\ndef b():\n    global run\n    run = print\na()": False,
    "def b(f):\n    global run\n    run = f\n@b\ndef c(): pass": False,
    "class A:\n    def b(self):\n        global run\n        run = print\nA().b()": False,
    "def a():\n    b()\ndef b():\n    global run\n    run = print": True,
    "def b():\n    global run\n    run = print\nif __name__ == '__main__':\n    b()": True,
    "def run(x): pass\ntry:\n    del run\nfinally:\n    pass": True,
    "def run(x): pass\nif __name__ != '__main__':\n    del run": True,
    "def run(x): pass\nif flag:\n    del run": False,
    "def run(x): pass\ntry:\n    del run\nexcept NameError:\n    pass": False,
    "from package import *\ndef run(x): pass\ndel run": True,
    "def run(x): pass\ndel run\nfrom package import *": False,
    "def make():\n    global run\n    run = print\nmake()\ndef other(): pass\ndel run": True,
    "import sys\nif sys.version_info < (3,):\n    run = print": True,
    "import sys\nif sys.version_info < (3, 9):\n    run = print": False,
    "while True:\n    break\n    run = print": True,
    "if typing.TYPE_CHECKING:\n    from package import *": True,
    "def __getattr__(name):\n    raise AttributeError(name)": True,
    "def __getattr__(name):\n    if name == 'x':\n        return 1\n    raise AttributeError": True,
    "def __getattr__(n):\n    if n == 'run':\n        return 1\n    raise AttributeError": False,
    "def __getattr__(n):\n    if n in TABLE:\n        return 1\n    raise AttributeError": False,
}


@pytest.mark.parametrize("text", REMOVED)
def test_a_name_is_missing_only_where_every_import_leaves_it_out(text: str) -> None:
    assert facts(text).bindings.may_have("run") is not REMOVED[text]
