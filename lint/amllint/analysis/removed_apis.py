"""Names that libraries and Python itself no longer have: from which version, and what is instead.

Every row was executed: the name is there in some earlier version, and not in `gone`, nor in the
newest one, except where `back` says that it came back.
"""

from __future__ import annotations

from typing import Final, NamedTuple

Version = tuple[int, ...]


PYTHON_3: Final[Version] = (3, 0)


class Removed(NamedTuple):
    """A module, or a name in one.

    `distribution` is what brings it, `python` for the standard library. `new` is what does the
    same, qualified (a builtin without a module), or empty where nothing does so one to one.
    """

    name: str
    distribution: str
    gone: Version
    new: str = ""
    help: str = ""
    back: Version | None = None


OLDEST_PYTHON: Final[dict[tuple[str, Version], Version]] = {
    ("scikit-learn", (0, 20)): (3, 4),
    ("scikit-learn", (0, 22)): (3, 5),
    ("scikit-learn", (0, 23)): (3, 6),
    ("scikit-learn", (0, 24)): (3, 6),
    ("scikit-learn", (1, 2)): (3, 8),
}
"""From which Python on a requirement without a version brings the version or a newer one.

Of the others, what else is listed (TensorFlow, say) decides as often as Python does.
"""


def _moved(distribution: str, gone: Version, *pairs: str) -> list[Removed]:
    """Rows of `old → new`, both qualified; `old` alone where nothing replaces it."""
    split = (pair.partition(" → ") for pair in pairs)
    return [Removed(old, distribution, gone, new) for old, _, new in split]


def _within(
    distribution: str, gone: Version, module: str, names: str, target: str
) -> list[Removed]:
    """Rows of names that a module had and another one has."""
    return [
        Removed(f"{module}.{name}", distribution, gone, f"{target}.{name}")
        for name in names.split()
    ]


