"""What a dotted name stands for, given a script's imports."""

from __future__ import annotations

import pytest

from amllint.analysis.names import Names
from amllint.source.python import syntax as s

from .scripts import facts

QUALIFIED = {
    "import json\njson.loads(x)": "json.loads",
    "import json as j\nj.loads(x)": "json.loads",
    "from json import loads\nloads(x)": "json.loads",
    "from json import loads as parse\nparse(x)": "json.loads",
    "import os.path\nos.path.join(x)": "os.path.join",
    "import os.path as p\np.join(x)": "os.path.join",
    "from os import path\npath.join(x)": "os.path.join",
    "from azureml.core import Model as M\nM.get_model_path(x)": "azureml.core.Model.get_model_path",
    "from . import helper\nhelper.parse(x)": ".helper.parse",
    "from .helper import parse\nparse(x)": ".helper.parse",
    "from ..deep.helper import parse\nparse(x)": "..deep.helper.parse",
    "import json\nparse = json.loads\nparse(x)": "json.loads",
    "import json\nj = json\nj.loads(x)": "json.loads",
    "def parse(x): pass\nparse(x)": "parse",
    "print(x)": "print",
    "holder.method(x)": "holder.method",
    "def f():\n    import json\n    return json.loads(x)": "json.loads",
    "factory()(x)": None,
    "table['f'](x)": None,
    "(lambda: 1)(x)": None,
}


@pytest.mark.parametrize("text", QUALIFIED)
def test_a_call_is_named_through_imports_and_aliases(text: str) -> None:
    read = facts(text)
    call = next(n for n in read.nodes if isinstance(n, s.Call) and n.arguments)
    assert read.names.qualify(call.function) == QUALIFIED[text]


def test_a_name_with_two_meanings_is_not_taken_for_an_import() -> None:
    read = facts("import json\nparse = json.loads\nparse = lambda x: x\nparse(1)\n")
    call = next(n for n in read.nodes if isinstance(n, s.Call))
    assert read.names.qualify(call.function) == "parse"


def test_star_imports_are_remembered_by_module() -> None:
    names = Names(facts("from azureml.core import *\nfrom . import *\n").nodes)
    assert names.stars == ["azureml.core", "."]


def test_nothing_is_named_by_nothing() -> None:
    assert facts("").names.qualify(None) is None
