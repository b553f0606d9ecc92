"""Models on this machine: what cannot be loaded, answers that always parse, short cuts that change none."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="the backend local needs the extra `local`")
pytest.importorskip("transformers")
pytest.importorskip("llguidance")

from codeassist.backends import weights
from codeassist.backends.bounded import bounded_schema, without_notes, worst
from codeassist.backends.decoding import Choice, Decoder
from codeassist.backends.local import Local
from codeassist.backends.parsing import document_of
from codeassist.records.answer import Answer, Claim, Section, Sentence
from codeassist.records.backend import Configuration
from codeassist.records.errors import BackendError
from codeassist.records.prompt import Message, Prompt
from tests.backends import models
from tests.backends.conformance import conforms
from tests.support.command import codeassist

BASELINE = Answer(
    Sentence("Gives the last item."),
    (Section("purpose", "Purpose", (Sentence("Old."),)), Section("cost", "Cost", (Sentence("Cheap."),))),
    (),
    (Claim("returns", {"func": "last", "value": "3"}, "c1"),),
)
MESSAGES = (Message("system", "Explain."), Message("user", "def last(xs):\n    return xs[-1]"))
PROMPT = Prompt("explain", MESSAGES, BASELINE, "", ("function",), (), 9, "d" * 64)
SCHEMA = bounded_schema(["purpose", "cost"], ["last"], 400, "en")


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Thin networks gain nothing by threads, and lose much where others need the cores."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def gpt2(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(models.gpt2(tmp_path_factory.mktemp("gpt2")))


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(models.llama(tmp_path_factory.mktemp("llama")))


@pytest.fixture(scope="module")
def t5(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(models.t5(tmp_path_factory.mktemp("t5")))


def local(folder: str, **decoding: Any) -> Local:
    return Local(Configuration(model=folder, deadline=60.0, decoding={"max_new_tokens": 300, **decoding}))


# --- what cannot be --------------------------------------------------------------------------------------


def _pickled(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def _cut(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:2000])


BROKEN = {
    "no config": lambda f: (f / "config.json").unlink(),
    "config is no JSON": lambda f: (f / "config.json").write_text("{"),
    "unknown kind": lambda f: (f / "config.json").write_text('{"model_type": "nonsense"}'),
    "only a pickle": _pickled,
    "weights cut off": _cut,
    "no weights": lambda f: (f / "model.safetensors").unlink(),
    "no tokenizer": lambda f: [p.unlink() for p in f.glob("tokenizer*")],
    "tokenizer is no JSON": lambda f: (f / "tokenizer.json").write_text("nonsense"),
    "code of its own": lambda f: (f / "config.json").write_text(
        '{"model_type": "evil", "auto_map": {"AutoConfig": "evil.Evil", "AutoModelForCausalLM": "evil.Evil"}}'
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_model_is_one_line(name: str, gpt2: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(gpt2, folder)
    (folder / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    BROKEN[name](folder)
    with pytest.raises(BackendError) as error:
        local(str(folder)).complete(PROMPT)
    assert str(error.value).isprintable()
    assert 10 < len(str(error.value)) < 400
    assert not (tmp_path / "ran").exists(), "nobody's code is run"


@pytest.mark.parametrize(
    ("name", "part"),
    [("", "needs a model"), ("/nowhere/at/all", "no model folder"), ("nobody/nothing", "download"),
     (__file__, "is a file"), ("missing.gguf", "gguf")],
)  # fmt: skip
def test_what_is_no_model_is_told_before_anything_is_loaded(name: str, part: str) -> None:
    found = Local(Configuration(model=name))
    told = found.available()
    if name != "nobody/nothing":
        assert part in told
    with pytest.raises(BackendError, match=part):
        found.complete(PROMPT)


def test_the_extra_is_named(gpt2: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codeassist.backends.weights.find_spec", lambda name: None)
    assert "codeassist[local]" in local(gpt2).available()
    with pytest.raises(BackendError, match=r"codeassist\[local\]"):
        local(gpt2).complete(PROMPT)


def test_too_little_memory_is_told_before_it_is_taken(gpt2: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codeassist.backends.weights.free_memory", lambda: 1000)
    assert "GiB" in local(gpt2).available()
    with pytest.raises(BackendError, match="needs about"):
        local(gpt2).complete(PROMPT)


@pytest.mark.parametrize(
    "decoding",
    [{"device": "warp"}, {"dtype": "int3"}, {"temperature": -1.0}, {"top_p": 0.0}, {"beams": 0},
     {"repetition_penalty": 0.0}],
)  # fmt: skip
def test_an_option_that_cannot_be_is_one_line(decoding: dict[str, Any], gpt2: str) -> None:
    with pytest.raises(BackendError):
        local(gpt2, **decoding).complete(PROMPT)


def test_a_prompt_that_does_not_fit_is_told(gpt2: str) -> None:
    long = Prompt("explain", (Message("user", "x = 1\n" * 3000),), BASELINE, "", (), (), 0, "")
    with pytest.raises(BackendError, match="longer context"):
        local(gpt2).complete(long)


def test_the_deadline_ends_it(gpt2: str) -> None:
    slow = Local(Configuration(model=gpt2, deadline=0.01))
    slow.engine()
    started = time.monotonic()
    with pytest.raises(BackendError, match="deadline"):
        slow.complete(PROMPT)
    assert time.monotonic() - started < 10


# --- answers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "decoding",
    [{}, {"int8": True}, {"temperature": 1.0, "top_p": 0.9, "top_k": 40}, {"repetition_penalty": 1.3},
     {"beams": 2, "length_penalty": 0.5, "max_new_tokens": 280}],
    ids=lambda d: " ".join(d) or "greedy",
)  # fmt: skip
def test_every_way_to_decode_gives_an_answer(decoding: dict[str, Any], gpt2: str) -> None:
    answer = local(gpt2, **decoding).complete(PROMPT)
    assert answer.backend == "local"
    assert answer.usage.prompt_tokens > 5
    assert 0 < answer.usage.completion_tokens <= 300


@pytest.mark.parametrize("seed", range(4))
def test_hot_sampling_always_parses(seed: int, gpt2: str) -> None:
    found = local(gpt2, temperature=3.0, seed=seed)
    assert found.complete(PROMPT).summary is not None


def test_an_encoder_decoder_works(t5: str) -> None:
    assert local(t5).complete(PROMPT).backend == "local"


def test_another_family_with_a_template_that_refuses_the_system_role(llama: str) -> None:
    found = local(llama)
    assert found.complete(PROMPT).backend == "local"
    text = found.engine().model.tokenizer.decode(found.engine().ids(MESSAGES))  # type: ignore[attr-defined]
    assert text.startswith("<user>Explain.")
    assert text.endswith("<assistant>")


def test_it_conforms(gpt2: str) -> None:
    conforms(
        lambda c: Local(c and Configuration(model=gpt2, deadline=30.0, decoding={"max_new_tokens": 280}))
    )


@pytest.mark.parametrize("room", [280, 300, 500, 900, 4000])
@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_the_longest_answer_fits_the_room(room: int, lang: str) -> None:
    schema = bounded_schema(["purpose", "edge-cases"], ["last"], room, lang)
    assert worst(schema) <= room
    assert "x-tokens" not in json.dumps(without_notes(schema))


# --- short cuts ------------------------------------------------------------------------------------------


def written(decoder: Decoder, text: str, schema: Any = SCHEMA) -> str:
    ids = decoder.model.tokenizer(text)["input_ids"]
    return decoder.text(ids, 60 if schema is None else 400, schema, time.monotonic() + 60)[0]


PREFIX = "You explain code. " * 20


def test_a_kept_prefix_changes_nothing_but_the_work(gpt2: str) -> None:
    model = weights.load(Configuration(model=gpt2))
    kept, fresh = Decoder(model, Choice()), Decoder(model, Choice())
    first, second = PREFIX + "def f(): return 1", PREFIX + "def g(): return 2"
    written(kept, first)
    assert written(kept, second) == written(fresh, second)
    assert kept.reused > 40
    assert fresh.reused == 0


def test_drafts_change_nothing_but_the_number_of_passes(gpt2: str) -> None:
    model = weights.load(Configuration(model=gpt2))
    with_drafts, without = Decoder(model, Choice()), Decoder(model, Choice(lookup=False))
    text = PREFIX + "Old. Cheap. " * 10
    assert written(with_drafts, text, None) == written(without, text, None)
    assert with_drafts.passes < without.passes


def test_greedy_text_is_that_of_transformers(gpt2: str) -> None:
    import torch

    model = weights.load(Configuration(model=gpt2))
    ids = model.tokenizer(PREFIX)["input_ids"]
    text, count = Decoder(model, Choice()).text(ids, 60, None, time.monotonic() + 60)
    row = torch.tensor([ids])
    theirs = model.network.generate(
        row, attention_mask=torch.ones_like(row), max_new_tokens=60, do_sample=False, pad_token_id=0
    )
    assert text == model.tokenizer.decode(theirs[0][len(ids) :], skip_special_tokens=True)
    assert count <= 60


def test_a_schema_holds_for_beams_too(gpt2: str) -> None:
    model = weights.load(Configuration(model=gpt2))
    schema = bounded_schema(["purpose"], ["last"], 280, "en")
    ids = model.tokenizer("def f(): pass")["input_ids"]
    text, _ = Decoder(model, Choice(beams=2)).text(ids, 300, schema, time.monotonic() + 100)
    assert set(document_of(text)) == {"claims", "summary", "sections", "annotations"}


def test_the_identity_follows_the_files(gpt2: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(gpt2, folder)
    before = local(str(folder)).identity
    assert local(str(folder)).identity == before
    assert local(str(folder), beams=2).identity != before
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes() + b" ")
    assert local(str(folder)).identity != before


# --- as a user types it ----------------------------------------------------------------------------------


def test_a_gpt2_folder_explains(gpt2: str) -> None:
    target = str(models.ROOT / "examples" / "gcd.py")
    done = codeassist("explain", target, "--backend", "local", "--model", gpt2, "--no-cache", "--budget", "1",
                      "--format", "json")  # fmt: skip
    assert done.status == 0, done.err
    plain = codeassist("explain", target, "--no-cache", "--budget", "1", "--format", "json")
    assert [e["summary"] for e in done.json["explanations"]] == [
        e["summary"] for e in plain.json["explanations"]
    ]
    assert "local" in done.err
    assert "tokens in" in done.err


def test_a_missing_model_leaves_the_local_result_and_status_3(tmp_path: Path) -> None:
    target = str(models.ROOT / "examples" / "gcd.py")
    words = ("--backend", "local", "--model", str(tmp_path / "none"), "--no-cache", "--budget", "1")
    done = codeassist("explain", target, *words)
    assert done.status == 3
    assert len([line for line in done.err.splitlines() if "no model folder" in line]) == 1
    assert "extended_gcd" in done.out
