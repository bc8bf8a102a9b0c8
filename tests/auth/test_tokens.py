import base64
import hashlib

from goldenpath.auth._tokens import new_token, token_hash


def test_a_token_has_256_bits_and_no_two_are_alike():
    """128 would do; fewer could be guessed (S08)."""
    tokens = {new_token() for _ in range(1000)}

    assert len(tokens) == 1000
    assert {len(base64.urlsafe_b64decode(token + "=")) for token in tokens} == {32}


def test_what_is_stored_is_the_sha_256():
    assert token_hash("abc") == hashlib.sha256(b"abc").digest()


def test_any_text_that_a_client_sends_has_a_hash():
    assert len(token_hash("\ud800")) == 32
    assert len(token_hash("")) == 32
