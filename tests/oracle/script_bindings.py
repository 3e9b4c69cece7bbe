"""Every way of making, or failing to make, a module attribute: ``init`` and ``run`` of a scoring script.

In the templates ``NAME`` stands for ``init`` or ``run``, ``PARAMS`` for its parameters, ``SELF_PARAMS`` for the same
behind a ``self``, ``BODY`` for a statement and ``VALUE`` for an expression. A line ``#: sibling.py`` starts another
file of the case; what stands above the first such line is the scoring script.
"""

# ruff: noqa: E501 - a line of the tables is a script

from __future__ import annotations

BINDINGS: dict[str, str] = {
    "def": "def NAME(PARAMS):\n    BODY\n",
    "def-annotated": "def NAME(PARAMS) -> object:\n    '''What it does.'''\n    BODY\n",
    "async-def": "async def NAME(PARAMS):\n    BODY\n",
    "generator": "def NAME(PARAMS):\n    yield 1\n",
    "lambda": "NAME = lambda PARAMS: VALUE\n",
    "def-type-parameters": "def NAME[T](PARAMS):\n    BODY\n",
    "partial": "import functools\ndef made(flavour, PARAMS):\n    BODY\nNAME = functools.partial(made, 'x')\n",
    "partial-from-import": "from functools import partial\ndef made(one, two, PARAMS):\n    BODY\nNAME = partial(made, 1, 2)\n",
    "alias": "def start(PARAMS):\n    BODY\nNAME = start\n",
    "alias-annotated": "from typing import Callable\ndef start(PARAMS):\n    BODY\nNAME: Callable = start\n",
    "alias-chain": "def start(PARAMS):\n    BODY\nagain = NAME = start\n",
    "alias-tuple": "def start(PARAMS):\n    BODY\nNAME, other = start, None\n",
    "alias-starred": "def start(PARAMS):\n    BODY\n*others, NAME = [1, 2, start]\n",
    "alias-nested-tuple": "def start(PARAMS):\n    BODY\n(one, (NAME, two)) = 1, (start, 2)\n",
    "alias-walrus": "def start(PARAMS):\n    BODY\nif (NAME := start):\n    pass\n",
    "alias-conditional-expression": "def start(PARAMS):\n    BODY\nNAME = start if True else None\n",
    "alias-subscript": "def start(PARAMS):\n    BODY\ntable = {'NAME': start}\nNAME = table['NAME']\n",
    "alias-or": "def start(PARAMS):\n    BODY\nNAME = None or start\n",
    "alias-of-undefined": "NAME = begin\n",
    "alias-before-definition": "NAME = start\ndef start(PARAMS):\n    BODY\n",
    "annotation-only": "from typing import Callable\nNAME: Callable\n",
    "attribute-of-other-object": "class Holder:\n    pass\ndef start(PARAMS):\n    BODY\nHolder.NAME = start\n",
    "dictionary-key": "table = {}\ntable['NAME'] = lambda PARAMS: VALUE\n",
    "keyword-argument": "table = dict(NAME=lambda PARAMS: VALUE)\n",
    "comprehension-variable": "found = [NAME for NAME in (1, 2)]\n",
    "walrus-in-comprehension": "found = [NAME := start for start in (lambda PARAMS: VALUE,)]\n",
    "walrus-in-comprehension-condition": "found = [one for one in (lambda PARAMS: VALUE,) if (NAME := one)]\n",
    "lambda-parameter": "pick = lambda NAME: NAME\n",
    "walrus-in-lambda": "def start(PARAMS):\n    BODY\npick = lambda: (NAME := start)\npick()\n",
    "walrus-in-default": "def start(PARAMS):\n    BODY\ndef pick(what=(NAME := start)):\n    return what\n",
    "walrus-in-decorator": "def start(PARAMS):\n    BODY\n@(NAME := lambda PARAMS: VALUE)\ndef other():\n    pass\n",
    "walrus-in-decorator-kept": "def start(PARAMS):\n    BODY\n@(lambda fn, keep=(NAME := start): fn)\ndef other():\n    pass\n",
    "walrus-in-fstring": "def start(PARAMS):\n    BODY\ntext = f'{(NAME := start)}'\n",
    "walrus-in-assert": "def start(PARAMS):\n    BODY\nassert (NAME := start)\n",
    "walrus-short-circuit": "def start(PARAMS):\n    BODY\nfalse = False and (NAME := start)\n",
    "function-parameter": "def other(NAME):\n    return NAME\n",
    "nested-function": "def outer():\n    def NAME(PARAMS):\n        BODY\n    return NAME\n",
    "nested-function-returned": "def outer():\n    def NAME(PARAMS):\n        BODY\n    return NAME\nNAME = outer()\n",
    "nested-function-with-closure": (
        "def outer(model):\n    def NAME(PARAMS):\n        model\n        BODY\n    return NAME\nNAME = outer([1])\n"
    ),
    "nested-function-recursive": (
        "def outer():\n    def NAME(PARAMS):\n        NAME\n        BODY\n    return NAME\nNAME = outer()\n"
    ),
    "nested-function-empty-cell": (
        "def outer():\n    def NAME(PARAMS):\n        if False:\n            late\n        BODY\n    return NAME\n"
        "    late = 1\nNAME = outer()\n"
    ),
    "method-only": "class Model:\n    def NAME(SELF_PARAMS):\n        BODY\n",
    "static-method-only": "class Model:\n    @staticmethod\n    def NAME(PARAMS):\n        BODY\n",
    "bound-method": "class Model:\n    def NAME(SELF_PARAMS):\n        BODY\nNAME = Model().NAME\n",
    "bound-method-of-instance": (
        "class Model:\n    def go(SELF_PARAMS):\n        BODY\nmodel = Model()\nNAME = model.go\n"
    ),
    "unbound-method": "class Model:\n    def NAME(SELF_PARAMS):\n        BODY\nNAME = Model.NAME\n",
    "static-method": "class Model:\n    @staticmethod\n    def NAME(PARAMS):\n        BODY\nNAME = Model.NAME\n",
    "class-method": "class Model:\n    @classmethod\n    def NAME(SELF_PARAMS):\n        BODY\nNAME = Model.NAME\n",
    "callable-object": "class Model:\n    def __call__(SELF_PARAMS):\n        BODY\nNAME = Model()\n",
    "callable-object-static": "class Model:\n    @staticmethod\n    def __call__(PARAMS):\n        BODY\nNAME = Model()\n",
    "object-without-call": "class Model:\n    pass\nNAME = Model()\n",
    "class": "class NAME:\n    def __init__(SELF_PARAMS):\n        pass\n",
    "class-alias": "class Model:\n    def __init__(SELF_PARAMS):\n        pass\nNAME = Model\n",
    "class-new": "class NAME:\n    def __new__(SELF_PARAMS):\n        return object.__new__(self)\n",
    "class-without-constructor": "class NAME:\n    pass\n",
    "class-dataclass": "import dataclasses\n@dataclasses.dataclass\nclass NAME:\n    data: str = 'x'\n",
    "class-named-tuple": "from typing import NamedTuple\nclass NAME(NamedTuple):\n    data: str = 'x'\n",
    "class-exception": "class NAME(Exception):\n    pass\n",
    "class-enum": "import enum\nclass NAME(enum.Enum):\n    ONE = 1\n",
    "module-level-staticmethod": "@staticmethod\ndef NAME(PARAMS):\n    BODY\n",
    "module-level-classmethod": "@classmethod\ndef NAME(PARAMS):\n    BODY\n",
    "module-level-property": "@property\ndef NAME(PARAMS):\n    BODY\n",
    "imported-def": "from impl import NAME\n#: impl.py\ndef NAME(PARAMS):\n    BODY\n",
    "imported-as": "from impl import start as NAME\n#: impl.py\ndef start(PARAMS):\n    BODY\n",
    "imported-as-other-name": "from impl import NAME as start\n#: impl.py\ndef NAME(PARAMS):\n    BODY\n",
    "imported-async-def": "from impl import NAME\n#: impl.py\nasync def NAME(PARAMS):\n    BODY\n",
    "imported-and-aliased": "import impl\nNAME = impl.start\n#: impl.py\ndef start(PARAMS):\n    BODY\n",
    "imported-through-two": (
        "from impl import NAME\n#: impl.py\nfrom deeper import NAME\n#: deeper.py\ndef NAME(PARAMS):\n    BODY\n"
    ),
    "imported-package": "from pack import NAME\n#: pack/__init__.py\ndef NAME(PARAMS):\n    BODY\n",
    "imported-package-module": (
        "from pack.impl import NAME\n#: pack/__init__.py\n#: pack/impl.py\ndef NAME(PARAMS):\n    BODY\n"
    ),
    "imported-namespace-package": "from pack.impl import NAME\n#: pack/impl.py\ndef NAME(PARAMS):\n    BODY\n",
    "imported-relative-in-package": (
        "from pack import NAME\n#: pack/__init__.py\nfrom .impl import NAME\n#: pack/impl.py\n"
        "def NAME(PARAMS):\n    BODY\n"
    ),
    "imported-name-missing": "from impl import NAME\n#: impl.py\ndef other(PARAMS):\n    BODY\n",
    "imported-broken-sibling": "from impl import NAME\n#: impl.py\ndef NAME(PARAMS:\n    BODY\n",
    "imported-raising-sibling": "from impl import NAME\n#: impl.py\nraise RuntimeError('no')\n",
    "imported-relative": "from .impl import NAME\n#: impl.py\ndef NAME(PARAMS):\n    BODY\n",
    "imported-relative-dot": "from . import NAME\n#: NAME.py\n",
    "imported-circular": (
        "def other():\n    pass\nfrom impl import NAME\n#: impl.py\nimport score\ndef NAME(PARAMS):\n    BODY\n"
    ),
    "imported-from-entry-module": "def helper():\n    pass\nfrom entry_module import NAME\n",
    "imported-from-main": "from __main__ import NAME\n",
    "imported-in-function": "def other():\n    from impl import NAME\n#: impl.py\ndef NAME(PARAMS):\n    BODY\n",
    "imported-module-of-that-name": "import NAME\n#: NAME.py\ndef go(PARAMS):\n    BODY\n",
    "imported-dotted": "import NAME.impl\n#: NAME/__init__.py\n#: NAME/impl.py\n",
    "imported-unresolved": "from nowhere_at_all import NAME\n",
    "imported-guarded": (
        "try:\n    from nowhere_at_all import NAME\nexcept ImportError:\n    def NAME(PARAMS):\n        BODY\n"
    ),
    "imported-guarded-suppressed": (
        "import contextlib\nwith contextlib.suppress(ImportError):\n    from nowhere_at_all import NAME\n"
    ),
    "star": "from impl import *\n#: impl.py\ndef NAME(PARAMS):\n    BODY\n",
    "star-without-it": "from impl import *\n#: impl.py\ndef other(PARAMS):\n    BODY\n",
    "star-all": "from impl import *\n#: impl.py\n__all__ = ['NAME']\ndef NAME(PARAMS):\n    BODY\n",
    "star-all-without-it": "from impl import *\n#: impl.py\n__all__ = ['other']\nother = 1\ndef NAME(PARAMS):\n    BODY\n",
    "star-all-names-missing": "from impl import *\n#: impl.py\n__all__ = ['NAME']\n",
    "star-of-star": (
        "from impl import *\n#: impl.py\nfrom deeper import *\n#: deeper.py\ndef NAME(PARAMS):\n    BODY\n"
    ),
    "star-of-imported-name": (
        "from impl import *\n#: impl.py\nfrom deeper import NAME\n#: deeper.py\ndef NAME(PARAMS):\n    BODY\n"
    ),
    "star-of-standard-library": "from math import *\n",
    "star-over-definition": (
        "def NAME(PARAMS):\n    BODY\nfrom impl import *\n#: impl.py\nNAME = None\n"
    ),
    "capitalized": "def CAPITALIZED(PARAMS):\n    BODY\n",
    "upper-case": "def UPPER(PARAMS):\n    BODY\n",
    "underscore": "def _NAME(PARAMS):\n    BODY\n",
    "longer-name": "def NAME_model(PARAMS):\n    BODY\n",
    "compatibility-letters": "def COMPATIBILITY(PARAMS):\n    BODY\n",
    "in-comment": "# def NAME(PARAMS):\n#     BODY\n",
    "in-string": "'''\ndef NAME(PARAMS):\n    BODY\n'''\n",
    "nothing": "",
    "value-none": "NAME = None\n",
    "value-number": "NAME = 5\n",
    "value-string": "NAME = 'start'\n",
    "value-list": "NAME = []\n",
    "builtin-print": "NAME = print\n",
    "builtin-len": "NAME = len\n",
    "builtin-dict": "NAME = dict\n",
    "builtin-str": "NAME = str\n",
    "builtin-list": "NAME = list\n",
    "builtin-json-loads": "from json import loads as NAME\n",
    "builtin-json-module": "import json as NAME\n",
    "builtin-sorted": "NAME = sorted\n",
    "builtin-getattr-partial": "import functools\nNAME = functools.partial(getattr, 'x')\n",
    "builtin-exit": "NAME = exit\n",
    "itemgetter": "import operator\nNAME = operator.itemgetter(0)\n",
    "mock": "from unittest.mock import Mock\nNAME = Mock(return_value=1)\n",
    "partial-keyword": (
        "import functools\ndef made(data=None, flavour=None):\n    BODY\nNAME = functools.partial(made, flavour='x')\n"
    ),
    "partial-keyword-first": (
        "import functools\ndef made(data=None, flavour=None):\n    BODY\nNAME = functools.partial(made, data='x')\n"
    ),
    "partial-all-bound": "import functools\ndef made(flavour):\n    BODY\nNAME = functools.partial(made, 'x')\n",
    "partial-too-many": "import functools\ndef made():\n    BODY\nNAME = functools.partial(made, 'x')\n",
    "partial-of-partial": (
        "from functools import partial\ndef made(a, b, PARAMS):\n    BODY\nNAME = partial(partial(made, 1), 2)\n"
    ),
    "partial-of-method": (
        "from functools import partial\nclass Model:\n    def go(SELF_PARAMS):\n        BODY\n"
        "NAME = partial(Model.go, Model())\n"
    ),
    "global-in-called-function": (
        "def outer():\n    global NAME\n    def NAME(PARAMS):\n        BODY\nouter()\n"
    ),
    "global-in-uncalled-function": "def outer():\n    global NAME\n    def NAME(PARAMS):\n        BODY\n",
    "global-assigned-in-called-function": "def outer():\n    global NAME\n    NAME = lambda PARAMS: VALUE\nouter()\n",
    "global-import-in-called-function": (
        "def outer():\n    global NAME\n    from impl import NAME\nouter()\n#: impl.py\ndef NAME(PARAMS):\n    BODY\n"
    ),
    "global-in-class-body": "class Outer:\n    global NAME\n    def NAME(PARAMS):\n        BODY\n",
    "local-in-called-function": "def outer():\n    NAME = lambda PARAMS: VALUE\nouter()\n",
    "called-under-main-guard": (
        "def outer():\n    global NAME\n    NAME = lambda PARAMS: VALUE\nif __name__ == '__main__':\n    outer()\n"
    ),
    "exec": "exec('def NAME(PARAMS): VALUE')\n",
    "exec-of-file": "exec(open('impl.py').read())\n#: impl.py\ndef NAME(PARAMS):\n    BODY\n",
    "globals-item": "def start(PARAMS):\n    BODY\nglobals()['NAME'] = start\n",
    "globals-update": "def start(PARAMS):\n    BODY\nglobals().update(NAME=start)\n",
    "vars-item": "def start(PARAMS):\n    BODY\nvars()['NAME'] = start\n",
    "setattr-on-sys-modules": (
        "import sys\ndef start(PARAMS):\n    BODY\nsetattr(sys.modules[__name__], 'NAME', start)\n"
    ),
    "module-getattr": "def __getattr__(name):\n    if name == 'NAME':\n        return start\n    raise AttributeError(name)\n"
    "def start(PARAMS):\n    BODY\n",
    "module-getattr-refusing": "def __getattr__(name):\n    raise AttributeError(name)\n",
    "module-getattr-none": "def __getattr__(name):\n    return None\n",
    "match-capture": "def start(PARAMS):\n    BODY\nmatch start:\n    case NAME:\n        pass\n",
    "match-mapping-capture": (
        "def start(PARAMS):\n    BODY\nmatch {'go': start}:\n    case {'go': NAME}:\n        pass\n"
    ),
    "for-target": "def start(PARAMS):\n    BODY\nfor NAME in [start]:\n    pass\n",
    "for-target-empty": "for NAME in []:\n    pass\n",
    "with-target": (
        "import contextlib\ndef start(PARAMS):\n    BODY\nwith contextlib.nullcontext(start) as NAME:\n    pass\n"
    ),
    "except-target": "try:\n    raise ValueError\nexcept ValueError as NAME:\n    pass\n",
    "type-alias": "type NAME = int\n",
}

