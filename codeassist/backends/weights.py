"""A model folder -> network and tokenizer: safetensors only, nobody's code, offline first."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from codeassist.backends.reading import quoted
from codeassist.records.backend import Configuration
from codeassist.records.errors import BackendError, MissingExtra

PACKAGES = ("torch", "transformers", "tokenizers", "safetensors")
ROOM_FOR_WORK = 1.15
"""memory that a model takes beside its weights, as a factor"""
CONTEXTS = ("max_position_embeddings", "n_positions", "n_ctx", "max_sequence_length", "seq_length")
UNLIMITED = 8192
"""context of a model that names none"""


@dataclass(slots=True)
class Model:
    """A network ready to answer, with its tokenizer."""

    network: Any
    tokenizer: Any
    device: str
    context: int
    is_seq2seq: bool

    @property
    def end(self) -> set[int]:
        """Ids after which an answer is over."""
        found = [self.tokenizer.eos_token_id, getattr(self.network.generation_config, "eos_token_id", None)]
        return {i for each in found for i in (each if isinstance(each, list) else [each]) if i is not None}


def missing() -> MissingExtra | None:
    """The error for the packages that are not there."""
    absent = [name for name in PACKAGES if find_spec(name) is None]
    if not absent:
        return None
    return MissingExtra(
        f"the backend local needs {', '.join(absent)}", hint="pip install 'codeassist[local]' brings it"
    )


def problem(configuration: Configuration) -> BackendError | None:
    """What can be seen to be wrong without loading anything."""
    name = configuration.model
    if not name:
        return BackendError("the backend local needs a model", hint="--model names a folder or a model")
    folder = Path(name)
    if not folder.exists():
        is_path = name.startswith((".", "/", "~")) or name.count("/") > 1
        return BackendError(f"there is no model folder {quoted(name)}") if is_path else None
    if folder.is_file():
        return BackendError(
            f"{quoted(name)} is a file", hint="name the folder that holds config.json, or a .gguf"
        )
    if not (folder / "config.json").is_file():
        return BackendError(f"{quoted(name)} holds no config.json", hint="name the folder of a model")
    if not any(folder.glob("*.safetensors")):
        hint = "save it again with save_pretrained, which writes safetensors"
        older = any(folder.glob("*.bin"))
        what = "only pickled weights, which are not loaded" if older else "no safetensors"
        return BackendError(f"{quoted(name)} holds {what}", hint=hint if older else "")
    return _too_large(folder)


def _too_large(folder: Path) -> BackendError | None:
    """Whether the weights cannot fit the memory that is free."""
    size = sum(path.stat().st_size for path in folder.glob("*.safetensors")) * ROOM_FOR_WORK
    free = free_memory()
    if not free or size <= free:
        return None
    return BackendError(
        f"{quoted(folder)} needs about {size / 2**30:.1f} GiB of memory, and {free / 2**30:.1f} GiB are free",
        hint="take a smaller model",
    )


def free_memory() -> int:
    """Bytes that can be used without swapping; 0 where the system does not say."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable"):
                return int(line.split()[1]) * 1024
    return 0


def context_of(configuration: Configuration) -> int:
    """Tokens that a model can look at, from its config.json; nothing is loaded."""
    try:
        raw = json.loads((Path(configuration.model) / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return UNLIMITED
    found = [raw[name] for name in CONTEXTS if type(raw.get(name)) is int and 0 < raw[name] < 10**7]
    return min(found) if found else UNLIMITED


def load(configuration: Configuration) -> Model:
    """The model that the configuration names. Raises BackendError in one line."""
    wrong = missing() or problem(configuration)
    if wrong is not None:
        raise wrong
    with _faults(configuration.model), _quiet():
        return _loaded(configuration)


def _loaded(configuration: Configuration) -> Model:
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

    name, chosen = configuration.model, configuration.decoding
    common = {"local_files_only": not chosen.get("download"), "trust_remote_code": False}
    shape = AutoConfig.from_pretrained(name, **common)
    kind = AutoModelForSeq2SeqLM if shape.is_encoder_decoder else AutoModelForCausalLM
    device = device_of(str(chosen.get("device") or "auto"))
    tokenizer = AutoTokenizer.from_pretrained(name, **common)
    dtype = dtype_of(str(chosen.get("dtype") or "auto"), device)
    network = kind.from_pretrained(name, use_safetensors=True, dtype=dtype, **common).eval()
    if chosen.get("int8"):
        network = quantized(network, device)
    network.to(torch.device(device))
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    return Model(network, tokenizer, device, context_of(configuration), bool(shape.is_encoder_decoder))


def device_of(wanted: str) -> str:
    """The device asked for, or the best there is. Raises BackendError for one that is not there."""
    import torch

    there = ["cpu"]
    if torch.cuda.is_available():
        there.append("cuda")
    if torch.backends.mps.is_available():
        there.append("mps")
    if wanted == "auto":
        return "cuda" if "cuda" in there else there[-1]
    if wanted.partition(":")[0] not in there:
        raise BackendError(f"there is no device {quoted(wanted)}", hint=f"there is {', '.join(there)}")
    return wanted


def dtype_of(wanted: str, device: str) -> Any:
    """The number type: float32 on a CPU, bfloat16 or float16 elsewhere, unless another is asked for."""
    import torch

    known = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}
    if wanted == "auto":
        return torch.float32 if device == "cpu" else torch.bfloat16 if device == "cuda" else torch.float16
    if wanted not in known:
        raise BackendError(f"there is no dtype {quoted(wanted)}", hint=f"write {', '.join(known)}")
    return known[wanted]


def quantized(network: Any, device: str) -> Any:
    """The network with int8 weights in its linear maps: a quarter of the bytes to read for each token.

    GPT-2 keeps its maps as transposed `Conv1D`; they become linear ones first. CPU only.
    """
    import warnings

    import torch
    from transformers.pytorch_utils import Conv1D

    if device != "cpu":
        raise BackendError("int8 works on a CPU only", hint="leave int8 out, or set the device to cpu")
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, Conv1D):
                linear = torch.nn.Linear(*child.weight.shape)
                linear.weight = torch.nn.Parameter(child.weight.t().contiguous(), requires_grad=False)
                linear.bias = child.bias
                setattr(module, name, linear)
    with warnings.catch_warnings():  # torch says that this will move to torchao one day
        warnings.simplefilter("ignore")
        from torch.ao.quantization import quantize_dynamic

        convert: Any = quantize_dynamic
        return convert(network.float(), {torch.nn.Linear}, dtype=torch.qint8)


@contextlib.contextmanager
def _faults(name: str) -> Iterator[None]:
    """Whatever goes wrong while a model is loaded, as one line."""
    try:
        yield
    except BackendError:
        raise
    except MemoryError:
        raise BackendError(f"{quoted(name)} does not fit the memory", hint="take a smaller model") from None
    except Exception as error:  # a stranger's files and five libraries: anything may be raised
        text = quoted(str(error) or type(error).__name__)
        if "out of memory" in str(error).lower() or "can't allocate" in str(error).lower():
            raise BackendError(
                f"{quoted(name)} does not fit the memory", hint="take a smaller model"
            ) from None
        hint = ""
        if not os.path.isdir(name):
            hint = "download it first, or set CODEASSIST_DOWNLOAD=1 to fetch it now"
        raise BackendError(f"{quoted(name)} cannot be loaded: {text}", hint=hint) from None


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the progress bars and warnings of the libraries."""
    from transformers.utils import logging as theirs

    logging: Any = theirs
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    yield