_ROWS: Final = (
    *_moved("scikit-learn", (0, 20), "sklearn.cross_validation → sklearn.model_selection"),
    *_moved("scikit-learn", (0, 20), "sklearn.grid_search → sklearn.model_selection"),
    *_moved("scikit-learn", (0, 20), "sklearn.learning_curve → sklearn.model_selection"),
    Removed(
        "sklearn.preprocessing.Imputer",
        "scikit-learn",
        (0, 22),
        help="use `sklearn.impute.SimpleImputer`",
    ),
    *_moved("scikit-learn", (0, 23), "sklearn.externals.joblib → joblib"),
    Removed("sklearn.externals.six", "scikit-learn", (0, 23), help="list `six` and import it"),
    Removed(
        "sklearn.metrics.jaccard_similarity_score",
        "scikit-learn",
        (0, 23),
        help="use `sklearn.metrics.jaccard_score`",
    ),
    *_moved("scikit-learn", (0, 24), "sklearn.ensemble.forest → sklearn.ensemble"),
    *_moved("scikit-learn", (0, 24), "sklearn.linear_model.logistic → sklearn.linear_model"),
    *_moved("scikit-learn", (0, 24), "sklearn.preprocessing.data → sklearn.preprocessing"),
    *_moved("scikit-learn", (0, 24), "sklearn.preprocessing.label → sklearn.preprocessing"),
    *_moved("scikit-learn", (0, 24), "sklearn.neighbors.classification → sklearn.neighbors"),
    *_moved("scikit-learn", (0, 24), "sklearn.tree.tree → sklearn.tree"),
    *_moved("scikit-learn", (0, 24), "sklearn.svm.classes → sklearn.svm"),
    *_moved("scikit-learn", (0, 24), "sklearn.metrics.classification → sklearn.metrics"),
    *_moved("scikit-learn", (0, 24), "sklearn.metrics.scorer → sklearn.metrics"),
    *_moved("scikit-learn", (0, 24), "sklearn.datasets.samples_generator → sklearn.datasets"),
    *_moved("scikit-learn", (0, 24), "sklearn.utils.testing → sklearn.utils._testing"),
    *_moved(
        "scikit-learn",
        (0, 24),
        "sklearn.feature_extraction.stop_words.ENGLISH_STOP_WORDS"
        " → sklearn.feature_extraction.text.ENGLISH_STOP_WORDS",
    ),
    Removed("sklearn.datasets.load_boston", "scikit-learn", (1, 2), help="use another data set"),
    *_moved("scikit-learn", (1, 2), "sklearn.metrics.plot_confusion_matrix"),
    *_moved("scikit-learn", (1, 2), "sklearn.metrics.plot_roc_curve"),
    *_moved("scikit-learn", (1, 2), "sklearn.metrics.plot_precision_recall_curve"),
    *_moved("numpy", (1, 24), "numpy.int → int", "numpy.float → float"),
    *_moved("numpy", (1, 24), "numpy.object → object", "numpy.str → str"),
    *_moved("numpy", (1, 24), "numpy.complex → complex"),
    Removed("numpy.bool", "numpy", (1, 24), "bool", back=(2, 0)),
    *_moved("numpy", (2, 0), "numpy.float_ → numpy.float64", "numpy.complex_ → numpy.complex128"),
    *_moved("numpy", (2, 0), "numpy.unicode_ → numpy.str_", "numpy.string_ → numpy.bytes_"),
    *_moved("numpy", (2, 0), "numpy.NaN → numpy.nan", "numpy.Inf → numpy.inf"),
    *_moved("numpy", (2, 0), "numpy.Infinity → numpy.inf", "numpy.infty → numpy.inf"),
    *_moved("numpy", (2, 0), "numpy.product → numpy.prod", "numpy.cumproduct → numpy.cumprod"),
    *_moved("numpy", (2, 0), "numpy.alltrue → numpy.all", "numpy.sometrue → numpy.any"),
    *_moved("numpy", (2, 0), "numpy.round_ → numpy.round", "numpy.mat → numpy.asmatrix"),
    *_moved("numpy", (2, 0), "numpy.asfarray", "numpy.NINF", "numpy.PINF", "numpy.msort"),
    *_moved("pillow", (10, 0), "PIL.Image.ANTIALIAS → PIL.Image.LANCZOS"),
    *_moved("pillow", (10, 0), "PIL.Image.LINEAR → PIL.Image.BILINEAR"),
    *_moved("pillow", (10, 0), "PIL.Image.CUBIC → PIL.Image.BICUBIC"),
    *_moved("pandas", (2, 0), "pandas.Int64Index → pandas.Index"),
    *_moved("pandas", (2, 0), "pandas.Float64Index → pandas.Index"),
    *_moved("pandas", (2, 0), "pandas.util.testing → pandas.testing"),
    *_moved("scipy", (1, 3), "scipy.misc.imread", "scipy.misc.imresize", "scipy.misc.imsave"),
    *_within(
        "tensorflow",
        (2, 0),
        "tensorflow",
        "Session InteractiveSession ConfigProto GPUOptions GraphDef placeholder gfile logging "
        "get_default_graph get_default_session reset_default_graph global_variables_initializer "
        "local_variables_initializer tables_initializer variable_scope "
        "get_variable set_random_seed",
        "tensorflow.compat.v1",
    ),
    *_within(
        "tensorflow",
        (2, 0),
        "tensorflow.train",
        "Saver import_meta_graph",
        "tensorflow.compat.v1.train",
    ),
    *_within(
        "tensorflow",
        (2, 0),
        "tensorflow.image",
        "resize_images resize_bilinear",
        "tensorflow.compat.v1.image",
    ),
    Removed(
        "tensorflow.contrib",
        "tensorflow",
        (2, 0),
        help="use `tf_slim`, TensorFlow Addons, or pin `tensorflow<2`",
    ),
    *_moved("python", PYTHON_3, "cPickle → pickle", "ConfigParser → configparser"),
    *_moved("python", PYTHON_3, "Queue → queue", "urllib2 → urllib.request"),
    *_moved("python", PYTHON_3, "StringIO.StringIO → io.StringIO"),
    *_moved("python", PYTHON_3, "cStringIO.StringIO → io.StringIO"),
    *_moved("python", PYTHON_3, "urllib.urlencode → urllib.parse.urlencode"),
    *_moved("python", PYTHON_3, "urllib.quote → urllib.parse.quote"),
    *_moved("python", PYTHON_3, "urllib.unquote → urllib.parse.unquote"),
    *_moved("python", PYTHON_3, "urllib.urlopen → urllib.request.urlopen"),
    *_moved("python", PYTHON_3, "urllib.urlretrieve → urllib.request.urlretrieve"),
    *_moved("python", PYTHON_3, "itertools.izip → zip", "itertools.imap → map"),
    *_moved("python", (3, 8), "time.clock → time.perf_counter", "cgi.escape → html.escape"),
    *_moved("python", (3, 9), "base64.encodestring → base64.encodebytes"),
    *_moved("python", (3, 9), "base64.decodestring → base64.decodebytes"),
    *_moved("python", (3, 9), "fractions.gcd → math.gcd"),
    *_within(
        "python",
        (3, 10),
        "collections",
        "Callable Iterable Iterator Mapping MutableMapping MutableSequence MutableSet Sequence "
        "Set Sized Hashable Container Generator",
        "collections.abc",
    ),
    *_moved("python", (3, 11), "inspect.getargspec → inspect.getfullargspec"),
    *_moved("python", (3, 11), "asyncio.coroutine"),
    *_moved("python", (3, 12), "imp", "asynchat", "asyncore", "smtpd"),
    *_moved("python", (3, 13), "cgi", "crypt", "imghdr", "sndhdr", "pipes", "telnetlib"),
    *_moved("python", (3, 13), "uu", "xdrlib", "nntplib", "mailcap", "audioop", "aifc"),
)

REMOVED: Final = {row.name: row for row in _ROWS}
ROOTS: Final = frozenset(name.partition(".")[0] for name in REMOVED)
PYTHON_2_ROOTS: Final = frozenset(
    row.name.partition(".")[0] for row in _ROWS if row.gone == PYTHON_3
)


def removed(name: str) -> Removed | None:
    """The row of a qualified name, or of a module that it lies in."""
    while name:
        if name in REMOVED:
            return REMOVED[name]
        name = name.rpartition(".")[0]
    return None
