from django.db import transaction

from orders.models import Parcel
from orders.utils.notify import OrderNotificationService


class ParcelDispatcher:
    """Hands packed parcels to the carrier that the customer chose."""

    def __init__(self, carriers):
        self.carriers = {carrier.name: carrier for carrier in carriers}

    def carriers_for(self, customer):
        chosen = customer.carrier_choices.values_list("carrier", flat=True)
        return [self.carriers[name] for name in chosen if name in self.carriers]

    @transaction.atomic
    def dispatch(self, order):
        carrier = self.carriers_for(order.customer)[0]
        label = carrier.buy_label(order.address, order.weight)
        parcel = Parcel.objects.create(
            order=order, carrier=carrier.name, tracking=label.tracking
        )
        order.status = "shipped"
        order.save(update_fields=["status"])
        OrderNotificationService().send_notification(order.customer, "shipped", order)
        return parcel

    def dispatch_many(self, orders):
        return [self.dispatch(order) for order in orders]
