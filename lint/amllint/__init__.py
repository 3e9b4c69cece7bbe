"""Checks Azure Machine Learning deployments before they are submitted."""

__version__ = "0.1.0"
