"""Calls that read a data file by its path."""

from __future__ import annotations

from typing import Final

from amllint.analysis.known_loads import argument
from amllint.source.python import syntax as s

_OPENS: Final = frozenset({"open", "io.open", "codecs.open", "gzip.open", "bz2.open", "lzma.open"})
_READS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("pandas.read_csv", "pandas.read_table"), ("filepath_or_buffer",)),
    **dict.fromkeys(("pandas.read_json", "pandas.read_parquet"), ("path_or_buf", "path")),
    **dict.fromkeys(("pandas.read_excel",), ("io",)),
    **dict.fromkeys(("pandas.read_pickle", "pandas.read_feather"), ("filepath_or_buffer", "path")),
    **dict.fromkeys(("numpy.load", "numpy.genfromtxt", "numpy.fromfile"), ("file", "fname")),
    **dict.fromkeys(("numpy.loadtxt",), ("fname",)),
    **dict.fromkeys(("PIL.Image.open", "PIL.ImageFont.truetype"), ("fp", "font")),
    **dict.fromkeys(("cv2.imread", "cv2.CascadeClassifier", "librosa.load"), ("filename", "path")),
    **dict.fromkeys(("scipy.io.loadmat",), ("file_name",)),
    **dict.fromkeys(("h5py.File",), ("name",)),
}
_METHODS: Final = frozenset({"read_text", "read_bytes", "open"})


def read_argument(call: s.Call, name: str) -> s.Expr | None:
    """The path that a call reads; `None` where it reads none, or writes."""
    if name in _OPENS:
        return None if _writes(call, 1) else argument(call, 0, ("file", "filename"))
    if name in _READS:
        writes = name == "h5py.File" and _writes(call, 1)
        return None if writes else argument(call, 0, _READS[name])
    owner, _, method = name.rpartition(".")
    if method in _METHODS and owner.startswith("pathlib.") and owner.endswith("()"):
        writes = method == "open" and _writes(call, 0)
        return (
            call.function.value if isinstance(call.function, s.Attribute) and not writes else None
        )
    return None


def _writes(call: s.Call, position: int) -> bool:
    """Whether a file is opened to be written; a mode that cannot be read off may be that."""
    mode = argument(call, position, ("mode",))
    if mode is None:
        return any(a.star for a in call.arguments)
    text = mode.value if isinstance(mode, s.Constant) else None
    return not isinstance(text, str) or bool(set(text) & set("wax+"))
