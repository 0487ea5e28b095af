"""Fingerprints: datasketch's signature bit for bit, and estimates that hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from datasketch import LeanMinHash, MinHash
from hypothesis import given
from hypothesis import strategies as st

from syndicate import RecipeMismatch, fingerprint, kernels
from syndicate.sketch import FEWEST_SHINGLES, RECIPE, SAMPLING, shingle_hashes
from syndicate.tokens import tokenise

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


def test_signing_gives_the_same_without_a_compiler() -> None:
    hashes = shingle_hashes(tokenise(" ".join(NUMBERS[:50])).shingles())
    a, b = np.array([1, 2**31 + 1], np.uint32), np.array([7, 2**32 - 1], np.uint32)
    with np.errstate(over="ignore"):
        assert kernels.sign.py_func(hashes, a, b).tolist() == kernels.sign(hashes, a, b).tolist()


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