#: Definitions that something later in the script takes away or replaces. ``DEFINED`` is the definition.
AFTERWARDS: dict[str, str] = {
    "deleted": "DEFINED\ndel NAME\n",
    "deleted-in-tuple": "DEFINED\nother = 1\ndel (other, NAME)\n",
    "deleted-and-redefined": "DEFINED\ndel NAME\nDEFINED\n",
    "deleted-in-uncalled-function": "DEFINED\ndef clean():\n    global NAME\n    del NAME\n",
    "deleted-in-called-function": "DEFINED\ndef clean():\n    global NAME\n    del NAME\nclean()\n",
    "deleted-locally": "DEFINED\ndef clean():\n    NAME = 1\n    del NAME\nclean()\n",
    "deleted-under-main-guard": "DEFINED\nif __name__ == '__main__':\n    del NAME\n",
    "deleted-under-name-check": "DEFINED\nif __name__ != '__main__':\n    del NAME\n",
    "deleted-from-globals": "DEFINED\nglobals().pop('NAME')\n",
    "deleted-attribute": "DEFINED\nclass Box:\n    NAME = 1\ndel Box.NAME\n",
    "deleted-in-class": "DEFINED\nclass Box:\n    NAME = 1\n    del NAME\n",
    "deleted-in-try": "DEFINED\ntry:\n    del NAME\nfinally:\n    pass\n",
    "deleted-in-skipped-handler": "DEFINED\ntry:\n    pass\nexcept ValueError:\n    del NAME\n",
    "rebound-by-except": "DEFINED\ntry:\n    raise ValueError\nexcept ValueError as NAME:\n    pass\n",
    "rebound-by-skipped-except": "DEFINED\ntry:\n    pass\nexcept ValueError as NAME:\n    pass\n",
    "redefined-after-except": "try:\n    raise ValueError\nexcept ValueError as NAME:\n    pass\nDEFINED\n",
    "rebound-none": "DEFINED\nNAME = None\n",
    "rebound-number": "DEFINED\nNAME = 5\n",
    "rebound-by-import": "DEFINED\nimport json as NAME\n",
    "rebound-by-for": "DEFINED\nfor NAME in range(3):\n    pass\n",
    "rebound-by-empty-for": "DEFINED\nfor NAME in []:\n    pass\n",
    "rebound-in-comprehension": "DEFINED\nfound = [NAME for NAME in range(3)]\n",
    "rebound-under-main-guard": "DEFINED\nif __name__ == '__main__':\n    NAME = None\n",
    "rebound-in-class": "DEFINED\nclass Box:\n    NAME = None\n",
    "rebound-locally": "DEFINED\ndef other():\n    NAME = None\nother()\n",
    "called-under-main-guard": "DEFINED\nif __name__ == '__main__':\n    NAME()\n",
    "annotated-afterwards": "DEFINED\nNAME: object\n",
    "defined-twice": "DEFINED\nDEFINED\n",
    "none-then-defined": "NAME = None\nDEFINED\n",
    "wrapped-afterwards": "import functools\nDEFINED\nNAME = functools.lru_cache(NAME)\n",
    "global-statement-at-top": "global NAME\nDEFINED\n",
}

