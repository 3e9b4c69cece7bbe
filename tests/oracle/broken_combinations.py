"""Combinations of packages that break images or the start, as documents and threads report them.

Each was reproduced, or is struck out with the reason. What reproduces it is a fate (an environment
of `fates/`, with what it was seen to end with in `results/environments.json`), a row of
`schemas/incompatible-pins.json` or `schemas/sklearn-pickles.json`, a rule that says on its page
what was executed, or pins that an error is told of.

    python -m tests.oracle.compare_environments NAME    executes a fate again
"""

from __future__ import annotations

from typing import NamedTuple


class Combination(NamedTuple):
    """A reported combination, its symptom, and what became of it; one of the rest is given."""

    packages: str
    symptom: str
    fate: str = ""
    works: str = ""
    pair: tuple[str, str] = ("", "")
    pickle: str = ""
    rule: str = ""
    pins: tuple[str, ...] = ()
    struck: str = ""


COMBINATIONS = (
    Combination(
        "Flask 1.1 with Jinja2 3.1 or newer",
        "cannot import name 'escape' from 'jinja2'",
        pair=("flask", "jinja2"),
    ),
    Combination(
        "Flask 1.1 with itsdangerous 2.1 or newer",
        "cannot import name 'json' from 'itsdangerous'",
        fate="reported-json-from-itsdangerous",
        pair=("flask", "itsdangerous"),
    ),
    Combination(
        "Jinja2 2 with MarkupSafe 2.1 or newer",
        "cannot import name 'soft_unicode' from 'markupsafe'",
        fate="reported-soft-unicode",
        pair=("jinja2", "markupsafe"),
    ),
    Combination(
        "Flask 1.1 with Werkzeug 2.1 or newer",
        "cannot import name 'BaseResponse' from 'werkzeug.wrappers'",
        fate="reported-base-response",
        pair=("flask", "werkzeug"),
    ),
    Combination(
        "Flask 1.1 with Jinja2 below 3, MarkupSafe and itsdangerous below 2.1, Werkzeug below 2.1",
        "",
        works="right-working-set-flask-one",
    ),
    Combination(
        "the server before 0.4.11 with Jinja2 3.1 or newer",
        "cannot import name 'Markup' from 'jinja2'",
        fate="reported-markup-from-jinja2",
        pair=("azureml-inference-server-http", "jinja2"),
    ),
    Combination(
        "Flask 2 with the server before 0.7",
        # Documents report a TypeError of `register()`; pip of today refuses the two before that.
        "ResolutionImpossible",
        fate="reported-flask-two-old-server",
    ),
    Combination(
        "Flask 1.0.3 with the server 1.5.1",
        "ResolutionImpossible",
        pins=("azureml-inference-server-http==1.5.1", "flask==1.0.3"),
    ),
    Combination(
        "any pin of Flask, Jinja2, itsdangerous, Werkzeug, MarkupSafe or click beside the server",
        "",
        struck="advice of a document, and no combination: pins within what the server asks for "
        "install and start (right-capped-jinja2)",
    ),
    Combination(
        "`sklearn` as name for pip",
        "Failed to build 'sklearn'",
        fate="reported-sklearn-name",
    ),
    Combination(
        "a script that imports `sklearn.externals.joblib`",
        "cannot import name 'joblib' from 'sklearn.externals'",
        fate="reported-sklearn-externals",
    ),
    Combination(
        "numpy 2 with packages that were built for numpy 1",
        "numpy.dtype size changed, may indicate binary incompatibility",
        fate="reported-numpy-two-old-sklearn",
        pair=("scikit-learn", "numpy"),
    ),
    Combination(
        "numpy 2 with h5py that was built for numpy 1",
        "numpy.dtype size changed, may indicate binary incompatibility",
        fate="reported-numpy-two-old-h5py",
        pair=("h5py", "numpy"),
    ),
    Combination(
        "numpy 2 with pyarrow that was built for numpy 1",
        "numpy.core.multiarray failed to import",
        fate="reported-numpy-two-old-pyarrow",
        pair=("pyarrow", "numpy"),
    ),
    Combination(
        "numpy 2 with OpenCV that was built for numpy 1",
        "numpy.core.multiarray failed to import",
        fate="reported-numpy-two-old-opencv",
        pair=("opencv-python-headless", "numpy"),
    ),
    Combination(
        "numpy 2 with onnxruntime that was built for numpy 1",
        "AttributeError: _ARRAY_API not found",
        fate="reported-numpy-two-old-onnxruntime",
        pair=("onnxruntime", "numpy"),
    ),
    Combination(
        "an array pickled by numpy 2, loaded with numpy 1.25",
        "numpy 2 loads in 1.26.4 and not in 1.25",
        rule="pickle-version-mismatch",
    ),
    Combination(
        "a tree pickled by scikit-learn 1.2, loaded with 1.3",
        "node array from the pickle has an incompatible dtype",
        pickle="sklearn.tree._tree.Tree",
    ),
    Combination(
        "a linear model, the same versions",
        "",
        struck="it loads and predicts, with a warning: nothing breaks",
    ),
    Combination(
        "protobuf 4 or newer with code that an older one generated",
        "Descriptors cannot be created directly",
        fate="reported-protobuf-four",
        pair=("tensorboard", "protobuf"),
    ),
    Combination(
        "azureml-core 1.42.0",
        "",
        struck="documented as a SerializationError, not reproduced: it takes a service to answer, "
        "and no document says which call fails",
    ),
    Combination(
        "packages that are compiled at installation, without a compiler",
        "",
        struck="depends on the base image, and which packages that are changes with their "
        "releases: shap, the one reported, has had wheels since",
    ),
    Combination(
        "`numpy=1.16.0` of conda without a channel that has it",
        "",
        struck="depends on conda's channels, which nothing here asks",
    ),
    Combination(
        "a wheel at the address of a private blob",
        "",
        struck="depends on the rights of whoever fetches it; index-credentials tells of "
        "signatures that are written down",
    ),
    Combination(
        "dependencies without versions",
        "",
        struck="nothing breaks by itself; unpinned-dependency advises",
    ),
)
