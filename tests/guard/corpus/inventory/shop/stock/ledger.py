"""Stock levels and reservations.

All code that wants to know how many of something there are, or wants to put
some aside, comes here. Rows are locked with SELECT ... FOR UPDATE, so that two
checkouts cannot promise the same unit.
"""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shop.stock.base import Inventory
from shop.stock.errors import OutOfStock, UnknownReservation
from shop.stock.models import Movement, Reservation, StockItem


class MovementJournal:
    """Writes the movement rows of one ledger, one for each change."""

    def __init__(self, site):
        self.site = site

    def write(self, sku, delta, reason):
        Movement.objects.create(sku=sku, site=self.site, delta=delta, reason=reason)

    def since(self, moment):
        return Movement.objects.filter(site=self.site, created_at__gte=moment)


class StockLedger(Inventory):
    def __init__(self, site="MAIN"):
        self.site = site
        self.journal = MovementJournal(site)

    def _lock(self, sku):
        item, _ = StockItem.objects.select_for_update().get_or_create(
            sku=sku, site=self.site
        )
        return item

    def on_hand(self, sku):
        item = StockItem.objects.filter(sku=sku, site=self.site).first()
        return item.on_hand if item else 0

    def available(self, sku):
        item = StockItem.objects.filter(sku=sku, site=self.site).first()
        return item.on_hand - item.reserved if item else 0

    @transaction.atomic
    def receive(self, sku, quantity, reason="delivery"):
        item = self._lock(sku)
        item.on_hand = F("on_hand") + quantity
        item.save(update_fields=["on_hand"])
        self.journal.write(sku, quantity, reason)

    @transaction.atomic
    def correct(self, sku, counted):
        """Set the level after a count of the shelf."""
        item = self._lock(sku)
        delta = counted - item.on_hand
        item.on_hand = counted
        item.save(update_fields=["on_hand"])
        self.journal.write(sku, delta, "count")
        return delta

    @transaction.atomic
    def reserve(self, sku, quantity, minutes=15):
        item = self._lock(sku)
        free = item.on_hand - item.reserved
        if free < quantity:
            raise OutOfStock(sku, quantity, free)
        item.reserved += quantity
        item.save(update_fields=["reserved"])
        reservation = Reservation.objects.create(
            token=uuid.uuid4(),
            sku=sku,
            site=self.site,
            quantity=quantity,
            expires_at=timezone.now() + timedelta(minutes=minutes),
        )
        return reservation.token

    def _open(self, token):
        try:
            return Reservation.objects.select_for_update().get(
                token=token, state=Reservation.OPEN
            )
        except Reservation.DoesNotExist:
            raise UnknownReservation(token)

    @transaction.atomic
    def release(self, token):
        reservation = self._open(token)
        item = self._lock(reservation.sku)
        item.reserved -= reservation.quantity
        item.save(update_fields=["reserved"])
        reservation.state = Reservation.RELEASED
        reservation.save(update_fields=["state"])

    @transaction.atomic
    def commit(self, token):
        reservation = self._open(token)
        item = self._lock(reservation.sku)
        item.on_hand -= reservation.quantity
        item.reserved -= reservation.quantity
        item.save(update_fields=["on_hand", "reserved"])
        reservation.state = Reservation.COMMITTED
        reservation.save(update_fields=["state"])
        self.journal.write(reservation.sku, -reservation.quantity, "sale")

    def expire(self):
        stale = Reservation.objects.filter(
            site=self.site, state=Reservation.OPEN, expires_at__lte=timezone.now()
        )
        tokens = list(stale.values_list("token", flat=True))
        for token in tokens:
            self.release(token)
        return len(tokens)
