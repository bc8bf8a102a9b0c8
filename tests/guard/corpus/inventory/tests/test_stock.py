import pytest

from shop.checkout.cart_stock import CartStock
from shop.stock import OutOfStock, UnknownReservation
from shop.stock.ledger import StockLedger
from shop.utils.quantities import QuantityTracker
from tests.fakes import EndlessInventory, FakeLedger


@pytest.mark.django_db
def test_reserve_and_commit():
    ledger = StockLedger("TEST")
    ledger.receive("mug", 3)
    token = ledger.reserve("mug", 2)
    assert ledger.available("mug") == 1
    ledger.commit(token)
    assert ledger.on_hand("mug") == 1
    with pytest.raises(UnknownReservation):
        ledger.release(token)


def test_cart_is_all_or_nothing(cart_factory):
    fake = FakeLedger(mug=5, lamp=0)
    with pytest.raises(OutOfStock):
        CartStock(fake).hold_cart(cart_factory(mug=1, lamp=1))
    assert fake.open == {}


def test_ship(cart_factory):
    stock = CartStock(EndlessInventory())
    stock.ship(stock.hold_cart(cart_factory(mug=1)))


def test_tracker():
    t = QuantityTracker({"mug": 1})
    assert t.hold("mug", 1) and t.hold("mug", 1) is None
