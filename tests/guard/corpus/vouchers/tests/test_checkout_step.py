from types import SimpleNamespace

from shop.checkout.vouchers import BasketVoucherStep
from tests.fakes import FakeVoucherService


def make_state(code):
    return SimpleNamespace(
        form={"voucher_code": code}, order=object(), errors=[], discount=0
    )


def test_commit_takes_discount():
    fake = FakeVoucherService(ABC=7)
    state = make_state("ABC")
    BasketVoucherStep(fake).commit(state)
    assert state.discount == 7


def test_rollback_gives_it_back():
    fake = FakeVoucherService(ABC=7)
    state = make_state("ABC")
    step = BasketVoucherStep(fake)
    step.commit(state)
    step.rollback(state)
    assert fake.redeemed == []
