"""Fingerprints: datasketch's signature bit for bit, and estimates that hold."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from itertools import count
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest
from datasketch import LeanMinHash, MinHash
from hypothesis import given
from hypothesis import strategies as st

from syndicate import Fingerprint, FingerprintError, RecipeMismatch, fingerprint, fingerprint_many
from syndicate.sketch import BATCH, CHUNK, FEWEST_SHINGLES, RECIPE, SAMPLING, shingle_hashes, sketch_many
from syndicate.tokens import tokenise

if TYPE_CHECKING:
    from collections.abc import Iterator

ALPHABETS = {
    "Latin": "abcdefghij",
    "Cyrillic": "абвгдежзий",
    "Arabic": "ابتثجحخدذر",
    "Han": "港口委员会星期一开",
    "mixed": "aбéا港7ß",
}
NUMBERS = [f"word{number}" for number in range(3000)]


def texts(alphabet: str) -> st.SearchStrategy[str]:
    word = st.text(alphabet=alphabet, min_size=1, max_size=6)
    return st.lists(word, min_size=40, max_size=90).map(" ".join)


@given(st.sampled_from(sorted(ALPHABETS)).flatmap(lambda name: texts(ALPHABETS[name])))
def test_signature_is_datasketchs_own_bit_for_bit(text: str) -> None:
    found = fingerprint(text)
    hashes = shingle_hashes(tokenise(text).shingles())
    if found is None:
        assert np.unique(tokenise(text).shingles()).size < FEWEST_SHINGLES
        return
    peer = MinHash(num_perm=128, hashfunc=int)
    peer.update_batch(hashes.tolist())
    assert (found.signature == peer.hashvalues).all()
    assert found.minhash() == LeanMinHash(peer)


def test_fingerprints_are_the_same_without_a_compiler() -> None:
    text = " ".join([*NUMBERS[:60], "Naïve", "港口", "x\u0301", "one\u00adword", *NUMBERS[20:60]])
    found = fingerprint(text)
    assert found is not None
    program = "import sys, syndicate; print(hash_of(syndicate.fingerprint(sys.argv[1])))"
    program = f"hash_of = lambda found: (found.to_bytes().hex(), found.sample.tolist(), found.shingles)\n{program}"
    plain = subprocess.run(
        [sys.executable, "-W", "ignore::RuntimeWarning", "-c", program, text],
        capture_output=True, text=True, check=True, env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
    )  # fmt: skip
    assert plain.stdout.strip() == str((found.to_bytes().hex(), found.sample.tolist(), found.shingles))


def test_a_text_too_short_to_tell_a_copy_from_a_phrase_has_no_fingerprint() -> None:
    assert fingerprint("") is None
    assert fingerprint(" ".join(NUMBERS[: FEWEST_SHINGLES + 3])) is None
    assert fingerprint("again and again " * 100) is None
    assert fingerprint(" ".join(NUMBERS[: FEWEST_SHINGLES + 4])) is not None


def test_resemblance_is_estimated_within_its_error() -> None:
    one = fingerprint(" ".join(NUMBERS[:2000]))
    other = fingerprint(" ".join(NUMBERS[1000:3000]))
    assert one is not None
    assert other is not None
    assert one.resemblance(other) == pytest.approx(1 / 3, abs=0.13)
    assert one.resemblance(one) == 1.0


def test_containment_of_an_excerpt_is_seen_where_resemblance_is_low() -> None:
    whole = fingerprint(" ".join(NUMBERS))
    part = fingerprint(" ".join(NUMBERS[500:900]))
    assert whole is not None
    assert part is not None
    assert part.containment(whole) == 1.0
    assert whole.containment(part) == pytest.approx(400 / 3000, abs=0.08)


def test_nothing_sampled_contains_nothing() -> None:
    found = fingerprint(" ".join(NUMBERS[:100]))
    assert found is not None
    bare = replace(found, sample=found.sample[:0])
    assert bare.containment(found) == 0.0


def test_the_sample_is_the_hashes_below_its_bound_ascending() -> None:
    found = fingerprint(" ".join(NUMBERS))
    assert found is not None
    expected = sorted({int(value) for value in shingle_hashes(tokenise(" ".join(NUMBERS)).shingles())})
    assert found.sample.tolist() == [value for value in expected if value < 2**32 // SAMPLING]
    assert found.shingles == len(NUMBERS) - 4


def test_equal_texts_have_equal_fingerprints_and_they_are_values() -> None:
    one, same = fingerprint(" ".join(NUMBERS[:99])), fingerprint("  ".join(NUMBERS[:99]).upper())
    other = fingerprint(" ".join(NUMBERS[:98]))
    assert one == same
    assert len({one, same, other}) == 2
    assert one != "a fingerprint"
    assert one is not None
    assert not one.signature.flags.writeable


def test_two_recipes_never_compare() -> None:
    one = fingerprint(" ".join(NUMBERS[:99]))
    assert one is not None
    old = replace(one, recipe=RECIPE.replace("seed-1", "seed-2"))
    with pytest.raises(RecipeMismatch, match="make both again"):
        one.resemblance(old)
    with pytest.raises(RecipeMismatch, match="seed-2"):
        old.containment(one)


@given(st.lists(st.one_of(st.text(), texts("abc é港"))), st.sampled_from([1, 2, 8]))
def test_many_texts_give_what_each_gives_alone(many: list[str], threads: int) -> None:
    assert list(fingerprint_many(many, threads=threads)) == [fingerprint(text) for text in many]
    found = sketch_many(many, threads=threads)
    assert len({len(found.signatures), len(found.sample_ends), len(found.wholes), len(many)}) == 1
    shingles = [np.unique(tokenise(text).shingles()) for text in many]
    assert found.counts.tolist() == [each.size for each in shingles]


@given(st.lists(st.text(st.characters(), max_size=30), min_size=1, max_size=5).map(" ".join))
def test_no_text_whatever_it_holds_raises(text: str) -> None:
    found = sketch_many([text, text[::-1]], threads=1)
    assert (found.wholes[0] == 0) == (tokenise(text).hashes.size == 0)


@given(texts("abcé港"), st.integers(2, 5))
def test_a_text_said_again_has_the_shingles_of_one_more_joint(text: str, times: int) -> None:
    once, twice, often = (fingerprint("\n".join([text] * count)) for count in (1, 2, times))
    assert twice == often
    if once and twice:
        assert once.shingles <= twice.shingles <= once.shingles + 4
        assert (twice.signature <= once.signature).all()
        assert set(once.sample.tolist()) <= set(twice.sample.tolist())


@given(st.lists(texts("abcdefgh"), min_size=2, max_size=9), st.randoms(use_true_random=False))
def test_each_text_has_its_fingerprint_wherever_it_stands(many: list[str], random: Random) -> None:
    order = list(range(len(many)))
    random.shuffle(order)
    shuffled = list(fingerprint_many([many[at] for at in order]))
    assert [shuffled[order.index(at)] for at in range(len(many))] == list(fingerprint_many(many))


def test_threads_change_no_byte() -> None:
    words = ["fjord", "x\u0301", "™", "港", "…", "naïve", *NUMBERS[:400]]
    draw = Random(7)
    many = [" ".join(draw.choices(words[draw.randrange(7) :], k=draw.randrange(900))) for _ in range(900)]
    assert sum(map(len, many)) > 8 * CHUNK
    one, two, eight = (
        [(array.dtype, array.tobytes()) for array in map(np.asarray, sketch_many(many, threads=threads))]
        for threads in (1, 2, 8)
    )
    assert one == two == eight


def test_the_whole_is_told_by_order_case_aside() -> None:
    found = sketch_many(["a b c", "A  B, c!", "a c b", "a b c a b c", "", "…", "a b", "b a"])
    wholes = found.wholes.tolist()
    assert wholes[0] == wholes[1]
    assert wholes[4] == wholes[5] == 0
    assert len(set(wholes)) == 6


def test_no_texts_and_texts_too_short_have_rows_of_the_same_form() -> None:
    nothing, short = sketch_many([]), sketch_many(["", "one two three four five six"])
    assert [array.dtype for array in nothing] == [array.dtype for array in short]
    assert nothing.signatures.shape == (0, 128)
    assert short.counts.tolist() == [0, 2]
    assert short.sample_ends.tolist() == [0, 0]
    assert (short.signatures == 0xFFFFFFFF).all()
    assert list(fingerprint_many([])) == []


def test_many_texts_are_read_as_they_are_needed() -> None:
    taken = []

    def texts_of_a_stream() -> Iterator[str]:
        for number in count():
            taken.append(number)
            yield " ".join(NUMBERS[:30])

    assert next(fingerprint_many(texts_of_a_stream())) == fingerprint(" ".join(NUMBERS[:30]))
    assert len(taken) == BATCH


def test_a_signature_goes_to_datasketch_and_back_as_bytes() -> None:
    found = fingerprint(" ".join(NUMBERS[:99]))
    other = fingerprint(" ".join(NUMBERS[50:200]))
    assert found is not None
    assert other is not None
    assert LeanMinHash.deserialize(found.to_bytes()) == found.minhash()
    again = Fingerprint.from_bytes(found.to_bytes())
    assert again == replace(found, sample=found.sample[:0], shingles=0)
    assert again.resemblance(other) == found.resemblance(other)


@pytest.mark.parametrize("size", [0, 7, 12, 100, 527])
def test_bytes_cut_short_are_no_fingerprint(size: int) -> None:
    found = fingerprint(" ".join(NUMBERS[:99]))
    assert found is not None
    with pytest.raises(FingerprintError, match="no datasketch LeanMinHash"):
        Fingerprint.from_bytes(found.to_bytes()[:size])


@given(st.binary(max_size=600))
def test_bytes_of_anything_are_a_fingerprint_error(data: bytes) -> None:
    with pytest.raises(FingerprintError):
        Fingerprint.from_bytes(data)


@pytest.mark.parametrize(
    ("other", "name"),
    [
        (MinHash(num_perm=128, seed=3), "affine32-128-seed-3"),
        (MinHash(num_perm=64), "affine32-64-seed-1"),
        (MinHash(num_perm=128, scheme="legacy"), "legacy-128-seed-1"),
    ],
)
def test_bytes_of_another_minhash_are_another_recipe(other: MinHash, name: str) -> None:
    minhash = LeanMinHash(other)
    data = bytearray(minhash.bytesize())
    minhash.serialize(data)
    with pytest.raises(RecipeMismatch, match=f"'{name}'.*'affine32-128-seed-1'"):
        Fingerprint.from_bytes(bytes(data))


def test_a_fingerprint_of_another_recipe_is_no_minhash_of_this_one() -> None:
    one = fingerprint(" ".join(NUMBERS[:99]))
    assert one is not None
    old = replace(one, recipe=RECIPE.replace("seed-1", "seed-2"))
    with pytest.raises(RecipeMismatch, match="seed-2"):
        old.minhash()
    with pytest.raises(RecipeMismatch, match="seed-2"):
        old.to_bytes()
