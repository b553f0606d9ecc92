"""Tokenizer and data: nothing is lost, nothing is doubled, no file is on both sides."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from codeassist.gpt import dataset
from codeassist.gpt.dataset import Document, batch_rows, open_data, pack_code, pack_examples, split_of
from codeassist.gpt.errors import GptError
from codeassist.gpt.tokenizer import END, STEPS, Tokenizer, load_tokenizer, train_tokenizer

TEXTS = ["def f(x):\n    return x + 1\n", "for i in range(10):\n    print(i)\n", "total = 123\n"]
STDLIB = Path(dataset.json.__file__).parent.parent


@pytest.fixture
def tokenizer() -> Tokenizer:
    return train_tokenizer(TEXTS * 20, 300)


@pytest.mark.parametrize(
    "text", ["", " ", "\t\n", "naïve ☃ 𝕏 \u202e", "x" * 500, "\x00\x7f", "<|endoftext", "1234567"]
)
def test_every_text_comes_back(tokenizer, text):
    assert tokenizer.decode(tokenizer.encode(text)) == text


@pytest.mark.parametrize("pattern", ["", STEPS])
def test_digits_stay_apart(pattern):
    found = train_tokenizer(["1234 1234 1234"] * 50, 300, pattern)
    assert len(found.encode("1234")) == 4


def test_steps_keep_words_whole_and_names_apart():
    found = train_tokenizer(["a.append(b)\n`b` goes to the end of `a`."] * 50, 300, STEPS)
    assert found.inner.encode("a.append(b)").tokens == ["a", ".", "append", "(", "b", ")"]


def test_tokenizer_is_read_again_and_by_transformers(tokenizer, tmp_path):
    from transformers import AutoTokenizer

    tokenizer.save(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "gpt2"}')
    ids = tokenizer.encode(TEXTS[0])
    assert load_tokenizer(tmp_path).encode(TEXTS[0]) == ids
    assert AutoTokenizer.from_pretrained(tmp_path)(TEXTS[0])["input_ids"] == ids


def test_gpt2s_own_files_are_read(tmp_path):
    from transformers import GPT2Tokenizer

    inner = train_tokenizer(TEXTS * 20, 300).inner
    inner.model.save(str(tmp_path))
    theirs = GPT2Tokenizer(str(tmp_path / "vocab.json"), str(tmp_path / "merges.txt"))
    for text in [*TEXTS, f"a{END}b", " x  y"]:
        assert load_tokenizer(tmp_path).encode(text) == theirs(text)["input_ids"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "has no tokenizer.json"),
        ({"tokenizer.json": "{"}, "cannot be read"),
        ({"vocab.json": "{}"}, "has no"),
    ],
    ids=["none", "broken", "half"],
)
def test_missing_or_broken_tokenizer_gives_one_line(tmp_path, files, words):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(GptError, match=words):
        load_tokenizer(tmp_path)


def test_a_vocabulary_must_hold_the_bytes():
    with pytest.raises(GptError, match="256 bytes"):
        train_tokenizer(TEXTS, 200)


def test_cleaning_leaves_out_what_nobody_wrote():
    kept = "def f():\r\n    pass   \r\n"
    texts = [kept, "x\0y", "", "   \n", "a" * 3000, "ab" * 900 + "\n" + "cd" * 900]
    found = list(dataset.clean(Document(str(k), text) for k, text in enumerate(texts)))
    assert found == [Document("0", "def f():\n    pass\n")]


def test_doubles_are_left_out():
    body = [f"value_{k} = compute({k})" for k in range(20)]
    texts = [
        "\n".join(body),
        "\n".join([*body, "one_more_line = 1"]),
        "\n".join([f"other_{k} = {k}" for k in range(20)]),
    ]
    found = dataset.deduplicate(Document(str(k), text) for k, text in enumerate(texts))
    assert [document.origin for document in found] == ["0", "2"]


def test_a_file_never_changes_sides():
    names = [f"pkg/file{k}.py" for k in range(2000)]
    share = sum(split_of(name) == "validation" for name in names) / 2000
    assert share == pytest.approx(0.1, abs=0.03)
    assert [split_of(name) for name in names[::-1]][::-1] == [split_of(name) for name in names]


def test_hidden_and_foreign_files_are_not_read(tmp_path):
    for name in ("a.py", ".git/b.py", "c.txt", "d/e.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    (tmp_path / "latin.py").write_bytes(b"x = '\xe9'\n")
    assert [document.origin for document in dataset.read_folder(tmp_path)] == ["a.py", "d/e.py"]


def test_packed_code_is_the_files_one_after_another(tokenizer, tmp_path):
    documents = list(dataset.clean(dataset.read_folder(STDLIB / "json")))
    pack_code(documents, tokenizer, 64, tmp_path)
    about, learning, testing = open_data(tmp_path)
    for split, rows in (("train", learning), ("validation", testing)):
        wanted: list[int] = []
        for document in documents:
            if split_of(document.origin) == split:
                wanted += [*tokenizer.encode(document.text), tokenizer.end]
        found: list[int] = []
        for row in range(rows.count):
            ids, learn = rows.take(torch.tensor([row]))
            found = found[:-1] + ids[0, learn[0]].tolist()
        assert found == wanted
    assert about.train == learning.count > 10


def test_examples_learn_the_answer_only(tokenizer, tmp_path):
    pairs = [(f"p{k}", f"x = {k}\n>", f"{k * 7}") for k in range(200)]
    pairs.append(("p", "y" * 500, "too long"))
    pack_examples(pairs, tokenizer, 32, tmp_path, group=8)
    about, learning, testing = open_data(tmp_path)
    assert about.train + about.validation == 200
    seen = set()
    for rows in (learning, testing):
        for row in range(rows.count):
            ids, learn = rows.take(torch.tensor([row]))
            assert ids[0, -1] == tokenizer.end
            seen.add(
                (tokenizer.decode(ids[0, ~learn[0]].tolist()), tokenizer.decode(ids[0, learn[0]].tolist()))
            )
    assert seen == {(prompt, answer) for _, prompt, answer in pairs[:200]}


def test_an_epoch_is_every_row_once(tokenizer, tmp_path):
    pack_examples([(f"p{k}", f"{k}>", "1") for k in range(300)], tokenizer, 32, tmp_path, group=8)
    about, _, _ = open_data(tmp_path)
    batches = about.train // 8
    epochs = [torch.cat([batch_rows(about, 8, 5, e * batches + k) for k in range(batches)]) for e in range(2)]
    assert all(sorted(epoch.tolist()) == list(range(batches * 8)) for epoch in epochs)
    assert epochs[0].tolist() != epochs[1].tolist()


def test_large_vocabularies_are_stored_whole(tmp_path):
    matrices = {split: dataset.Matrix(4, wide=True) for split in dataset.SPLITS}
    matrices["train"].add([70_000, 1, 65_536, 3], [dataset.LEARN] * 4)
    tokenizer = train_tokenizer(TEXTS, 300)
    dataset.write(tmp_path, matrices, tokenizer, "code")
    ids, _ = open_data(tmp_path)[1].take(torch.tensor([0]))
    assert ids.tolist() == [[70_000, 1, 65_536, 3]]


def test_no_text_and_cut_off_data_give_one_line(tokenizer, tmp_path):
    with pytest.raises(GptError, match="nothing to learn from"):
        pack_code([], tokenizer, 32, tmp_path)
    with pytest.raises(GptError, match="does not exist"):
        list(dataset.read_folder(tmp_path / "nowhere"))
    pack_examples([(f"p{k}", "a>", "b") for k in range(30)], tokenizer, 32, tmp_path)
    (tmp_path / "train.ids").write_bytes(b"\0" * 10)
    with pytest.raises(GptError, match="missing or cut off"):
        open_data(tmp_path)
    (tmp_path / "data.json").write_text("{}")
    with pytest.raises(GptError, match="unusable"):
        open_data(tmp_path)
