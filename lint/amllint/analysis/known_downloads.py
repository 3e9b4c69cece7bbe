"""Calls that fetch models or data over the network."""

from __future__ import annotations

import re
from typing import Final

from amllint.analysis.known_loads import argument
from amllint.source.python import syntax as s

DOWNLOADS: Final[dict[str, str]] = {
    **dict.fromkeys(
        ("huggingface_hub.hf_hub_download", "huggingface_hub.snapshot_download"),
        "the Hugging Face hub",
    ),
    **dict.fromkeys(("nltk.download", "nltk.downloader.download"), "NLTK's data server"),
    **dict.fromkeys(("spacy.cli.download", "spacy.cli.download.download"), "spaCy's releases"),
    **dict.fromkeys(("gdown.download", "gdown.download_folder"), "Google Drive"),
    **dict.fromkeys(
        ("wget.download", "urllib.request.urlretrieve", "urllib.urlretrieve"), "the network"
    ),
    **dict.fromkeys(
        (
            "torch.hub.load",
            "torch.hub.load_state_dict_from_url",
            "torch.hub.download_url_to_file",
            "torch.utils.model_zoo.load_url",
        ),
        "the network",
    ),
    **dict.fromkeys(("tensorflow.keras.utils.get_file", "keras.utils.get_file"), "the network"),
    **dict.fromkeys(("stanza.download", "stanfordnlp.download"), "Stanford's server"),
    "gensim.downloader.load": "gensim's data server",
    "open_clip.create_model_and_transforms": "the Hugging Face hub",
    "clip.load": "OpenAI's server",
    "easyocr.Reader": "EasyOCR's releases",
}
"""Functions by qualified name, and where from they fetch."""

_BLOB_METHODS: Final = frozenset(
    {"download_blob", "get_blob_to_path", "get_blob_to_bytes", "get_blob_to_stream"}
    | {"download_file", "download_to_stream"}
)
_AZUREML: Final = re.compile(
    r"^azureml\.core\.(?:model\.)?Model(?:\(\))?\.download$|^azureml\.core\..*\.(?:download|mount)$"
)
_COMMAND: Final = re.compile(
    r"^(?:wget|curl|gsutil|azcopy|git\s+clone|(?:python\d?\s+-m\s+)?pip3?\s+install)\b"
)
_RUNS: Final = frozenset(
    {"os.system", "os.popen", "subprocess.run", "subprocess.call", "subprocess.check_call"}
    | {"subprocess.Popen", "subprocess.check_output", "subprocess.getoutput"}
)


def source_of(call: s.Call, name: str) -> str | None:
    """Where from a call fetches something; `None` where it is not known to fetch."""
    if name in DOWNLOADS:
        return DOWNLOADS[name] if not _is_local(call) else None
    if name in _RUNS:
        return "the network" if _COMMAND.match(_command(call)) else None
    if name.startswith("azure.storage.") and name.rpartition(".")[2] in _BLOB_METHODS:
        return "blob storage"
    if _AZUREML.match(name):
        return "the workspace"
    if name.startswith("tensorflow_hub."):
        first = argument(call, 0, ("handle",))
        text = first.value if isinstance(first, s.Constant) else None
        return "TensorFlow Hub" if isinstance(text, str) and "://" in text else None
    return _pretrained(call, name)


def _pretrained(call: s.Call, name: str) -> str | None:
    """Networks that libraries bring without their weights."""
    if name.startswith("torchvision.models."):
        given = {a.keyword: a.value for a in call.arguments}
        wanted = given.get("pretrained") or given.get("weights")
        off = isinstance(wanted, s.Constant) and not wanted.value
        return "PyTorch's server" if wanted is not None and not off else None
    if ".applications." in name and name.startswith(("tensorflow.keras.", "keras.")):
        weights = argument(call, 1, ("weights",))
        text = weights.value if isinstance(weights, s.Constant) else None
        last = name.rpartition(".")[2]
        default = weights is None and last[:1].isupper()
        return "the Keras server" if text == "imagenet" or default else None
    return None


def _is_local(call: s.Call) -> bool:
    """`source="local"` of torch.hub, `local_files_only=True` of the Hugging Face hub."""
    given = {a.keyword: a.value for a in call.arguments if isinstance(a.value, s.Constant)}
    source, only = given.get("source"), given.get("local_files_only")
    return getattr(source, "value", None) == "local" or bool(getattr(only, "value", False))


def _command(call: s.Call) -> str:
    """The text of a command, from a string or a list of words."""
    first = argument(call, 0, ("args", "command", "cmd"))
    if isinstance(first, s.Constant) and isinstance(first.value, str):
        return first.value.strip()
    if isinstance(first, s.FormattedString) and first.pieces:
        return first.pieces[0].strip()
    words = first.items if isinstance(first, s.Display) else ()
    plain = [w.value for w in words if isinstance(w, s.Constant)]
    if words and isinstance(words[0], s.Attribute) and words[0].attr == "executable":
        plain.insert(0, "python")
    return " ".join(str(w) for w in plain)