#: Blocks a definition can stand in. ``DEFINED`` is the definition, indented to where the word stands.
BLOCKS: dict[str, str] = {
    "main-guard": "if __name__ == '__main__':\n    DEFINED\n",
    "main-guard-reversed": "if '__main__' == __name__:\n    DEFINED\n",
    "main-guard-and": "import os\nif __name__ == '__main__' and os.name:\n    DEFINED\n",
    "main-guard-or": "import os\nif __name__ == '__main__' or os.name:\n    DEFINED\n",
    "main-guard-else": "if __name__ == '__main__':\n    pass\nelse:\n    DEFINED\n",
    "not-main-guard": "if __name__ != '__main__':\n    DEFINED\n",
    "not-main-guard-else": "if __name__ != '__main__':\n    pass\nelse:\n    DEFINED\n",
    "negated-main-guard": "if not __name__ == '__main__':\n    DEFINED\n",
    "main-guard-in": "if __name__ in ('__main__',):\n    DEFINED\n",
    "entry-module-guard": "if __name__ == 'entry_module':\n    DEFINED\n",
    "score-guard": "if __name__ == 'score':\n    DEFINED\n",
    "name-in-two": "if __name__ in ('__main__', 'entry_module'):\n    DEFINED\n",
    "if-true": "if True:\n    DEFINED\n",
    "if-one": "if 1:\n    DEFINED\n",
    "if-false": "if False:\n    DEFINED\n",
    "if-zero": "if 0:\n    DEFINED\n",
    "if-not-true": "if not True:\n    DEFINED\n",
    "if-false-else": "if False:\n    pass\nelse:\n    DEFINED\n",
    "if-none": "if None:\n    DEFINED\n",
    "if-empty-string": "if '':\n    DEFINED\n",
    "if-elif": "import os\nif os.environ.get('NOT_SET'):\n    pass\nelif True:\n    DEFINED\n",
    "if-both-branches": "import os\nif os.environ.get('NOT_SET'):\n    DEFINED\nelse:\n    DEFINED\n",
    "if-environment-set": "import os\nif os.environ.get('AZUREML_MODEL_DIR'):\n    DEFINED\n",
    "if-environment-unset": "import os\nif os.environ.get('NOT_SET'):\n    DEFINED\n",
    "if-type-checking": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    DEFINED\n",
    "if-type-checking-attribute": "import typing\nif typing.TYPE_CHECKING:\n    DEFINED\n",
    "if-not-type-checking": "from typing import TYPE_CHECKING\nif not TYPE_CHECKING:\n    DEFINED\n",
    "if-type-checking-else": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\nelse:\n    DEFINED\n",
    "if-version": "import sys\nif sys.version_info >= (3, 8):\n    DEFINED\n",
    "if-old-version": "import sys\nif sys.version_info < (3,):\n    DEFINED\n",
    "if-debug": "if __debug__:\n    DEFINED\n",
    "if-variable": "DEBUG = False\nif DEBUG:\n    DEFINED\n",
    "try-body": "try:\n    DEFINED\nexcept Exception:\n    pass\n",
    "try-body-finally": "try:\n    DEFINED\nfinally:\n    pass\n",
    "try-after-raise": "try:\n    raise ValueError\n    DEFINED\nexcept ValueError:\n    pass\n",
    "try-after-failed-import": "try:\n    import nowhere_at_all\n    DEFINED\nexcept ImportError:\n    pass\n",
    "try-after-good-import": "try:\n    import json\n    DEFINED\nexcept ImportError:\n    pass\n",
    "try-handler-taken": "try:\n    import nowhere_at_all\nexcept ImportError:\n    DEFINED\n",
    "try-handler-not-taken": "try:\n    import json\nexcept ImportError:\n    DEFINED\n",
    "try-handler-of-pass": "try:\n    pass\nexcept Exception:\n    DEFINED\n",
    "try-both": "try:\n    import nowhere_at_all\n    DEFINED\nexcept ImportError:\n    DEFINED\n",
    "try-else": "try:\n    pass\nexcept Exception:\n    pass\nelse:\n    DEFINED\n",
    "try-else-not-taken": "try:\n    import nowhere_at_all\nexcept ImportError:\n    pass\nelse:\n    DEFINED\n",
    "try-finally": "try:\n    pass\nfinally:\n    DEFINED\n",
    "with": "import contextlib\nwith contextlib.suppress(Exception):\n    DEFINED\n",
    "with-after-raise": "import contextlib\nwith contextlib.suppress(ValueError):\n    raise ValueError\n    DEFINED\n",
    "for-once": "for _ in range(1):\n    DEFINED\n",
    "for-literal": "for _ in [0]:\n    DEFINED\n",
    "for-never": "for _ in []:\n    DEFINED\n",
    "for-else": "for _ in []:\n    pass\nelse:\n    DEFINED\n",
    "for-after-continue": "for _ in [0]:\n    continue\n    DEFINED\n",
    "while-true": "while True:\n    DEFINED\n    break\n",
    "while-true-after-break": "while True:\n    break\n    DEFINED\n",
    "while-false": "while False:\n    DEFINED\n",
    "while-else": "while False:\n    pass\nelse:\n    DEFINED\n",
    "match-taken": "match 1:\n    case 1:\n        DEFINED\n",
    "match-default": "match 1:\n    case 2:\n        pass\n    case _:\n        DEFINED\n",
    "match-not-taken": "match 1:\n    case 2:\n        DEFINED\n",
    "class-body": "class Model:\n    DEFINED\n",
    "function-body": "def setup():\n    DEFINED\n    return NAME\n",
    "function-body-called": "def setup():\n    DEFINED\n    return NAME\nsetup()\n",
    "after-exit": "import sys\nsys.exit(0)\nDEFINED\n",
    "after-raise": "raise SystemExit\nDEFINED\n",
    "after-assert-false": "assert False\nDEFINED\n",
}
