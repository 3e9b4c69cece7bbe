"""Python behind a guard: parsed once by libcst, handed on as a small located syntax tree."""
