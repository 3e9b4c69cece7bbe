"""Callables that are no plain function, and wrappers that do more than pass on what they got.

The templates are those of ``script_bindings`` and, with DEFINED, of ``script_signatures``.
"""

# ruff: noqa: E501 - a line of the tables is a script

from __future__ import annotations

_MADE = "def made(PARAMS):\n    BODY\n"
_MODEL = "class Model:\n    def go(SELF_PARAMS):\n        BODY\n"

CALLABLES: dict[str, str] = {
    "method-of-subclass": f"{_MODEL}class Other(Model):\n    pass\nNAME = Other().go\n",
    "method-overridden": f"{_MODEL}class Other(Model):\n    def go(self, *args):\n        BODY\nNAME = Other().go\n",
    "method-of-two-bases": f"{_MODEL}class Mixin:\n    pass\nclass Other(Mixin, Model):\n    pass\nNAME = Other().go\n",
    "method-of-library-class": "import threading\nclass Model(threading.Thread):\n    def go(SELF_PARAMS):\n        BODY\nNAME = Model().go\n",
    "method-with-metaclass": "import abc\nclass Model(metaclass=abc.ABCMeta):\n    def go(SELF_PARAMS):\n        BODY\nNAME = Model().go\n",
    "method-wrapped": (
        "import functools\ndef deco(fn):\n    @functools.wraps(fn)\n    def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n    return wrapper\n"
        "class Model:\n    @deco\n    def go(SELF_PARAMS):\n        BODY\nNAME = Model().go\n"
    ),
    "method-hidden": (
        "def deco(fn):\n    def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n    return wrapper\n"
        "class Model:\n    @deco\n    def go(SELF_PARAMS):\n        BODY\nNAME = Model().go\n"
    ),
    "method-without-self": "class Model:\n    def go(PARAMS):\n        BODY\nNAME = Model().go\n",
    "method-alias-in-class": f"{_MODEL}    again = go\nNAME = Model().again\n",
    "method-property": "class Model:\n    @property\n    def go(self):\n        return lambda PARAMS: VALUE\nNAME = Model().go\n",
    "method-property-unbound": "class Model:\n    @property\n    def go(self):\n        return lambda PARAMS: VALUE\nNAME = Model.go\n",
    "method-replaced": f"{_MADE}{_MODEL}Model.go = staticmethod(made)\nNAME = Model().go\n",
    "method-set-in-constructor": f"{_MADE}class Model:\n    def __init__(self):\n        self.go = made\n    def go(self, one, two):\n        BODY\nNAME = Model().go\n",
    "method-of-argument": "class Model:\n    def __init__(self, fn):\n        self.fn = fn\n    def go(self):\n        return self.fn()\n"
    + _MADE
    + "NAME = Model(made).go\n",
    "method-twice": "import os\nclass Model:\n    if os.name:\n        def go(SELF_PARAMS):\n            BODY\n    else:\n        def go(self, one, two):\n            BODY\nNAME = Model().go\n",
    "attribute-of-argument": f"class Model:\n    def __init__(self, fn):\n        self.fn = fn\n{_MADE}NAME = Model(made).fn\n",
    "static-method-of-instance": "class Model:\n    @staticmethod\n    def go(PARAMS):\n        BODY\nNAME = Model().go\n",
    "class-method-of-instance": "class Model:\n    @classmethod\n    def go(SELF_PARAMS):\n        BODY\nNAME = Model().go\n",
    "callable-object-of-subclass": "class Model:\n    def __call__(SELF_PARAMS):\n        BODY\nclass Other(Model):\n    pass\nNAME = Other()\n",
    "callable-object-with-new": "class Model:\n    def __new__(cls):\n        return lambda PARAMS: VALUE\n    def __call__(self, *args):\n        BODY\nNAME = Model()\n",
    "callable-object-with-getattr": "class Model:\n    def __getattr__(self, name):\n        return lambda PARAMS: VALUE\nNAME = Model().go\n",
    "callable-object-given": "class Model:\n    def __init__(self, path):\n        self.path = path\n    def __call__(SELF_PARAMS):\n        BODY\nNAME = Model('x')\n",
    "class-of-own-base": "class Base:\n    def __init__(SELF_PARAMS):\n        pass\nclass NAME(Base):\n    pass\n",
    "class-of-object": "class NAME(object):\n    def __init__(SELF_PARAMS):\n        pass\n",
    "class-with-metaclass": "import abc\nclass NAME(metaclass=abc.ABCMeta):\n    def __init__(SELF_PARAMS):\n        pass\n",
    "class-new-and-init": "class NAME:\n    def __new__(cls, *args, **kwargs):\n        return object.__new__(cls)\n    def __init__(SELF_PARAMS):\n        pass\n",
    "class-wrapped-constructor": "import functools\nclass NAME:\n    @functools.lru_cache\n    def __init__(SELF_PARAMS):\n        pass\n",
    "class-static-call": "class NAME:\n    def __call__(SELF_PARAMS):\n        BODY\n",
    "factory-of-lambda": "def outer():\n    return lambda PARAMS: VALUE\nNAME = outer()\n",
    "factory-lambda": "outer = lambda: lambda PARAMS: VALUE\nNAME = outer()\n",
    "factory-of-partial": "import functools\ndef outer():\n    def go(flavour, PARAMS):\n        BODY\n    return functools.partial(go, 'x')\nNAME = outer()\n",
    "factory-of-argument": f"{_MADE}def outer(fn):\n    return fn\nNAME = outer(made)\n",
    "factory-of-keyword": f"{_MADE}def outer(*, fn):\n    return fn\nNAME = outer(fn=made)\n",
    "factory-of-default": f"{_MADE}def outer(fn=made):\n    return fn\nNAME = outer()\n",
    "factory-of-starred": f"{_MADE}def outer(fn):\n    return fn\nNAME = outer(*[made])\n",
    "factory-of-two-alike": "import os\ndef outer():\n    if os.name:\n        def one(PARAMS):\n            BODY\n        return one\n    def two(PARAMS):\n        BODY\n    return two\nNAME = outer()\n",
    "factory-of-two-unlike": "import os\ndef outer():\n    if os.environ.get('NOT_SET'):\n        return lambda *a: VALUE\n    def two(PARAMS):\n        BODY\n    return two\nNAME = outer()\n",
    "factory-of-class": "def outer():\n    class Model:\n        def __call__(SELF_PARAMS):\n            BODY\n    return Model()\nNAME = outer()\n",
    "factory-method": "class Factory:\n    def make(self):\n        def go(PARAMS):\n            BODY\n        return go\nNAME = Factory().make()\n",
    "factory-static-method": "class Factory:\n    @staticmethod\n    def make():\n        def go(PARAMS):\n            BODY\n        return go\nNAME = Factory.make()\n",
    "factory-object": "class Factory:\n    def __call__(self):\n        def go(PARAMS):\n            BODY\n        return go\nNAME = Factory()()\n",
    "factory-of-global": f"{_MADE}def outer():\n    return made\nNAME = outer()\n",
    "factory-of-rebound-global": f"{_MADE}def outer():\n    return made\nNAME = outer()\ndef made(one, *two):\n    BODY\n",
    "factory-of-earlier-global": f"def outer():\n    return made\ndef made(one, *two):\n    BODY\n{_MADE}NAME = outer()\n",
    "factory-returning-nothing": "def outer():\n    def go(PARAMS):\n        BODY\nNAME = outer()\n",
    "factory-async": "async def outer():\n    return lambda PARAMS: VALUE\nNAME = outer()\n",
    "factory-generator": "def outer():\n    yield lambda PARAMS: VALUE\nNAME = outer()\n",
    "factory-rebinding": "def outer(fn):\n    inner = fn\n    fn = None\n    return inner\ndef made(PARAMS):\n    BODY\nNAME = outer(made)\n",
    "factory-nonlocal": "def outer():\n    go = lambda *args: VALUE\n    def change():\n        nonlocal go\n        go = lambda PARAMS: VALUE\n    change()\n    return go\nNAME = outer()\n",
    "partial-of-class": "import functools\nclass Model:\n    def __init__(self, flavour, PARAMS):\n        pass\nNAME = functools.partial(Model, 'x')\n",
    "partial-of-object": "import functools\nclass Model:\n    def __call__(self, flavour, PARAMS):\n        BODY\nNAME = functools.partial(Model(), 'x')\n",
    "partial-of-bound": "import functools\nclass Model:\n    def go(self, flavour, PARAMS):\n        BODY\nNAME = functools.partial(Model().go, 'x')\n",
    "partial-of-lambda": "import functools\nNAME = functools.partial(lambda flavour, PARAMS: VALUE, 'x')\n",
    "partial-of-wrapped": (
        "import functools\ndef deco(fn):\n    @functools.wraps(fn)\n    def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n    return wrapper\n"
        "@deco\ndef made(flavour, PARAMS):\n    BODY\nNAME = functools.partial(made, 'x')\n"
    ),
    "partial-starred": f"import functools\n{_MADE}NAME = functools.partial(made, *[])\n",
    "partial-unknown-keyword": f"import functools\n{_MADE}NAME = functools.partial(made, nowhere=1)\n",
    "partial-keyword-only": "import functools\ndef made(*, flavour, data=None):\n    BODY\nNAME = functools.partial(made, flavour='x')\n",
    "partial-keyword-middle": "import functools\ndef made(data, flavour, *rest, mode):\n    BODY\nNAME = functools.partial(made, flavour='x')\n",
    "partial-own-name": f"def partial(fn, *args):\n    return fn\n{_MADE}NAME = partial(made, 1)\n",
    "partial-twice-same": "import functools\ndef made(data):\n    BODY\nNAME = functools.partial(functools.partial(made, data=1), data=2)\n",
    "alias-either": f"import os\n{_MADE}NAME = made if os.environ.get('NOT_SET') else made\n",
    "alias-either-unlike": f"import os\n{_MADE}NAME = (lambda *args: VALUE) if os.environ.get('NOT_SET') else made\n",
    "alias-or-none": f"{_MADE}NAME = made or None\n",
    "alias-and": f"{_MADE}NAME = made and made\n",
    "alias-and-none": f"{_MADE}NAME = made and None\n",
    "alias-or-empty": f"{_MADE}NAME = [] or {{}} or made\n",
    "alias-starred-list": f"{_MADE}*NAME, other = made, 1, 2\n",
    "alias-starred-last": f"{_MADE}first, *others, NAME = 1, 2, 3, made\n",
    "alias-unpacked-list": f"{_MADE}pair = [made, 1]\nNAME, other = pair\n",
    "alias-of-two": f"{_MADE}first = made\nsecond = first\nNAME = second\n",
    "alias-rebound-later": f"{_MADE}NAME = made\ndef made(one, *two):\n    BODY\n",
    "alias-deleted-later": f"{_MADE}NAME = made\ndel made\n",
    "alias-chosen-by-if": f"import os\n{_MADE}if os.environ.get('NOT_SET'):\n    NAME = None\nelse:\n    NAME = made\n",
    "alias-by-version": f"import sys\n{_MADE}NAME = None\nif sys.version_info >= (3, 5):\n    NAME = made\n",
    "value-tuple": "NAME = 1, 2\n",
    "value-formatted": "NAME = f'{1}'\n",
    "value-comprehension": "NAME = [one for one in ()]\n",
    "value-dict": "NAME = {'a': 1}\n",
    "value-module": "import json\nNAME = json\n",
    "value-instance-attribute": "class Model:\n    go = 5\nNAME = Model.go\n",
    "signature-replaced": "import inspect\ndef NAME(PARAMS):\n    BODY\ndef other(data=None):\n    pass\nNAME.__signature__ = inspect.signature(other)\n",
    "signature-hidden": "import inspect\ndef NAME(PARAMS):\n    BODY\ndef other(*args):\n    pass\nNAME.__signature__ = inspect.signature(other)\n",
    "signature-by-setattr": "def NAME(PARAMS):\n    BODY\ndef other(data=None):\n    pass\nsetattr(NAME, '__wrapped__', other)\n",
    "wrapped-attribute": "def NAME(PARAMS):\n    BODY\ndef other(data=None):\n    pass\nNAME.__wrapped__ = other\n",
}

