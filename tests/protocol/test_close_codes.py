import pytest

from goldenpath.protocol._close_codes import (
    CLOSE_RULES,
    COME_BACK_BY_DEFAULT,
    CloseCode,
    ComeBack,
)

STANDARD = {1001, 1009, 1011, 1013}


def test_every_code_has_a_rule():
    assert list(CLOSE_RULES) == list(CloseCode)


@pytest.mark.parametrize("code", CloseCode)
def test_a_code_is_from_a_range_that_an_application_may_send(code):
    """RFC 6455: 1004 to 1006 and 1015 must not be sent, 4000 to 4999 are ours."""
    assert code in STANDARD or 4000 <= code <= 4999


@pytest.mark.parametrize("code", CloseCode)
def test_a_meaning_is_one_short_sentence(code):
    """It stands in the close frame's reason, which has room for 123 bytes."""
    meaning = CLOSE_RULES[code].meaning
    assert len(meaning.encode()) <= 100
    assert not meaning.endswith(".")


@pytest.mark.parametrize(
    "code",
    [
        CloseCode.AUTHENTICATE,
        CloseCode.FORBIDDEN,
        CloseCode.VERSION,
        CloseCode.BAD_MESSAGE,
        CloseCode.TOO_MANY_CONNECTIONS,
        CloseCode.SESSION_ENDED,
    ],
)
def test_f45_a_client_does_not_come_back_by_itself_where_it_would_fail_again(code):
    """Else it would drain a battery and knock for ever."""
    assert CLOSE_RULES[code].come_back in {
        ComeBack.LOG_IN,
        ComeBack.RELOAD,
        ComeBack.NEVER,
    }


@pytest.mark.parametrize("code", [CloseCode.BEHIND, CloseCode.TIMEOUT])
def test_who_was_only_slow_comes_back_at_once(code):
    assert CLOSE_RULES[code].come_back is ComeBack.AT_ONCE


def test_a_code_from_elsewhere_means_that_the_connection_was_lost():
    assert COME_BACK_BY_DEFAULT is ComeBack.BACK_OFF
