"""The model is the same bytes wherever it is built, is kept whole, and grows by data alone."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from matching.interests import INTERESTS
from matching.understanding import lexicon, meaning, storage, training
from matching.understanding.features import OWN, own_key, pair_key, phrase_keys, skeleton, word_keys
from matching.understanding.model import DTYPES, MAGIC, NotAModelError, from_file, to_bytes
from tests.architecture.source import ROOT
from tests.matching.lexicons import append, copy_of

DIGEST = (
    "import hashlib, pathlib, sys; from matching.understanding import lexicon, training; from matching.understanding.model"
    " import to_bytes; print(hashlib.sha256(to_bytes(training.train(lexicon.read(pathlib.Path(sys.argv[1]))))).hexdigest())"
)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The lexicon of one language."""
    return copy_of(tmp_path_factory.mktemp("lexicon"), "so")


@pytest.fixture(scope="module")
def trained(small):
    return training.train(lexicon.read(small))


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A folder for models of this test alone."""
    monkeypatch.setenv(storage.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_built_twice_with_other_threads_and_hash_seeds_it_is_the_same(small):
    digests = set()
    for threads, seed in (("1", "0"), ("2", "4242")):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        environment |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), threads)
        command = [sys.executable, "-c", DIGEST, str(small)]
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
        digests.add(done.stdout)
    assert len(digests) == 1


def test_weights_stand_far_from_where_rounding_turns(small, monkeypatch):
    """Last digits that another machine may compute differently do not reach the rounded weights."""
    learned = []
    fit = training.fit
    monkeypatch.setattr(training, "fit", lambda *given: learned.append(fit(*given)) or learned[-1])
    before = to_bytes(training.train(lexicon.read(small)))
    random = np.random.default_rng(1)
    coefficients, intercepts = (
        values * (1 + random.uniform(-1e-13, 1e-13, values.shape)) for values in learned[0]
    )
    monkeypatch.setattr(training, "fit", lambda *given: (coefficients, intercepts))
    assert to_bytes(training.train(lexicon.read(small))) == before


def test_what_is_read_is_what_was_written(trained, tmp_path):
    file = tmp_path / "one.model"
    file.write_bytes(to_bytes(trained))
    read = from_file(file)
    assert to_bytes(read) == to_bytes(trained)
    assert {name: getattr(read.arrays, name).dtype for name in DTYPES} == {
        name: np.dtype(dtype) for name, dtype in DTYPES.items()
    }
    assert np.all(np.diff(read.arrays.keys.astype(np.int64)) > 0)
    assert meaning.understand(read, "karinta cuntada", "so") == meaning.understand(
        trained, "karinta cuntada", "so"
    )


def test_a_file_that_is_not_a_whole_model_is_refused(trained, tmp_path):
    whole = to_bytes(trained)
    others = [
        b"",
        MAGIC,
        whole[:-1],
        whole[: len(whole) // 2],
        b"x" + whole,
        whole.replace(b"football", b"foosball"),
    ]
    for number, content in enumerate(others):
        file = tmp_path / f"{number}.model"
        file.write_bytes(content)
        with pytest.raises(NotAModelError):
            from_file(file)


def test_it_is_built_once_and_again_when_the_lexicon_changed(small, tmp_path, cache):
    folder = copy_of(tmp_path / "lexicon", "so")
    first = storage.build(folder)
    assert first.parent == cache
    assert storage.build(folder) == first
    append(folder / "so.csv", "swimming,dabaalan dabaalan")
    storage.file_name.cache_clear()
    second = storage.build(folder)
    assert second != first
    assert {path.name for path in cache.iterdir()} == {first.name, second.name, "interests.lock"}


def test_adding_a_language_is_a_change_of_data(tmp_path, cache):
    folder = copy_of(tmp_path / "lexicon", "so")
    append(
        folder / "bg.csv", "tag,phrase", "swimming,плуване", "swimming,обичам да плувам",
        "swimming,плуване в басейна", "cooking,готвене",
    )  # fmt: skip
    append(folder / "none" / "bg.csv", "phrase", "добър ден", "живея в Гент")
    append(folder / "negation" / "bg.csv", "kind,word", "not,не", "but,но")
    storage.build(folder)
    model = storage.current(folder)
    assert model.languages == ("bg", "so")
    for text, tags in (
        ("плуването", ["swimming"]), ("Плувам!", ["swimming"]), ("не обичам готвене", []),
        ("не обичам готвене, но обичам да плувам", ["swimming"]), ("добър ден", []),
    ):  # fmt: skip
        for language in ("bg", "und", "so"):
            assert [one.tag for one in meaning.understand(model, text, language)] == tags, (text, language)


def test_until_it_is_built_and_when_it_is_damaged_phrases_are_looked_up(tmp_path, cache):
    folder = copy_of(tmp_path / "lexicon", "so")
    assert storage.find(folder) is None
    exact = storage.current(folder)
    assert not exact.arrays.weights.any()
    path = storage.build(folder)
    assert storage.current(folder).arrays.weights.any()
    path.write_bytes(path.read_bytes()[:-9])
    storage._loaded.cache_clear()
    assert storage.current(folder) is exact
    assert storage.build(folder) == path
    assert storage.current(folder).arrays.weights.any()


def test_it_lies_beside_the_source_or_in_the_cache_of_the_user(tmp_path, monkeypatch):
    monkeypatch.delenv(storage.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    beside, users = storage.folders()
    assert beside == Path(storage.__file__).parent / "__pycache__"
    assert users == tmp_path / "cache" / "samenspoor-matching"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert storage.folders()[1] == Path.home() / ".cache" / "samenspoor-matching"


def test_without_a_home_there_is_one_folder(monkeypatch):
    def homeless():
        raise RuntimeError

    monkeypatch.delenv(storage.VARIABLE, raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    assert storage.folders() == (storage.BESIDE,)


def test_a_folder_that_may_not_be_looked_into_is_passed_over(tmp_path, cache, monkeypatch):
    def closed(_path):
        raise PermissionError

    folder = copy_of(tmp_path / "lexicon", "so")
    storage.build(folder)
    monkeypatch.setattr(Path, "is_file", closed)
    assert storage.find(folder) is None


def test_a_folder_that_cannot_be_written_is_passed_over(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    folder = copy_of(tmp_path / "lexicon", "so")
    blocked, open_ = tmp_path / "file" / "cache", tmp_path / "open"
    monkeypatch.setattr(storage, "folders", lambda: (blocked, open_))
    assert storage.build(folder).parent == open_
    monkeypatch.setattr(storage, "folders", lambda: (blocked,))
    with pytest.raises(NotADirectoryError):
        storage.build(folder)


def test_beside_the_source_older_models_go(small, tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "BESIDE", tmp_path / "beside")
    monkeypatch.delenv(storage.VARIABLE, raising=False)
    storage.BESIDE.mkdir()
    (storage.BESIDE / "interests-0.model").write_bytes(b"")
    path = storage.build(small)
    assert {entry.name for entry in storage.BESIDE.iterdir()} == {path.name, "interests.lock"}


def test_an_interrupted_build_leaves_nothing(tmp_path, cache, monkeypatch):
    folder = copy_of(tmp_path / "lexicon", "so")

    def interrupt(_draft, _target):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", interrupt)
        with pytest.raises(KeyboardInterrupt):
            storage.build(folder)
    assert [path.name for path in cache.iterdir()] == ["interests.lock"]


def test_of_two_who_build_at_once_one_waits(tmp_path, cache, monkeypatch):
    folder = copy_of(tmp_path / "lexicon", "so")
    trainings, train = [], training.train
    monkeypatch.setattr(training, "train", lambda words: trainings.append(1) or train(words))
    builders = [threading.Thread(target=storage.build, args=(folder,)) for _ in range(3)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    assert len(trainings) == 1
    assert storage.find(folder) is not None


def test_only_phrases_without_a_no_teach_what_means_nothing():
    language = lexicon.Language(
        "nl",
        {"fietsen": 2, "ik fiets": 2, "ik kook": 20, "ik lees": 15},
        ("goede dag", "ik fiets niet", "ik kook"),
        lexicon.Negation(frozenset({"niet"}), "", frozenset()),
    )
    examples = list(training.examples_of(language, 5))
    nothing = {" ".join(one.words) for one in examples if one.interest == training.NOTHING}
    assert nothing == {"goede dag", "goede", "dag", "ik", "kook"}
    assert {one.language for one in examples} == {5}
    assert len(INTERESTS) == training.NOTHING


def test_features_are_the_same_everywhere():
    assert own_key("les", "nl") != own_key("les", "fr") != pair_key("nl", "les")
    assert word_keys("ab") == (212399427, 144653006, 2659403885, 3614639729, 225091444, 553544843, 672716726)
    alone = len(word_keys("les")) + len(word_keys("ab"))
    assert len(phrase_keys(["les", "ab"], "nl")) == alone + 2 * OWN + 1


@pytest.mark.parametrize(
    ("word", "bones"),
    [
        ("zwemmen", "zwmn"),
        ("кухня", "кхн"),
        ("سباحه", "سبح"),
        ("ፊሊም", skeleton("ፊልም")),
        ("aeiou", ""),
        ("", ""),
    ],
)
def test_skeletons(word, bones):
    assert skeleton(word) == bones
