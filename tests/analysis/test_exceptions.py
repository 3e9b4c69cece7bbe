"""Which handlers catch which exceptions."""

from __future__ import annotations

import pytest

from amllint.analysis.exceptions import catches, caught_names
from amllint.source.python import syntax as s

from .scripts import facts

CATCHES = [
    ("Exception", "json.JSONDecodeError", True),
    ("ValueError", "json.JSONDecodeError", True),
    ("json.JSONDecodeError", "json.JSONDecodeError", True),
    ("json.decoder.JSONDecodeError", "json.JSONDecodeError", True),
    ("JSONDecodeError", "json.JSONDecodeError", True),
    ("KeyError", "json.JSONDecodeError", False),
    ("LookupError", "KeyError", True),
    ("KeyError", "LookupError", False),
    ("IndexError", "KeyError", False),
    ("BaseException", "KeyError", True),
    ("OSError", "FileNotFoundError", True),
    ("IOError", "FileNotFoundError", True),
    ("UnicodeError", "UnicodeDecodeError", True),
    ("ValueError", "UnicodeDecodeError", True),
    ("ValueError", "binascii.Error", True),
    ("Exception", "some.package.Error", True),
    ("BaseException", "some.package.Error", True),
    ("ValueError", "some.package.Error", False),
    ("Exception", "KeyboardInterrupt", False),
]


@pytest.mark.parametrize(("caught", "raised", "wanted"), CATCHES)
def test_a_handler_catches_what_python_would_let_it_catch(
    caught: str, raised: str, wanted: bool
) -> None:
    assert catches(caught, raised) is wanted


HANDLERS = {
    "except: pass": ("BaseException",),
    "except ValueError: pass": ("ValueError",),
    "except (ValueError, KeyError) as e: pass": ("ValueError", "KeyError"),
    "except json.JSONDecodeError: pass": ("json.JSONDecodeError",),
    "except builtins.ValueError: pass": ("builtins.ValueError",),
    "except errors(): pass": None,
    "except (ValueError, *more): pass": None,
    "except table['x']: pass": None,
}


@pytest.mark.parametrize("text", HANDLERS)
def test_the_names_that_a_handler_catches(text: str) -> None:
    read = facts(f"import json\ntry:\n    pass\n{text}\n")
    handler = next(n for n in read.nodes if isinstance(n, s.Handler))
    assert caught_names(handler, read.names) == HANDLERS[text]
