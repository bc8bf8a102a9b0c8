from types import SimpleNamespace

from django.test import TestCase

from orders.dispatch import OrderShipping
from shipping.parts import CarrierRules
from tests.fakes import FakeDesk


class OrderShippingTest(TestCase):
    def test_weight_is_summed(self):
        desk = FakeDesk()
        lines = [
            SimpleNamespace(weight_g=200, quantity=2),
            SimpleNamespace(weight_g=100, quantity=1),
        ]
        order = SimpleNamespace(lines=SimpleNamespace(all=lambda: lines))
        OrderShipping(desk).send(order)
        self.assertEqual(desk.booked[0].weight_g, 500)

    def test_rules(self):
        rules = CarrierRules()
        self.assertEqual(rules.choose("DE", 500), "dhl")
        self.assertEqual(rules.choose("US", 500), "ups")
