from serving.core import init, run  # noqa: F401
