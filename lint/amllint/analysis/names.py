"""Qualified names: what `M.get_model_path` means given the script's imports."""

from __future__ import annotations

from collections.abc import Iterable

from amllint.source.python import syntax as s


class Names:
    """Resolves names through imports and simple aliases, anywhere in the script."""

    def __init__(self, nodes: Iterable[s.Syntax]) -> None:
        self._aliases: dict[str, str] = {}
        self._own: set[str] = set()
        self.stars: list[str] = []
        self.tuples: dict[str, s.Display] = {}
        pending: list[tuple[str, s.Expr]] = []
        for node in nodes:
            if isinstance(node, s.Import):
                self._import(node)
            elif isinstance(node, (s.Function, s.Class)):
                self._own.add(node.name)
            elif isinstance(node, s.Assign) and len(node.targets) == 1:
                target = node.targets[0]
                if isinstance(target, s.Name) and node.value is not None:
                    if isinstance(node.value, s.Display):
                        self.tuples[target.id] = node.value
                    if s.dotted(node.value):
                        pending.append((target.id, node.value))
                    else:
                        self._own.add(target.id)
        for name, value in pending:
            resolved = self.qualify(value)
            if resolved and name not in self._aliases and name not in self._own:
                self._aliases[name] = resolved

    def _import(self, node: s.Import) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(module)
            elif node.module is None:
                top = alias.asname or alias.name.split(".")[0]
                self._aliases[top] = alias.name if alias.asname else top
            else:
                glue = "" if module.endswith(".") else "."
                self._aliases[alias.asname or alias.name] = f"{module}{glue}{alias.name}"

    def qualify(self, node: s.Expr | None) -> str | None:
        """The dotted name an expression stands for: imported, or a builtin or own name as is.

        `None` for anything that is not a chain of names.
        """
        name = s.dotted(node)
        if name is None:
            return None
        first, _, rest = name.partition(".")
        if first in self._aliases:
            first = self._aliases[first]
        return f"{first}.{rest}" if rest else first

    def aliases_of(self, names: set[str]) -> set[str]:
        """The names that are bound to something that is reached through one of `names`."""
        return {a for a, full in self._aliases.items() if full.partition(".")[0] in names}

    def all_imported(self) -> Iterable[str]:
        """What every imported name, and every alias of one, stands for."""
        return self._aliases.values()

    def imported(self, name: str) -> str | None:
        """What a plain name was imported as, `None` if it was not imported."""
        return self._aliases.get(name)
