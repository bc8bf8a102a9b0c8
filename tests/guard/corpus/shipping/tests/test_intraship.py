from unittest import mock

from shipping.legacy.intraship import Intraship
from shipping.v2.parcels import ParcelService


def test_status_unknown():
    api = Intraship.__new__(Intraship)
    api._soap = lambda xml: mock.Mock(findtext=lambda path: None)
    with mock.patch("shipping.legacy.intraship.connection"):
        assert api.get_status("00340") == "unknown"


def test_token_is_basic_auth():
    assert ParcelService("t").http.auth == ("t", "")
