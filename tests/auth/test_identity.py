import dataclasses

import pytest

from goldenpath.auth._identity import Authenticator, Credentials, Identity
from goldenpath.auth._password_login import PasswordAuthenticator


def test_credentials_do_not_show_their_secrets():
    """They are logged by accident sooner or later (S04)."""
    shown = repr(
        Credentials(cookie="planted-1", bearer="planted-2", origin="https://a")
    )

    assert "planted" not in shown
    assert "https://a" in shown


@pytest.mark.parametrize(
    ("credentials", "expected"),
    [
        (Credentials(), False),  # there is nothing to believe
        (Credentials(cookie="c"), True),
        (Credentials(bearer="b"), False),
        (Credentials(cookie="c", bearer="b"), False),
        (Credentials(bearer=""), False),
    ],
)
def test_what_a_browser_attaches_by_itself_needs_an_origin(credentials, expected):
    assert credentials.needs_origin is expected


def test_an_identity_cannot_become_another():
    identity = Identity("u1", "ada", "h1", 1.0, "cookie")

    with pytest.raises(dataclasses.FrozenInstanceError):
        identity.user = "u2"


@pytest.mark.anyio
async def test_the_password_login_is_an_authenticator(
    authenticator: PasswordAuthenticator,
):
    """mypy reads this line; at run time it shows that the names are there."""
    seam: Authenticator = authenticator

    for name in ("identify", "issue_ticket", "redeem_ticket", "alive"):
        assert callable(getattr(seam, name))