_WRAP = "def deco(fn):\n"
_WRAPS = "import functools\ndef deco(fn):\n    @functools.wraps(fn)\n"
_USED = "    return wrapper\n@deco\nDEFINED"

WRAPPERS: dict[str, str] = {
    "supplying": f"{_WRAP}    def wrapper():\n        return fn('x')\n{_USED}",
    "wraps-supplying": f"{_WRAPS}    def wrapper():\n        return fn('x')\n{_USED}",
    "supplying-too": f"{_WRAPS}    def wrapper(*args, **kwargs):\n        return fn('x', *args, **kwargs)\n{_USED}",
    "supplying-keyword": f"{_WRAPS}    def wrapper(*args, **kwargs):\n        return fn(*args, context=1, **kwargs)\n{_USED}",
    "supplying-rebound": f"{_WRAPS}    def wrapper(*args, **kwargs):\n        args = ('x',)\n        return fn(*args, **kwargs)\n{_USED}",
    "supplying-changed": f"{_WRAPS}    def wrapper(*args, **kwargs):\n        kwargs.update({{}})\n        return fn(*args, **kwargs)\n{_USED}",
    "supplying-setdefault": f"{_WRAPS}    def wrapper(*args, **kwargs):\n        kwargs.setdefault('context', 1)\n        return fn(*args, **kwargs)\n{_USED}",
    "forwarding-in-finally": f"{_WRAPS}    def wrapper(*args, **kwargs):\n        try:\n            return fn(*args, **kwargs)\n        finally:\n            print('done')\n{_USED}",
    "forwarding-in-swallowing-try": f"{_WRAPS}    def wrapper(*args, **kwargs):\n        try:\n            return fn(*args, **kwargs)\n        except TypeError:\n            return None\n{_USED}",
    "forwarding-in-swallowing-finally": f"{_WRAPS}    def wrapper(*args, **kwargs):\n        try:\n            return fn(*args, **kwargs)\n        finally:\n            return None\n{_USED}",
    "forwarding-in-swallowing-with": f"{_WRAPS}    def wrapper(*args, **kwargs):\n        import contextlib\n        with contextlib.suppress(TypeError):\n            return fn(*args, **kwargs)\n{_USED}",
    "forwarding-if": f"{_WRAPS}    def wrapper(*args, **kwargs):\n        if args:\n            return fn(*args, **kwargs)\n        return None\n{_USED}",
    "forwarding-after-return": f"{_WRAPS}    def wrapper(*args, **kwargs):\n        if not args:\n            return None\n        return fn(*args, **kwargs)\n{_USED}",
    "forwarding-to-variable": f"{_WRAPS}    def wrapper(*args, **kwargs):\n        print('before')\n        result = fn(*args, **kwargs)\n        return result\n{_USED}",
    "forwarding-in-lambda": f"{_WRAPS}    def wrapper(*args, **kwargs):\n        later = lambda: fn(*args, **kwargs)\n        return None\n{_USED}",
    "forwarding-or": f"{_WRAPS}    def wrapper(*args, **kwargs):\n        return 1 or fn(*args, **kwargs)\n{_USED}",
    "forwarding-nothing": f"{_WRAPS}    def wrapper(*args, **kwargs):\n        return None\n{_USED}",
    "forwarding-to-other": f"def other(*args, **kwargs):\n    return 1\n{_WRAPS}    def wrapper(*args, **kwargs):\n        fn = other\n        return fn(*args, **kwargs)\n{_USED}",
    "async-wrapper": f"{_WRAPS}    async def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n{_USED}",
    "generator-wrapper": f"{_WRAPS}    def wrapper(*args, **kwargs):\n        yield fn(*args, **kwargs)\n{_USED}",
    "wraps-of-other": f"def other(data=None):\n    pass\n{_WRAPS.replace('wraps(fn)', 'wraps(other)')}    def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n{_USED}",
    "wrapped-by-method": "import functools\nclass Tools:\n    def deco(self, fn):\n        @functools.wraps(fn)\n        def wrapper(*args, **kwargs):\n            return fn(*args, **kwargs)\n        return wrapper\ntools = Tools()\n@tools.deco\nDEFINED",
    "hidden-by-static-method": "class Tools:\n    @staticmethod\n    def deco(fn):\n        def wrapper(*args, **kwargs):\n            return fn(*args, **kwargs)\n        return wrapper\n@Tools.deco\nDEFINED",
    "wrapped-by-object": "class Deco:\n    def __call__(self, fn):\n        def wrapper(*args, **kwargs):\n            return fn(*args, **kwargs)\n        return wrapper\n@Deco()\nDEFINED",
    "class-decorator-keeping": "class Deco:\n    def __init__(self, fn):\n        self.fn = fn\n    def __call__(self, data=None):\n        return 1\n@Deco\nDEFINED",
    "class-decorator-wrapped": "class Deco:\n    def __init__(self, fn):\n        self.__wrapped__ = fn\n        self.fn = fn\n    def __call__(self, *args, **kwargs):\n        return self.fn(*args, **kwargs)\n@Deco\nDEFINED",
    "optional-arguments": "import functools\ndef deco(fn=None, *, times=1):\n    if fn is None:\n        return functools.partial(deco, times=times)\n    @functools.wraps(fn)\n    def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n    return wrapper\n@deco\nDEFINED",
    "debug-only": "import os, functools\ndef deco(fn):\n    if not os.environ.get('NOT_SET'):\n        return fn\n    def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n    return wrapper\n@deco\nDEFINED",
    "wraps-rebound-inside": "import functools\ndef deco(fn):\n    def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n    wrapper = functools.wraps(fn)(wrapper)\n    return wrapper\n@deco\nDEFINED",
    "wraps-own-copy": "import functools\ndef keep(wrapper, fn):\n    wrapper.__wrapped__ = fn\n    return wrapper\ndef deco(fn):\n    def wrapper(*args, **kwargs):\n        return fn(*args, **kwargs)\n    keep(wrapper, fn)\n    return wrapper\n@deco\nDEFINED",
    "fn-replaced": "def deco(fn):\n    fn = fn\n    return fn\n@deco\nDEFINED",
    "default-keeping": "def deco(fn):\n    def wrapper(data=None, fn=fn):\n        return 1\n    return wrapper\n@deco\nDEFINED",
    "lambda-hiding": "deco = lambda fn: lambda *args: fn(*args)\n@deco\nDEFINED",
    "partial-decorator": "import functools\ndef tool(name, fn):\n    return fn\n@functools.partial(tool, 'x')\nDEFINED",
    "applied-in-assignment": "def deco(fn):\n    return fn\nDEFINED\nNAME = deco(deco(NAME))\n",
    "applied-conditionally": "import os\ndef deco(fn):\n    return lambda *args: fn(*args)\nDEFINED\nif os.environ.get('NOT_SET'):\n    NAME = deco(NAME)\n",
}
