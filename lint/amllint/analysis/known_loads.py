"""Calls that read a model, or a piece of one, from disk: their names and where the path stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from amllint.source.python import syntax as s


class Load(NamedTuple):
    """What a call loads from, and how it reads.

    `position` and `keywords` say where the path stands. `hub` says that a name that is no
    path on disk is fetched from a hub; `opened` that the argument is an open file;
    `unpickles_tensors` that tensors come back to the device they were on.
    """

    position: int = 0
    keywords: tuple[str, ...] = ()
    hub: bool = False
    opened: bool = False
    unpickles_tensors: bool = False


_PICKLE: Final = Load(0, ("file",), opened=True)
_HUGGING_FACE: Final = Load(0, ("pretrained_model_name_or_path", "model_id", "repo_id"), hub=True)
_PATH: Final = Load(0, ("filepath", "path", "model_path", "path_to_model", "filename", "fname"))
_MLFLOW: Final = Load(0, ("model_uri", "model_path", "path"))
_TORCH: Final = Load(0, ("f",), unpickles_tensors=True)

_HUGGING_FACE_MODULES: Final = (
    *("transformers", "diffusers", "peft", "optimum", "tokenizers", "auto_gptq", "awq", "timm"),
    *("sentence_transformers", "simpletransformers", "keras_nlp", "keras_hub", "setfit"),
    *("pytorch_transformers", "pytorch_pretrained_bert", "adapters", "segment_anything"),
)
"""Packages whose classes have `from_pretrained`."""

LOADS: Final[dict[str, Load]] = {
    **dict.fromkeys(("joblib.load", "sklearn.externals.joblib.load"), Load(0, ("filename",))),
    **dict.fromkeys(("pickle.load", "cPickle.load", "dill.load", "cloudpickle.load"), _PICKLE),
    **dict.fromkeys(("pickle5.load", "_pickle.load", "compress_pickle.load"), _PICKLE),
    "skops.io.load": Load(0, ("file",)),
    **dict.fromkeys(("torch.load", "torch.jit.load"), _TORCH),
    **dict.fromkeys(
        ("onnxruntime.InferenceSession", "onnxruntime.backend.prepare"),
        Load(0, ("path_or_bytes",)),
    ),
    **dict.fromkeys(("onnx.load", "onnx.load_model", "onnx.load_from_disk"), Load(0, ("f",))),
    **dict.fromkeys(("tensorflow.keras.models.load_model", "keras.models.load_model"), _PATH),
    **dict.fromkeys(
        ("tensorflow.saved_model.load", "tensorflow.compat.v2.saved_model.load"), _PATH
    ),
    **dict.fromkeys(
        ("tensorflow.saved_model.loader.load", "tensorflow.compat.v1.saved_model.load"),
        Load(2, ("export_dir",)),
    ),
    "tensorflow.lite.Interpreter": Load(0, ("model_path",)),
    "tflite_runtime.interpreter.Interpreter": Load(0, ("model_path",)),
    **dict.fromkeys(
        ("tensorflow.train.import_meta_graph", "tensorflow.compat.v1.train.import_meta_graph"),
        Load(0, ("meta_graph_or_file",)),
    ),
    "fastai.vision.all.load_learner": Load(0, ("path", "fname")),
    "fastai.learner.load_learner": Load(0, ("path", "fname")),
    "fastai.basic_train.load_learner": Load(0, ("path", "fname")),
    "lightgbm.Booster": Load(1, ("model_file",)),
    "xgboost.Booster": Load(2, ("model_file",)),
    "spacy.load": Load(0, ("name",)),
    **dict.fromkeys(
        ("sentence_transformers.SentenceTransformer", "sentence_transformers.CrossEncoder"),
        Load(0, ("model_name_or_path", "model_name"), hub=True),
    ),
    "whisper.load_model": Load(0, ("name",), hub=True),
    "faster_whisper.WhisperModel": Load(0, ("model_size_or_path",), hub=True),
    "transformers.pipeline": Load(1, ("model",), hub=True),
    "transformers.pipelines.pipeline": Load(1, ("model",), hub=True),
    **dict.fromkeys(("ultralytics.YOLO", "ultralytics.RTDETR"), Load(0, ("model",), hub=True)),
    **dict.fromkeys(("fasttext.load_model", "fastText.load_model"), _PATH),
    **dict.fromkeys(
        (
            "gensim.models.KeyedVectors.load",
            "gensim.models.KeyedVectors.load_word2vec_format",
            "gensim.models.Word2Vec.load",
            "gensim.models.Doc2Vec.load",
            "gensim.models.doc2vec.Doc2Vec.load",
            "gensim.models.word2vec.Word2Vec.load",
            "gensim.models.FastText.load",
            "gensim.models.LdaModel.load",
            "gensim.models.ldamodel.LdaModel.load",
            "gensim.corpora.Dictionary.load",
        ),
        Load(0, ("fname",)),
    ),
    "llama_cpp.Llama": Load(0, ("model_path",)),
    "ctransformers.AutoModelForCausalLM.from_pretrained": _HUGGING_FACE,
    "vllm.LLM": Load(0, ("model",), hub=True),
    "flair.models.SequenceTagger.load": Load(0, ("model_path",), hub=True),
    "flair.models.TextClassifier.load": Load(0, ("model_path",), hub=True),
    "h2o.load_model": Load(0, ("path",)),
    "h2o.import_mojo": Load(0, ("mojo_path",)),
    "pycaret.classification.load_model": Load(0, ("model_name",)),
    "pycaret.regression.load_model": Load(0, ("model_name",)),
    "surprise.dump.load": Load(0, ("file_name",)),
    "cntk.Function.load": Load(0, ("model",)),
    "cntk.load_model": Load(0, ("model",)),
    "autogluon.tabular.TabularPredictor.load": Load(0, ("path",)),
    "open_clip.create_model_and_transforms": Load(1, ("pretrained",), hub=True),
    "detectron2.engine.DefaultPredictor": Load(-1, ()),
}
"""Functions and classes by qualified name. A position of -1 means that no argument is a path."""

METHODS: Final[dict[str, Load]] = {
    "load_model": Load(0, ("fname", "path")),
    "load_weights": Load(0, ("filepath", "filename")),
}
"""Methods of an object made by one of `OWNERS` that read it from a file."""

OWNERS: Final = frozenset(
    {"xgboost.Booster", "xgboost.XGBClassifier", "xgboost.XGBRegressor", "xgboost.XGBRanker"}
    | {"catboost.CatBoost", "catboost.CatBoostClassifier", "catboost.CatBoostRegressor"}
    | {"tensorflow.keras.Sequential", "tensorflow.keras.models.Sequential"}
    | {"keras.models.Sequential", "keras.Sequential", "tensorflow.keras.models.model_from_json"}
    | {"keras.models.model_from_json"}
)


def load_of(name: str) -> Load | None:
    """What a call by its qualified name loads from; `None` if it is not known to load a model.

    `name` ends in the method where the callee is one: `xgboost.Booster().load_model`.
    """
    known = LOADS.get(name)
    if known is not None:
        return known
    owner, _, last = name.rpartition(".")
    if last == "load_model" and owner.startswith("mlflow."):
        return _MLFLOW
    if last in ("from_pretrained", "from_pretrain"):
        return _HUGGING_FACE if owner.partition(".")[0] in _HUGGING_FACE_MODULES else None
    if last in METHODS and owner.removesuffix("()") in OWNERS and owner.endswith("()"):
        return METHODS[last]
    if last == "load_model" and _is_keras(owner):
        return _PATH
    return None


def _is_keras(owner: str) -> bool:
    """`tf.python.keras.saving.save`, `tensorflow.compat.v1.keras.models` and the like."""
    return owner.startswith(("tensorflow.", "keras.", "tf_keras.")) and "keras" in owner


def path_argument(call: s.Call, load: Load) -> s.Expr | None:
    """The expression that says where a call loads from, a path or the file that is opened.

    `None` if it is not there to be seen.
    """
    return argument(call, load.position, load.keywords)


def argument(call: s.Call, position: int, keywords: Sequence[str]) -> s.Expr | None:
    """An argument by its position or by any of its names; `None` behind a `*`."""
    for given in call.arguments:
        if given.keyword is not None and given.keyword in keywords:
            return given.value
    plain = [a for a in call.arguments if a.keyword is None and not a.star]
    starred = any(a.star for a in call.arguments)
    return plain[position].value if 0 <= position < len(plain) and not starred else None
