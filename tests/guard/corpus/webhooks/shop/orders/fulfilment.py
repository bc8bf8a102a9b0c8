from celery import shared_task

from shop.apps_store.events import AppEventPublisher
from shop.legacy.api_v1.callbacks import CallbackPoster
from shop.orders.signals import order_changed
from shop.utils.notify_url import notify


class JobDispatcher:
    """Hands the orders of the day to the pickers' queues, one queue a warehouse."""

    def __init__(self, app):
        self.app = app
        self.failed = []

    def publish(self, order):
        queue = "pick-%s" % order.warehouse.code
        try:
            self.app.send_task(
                "warehouse.pick", args=[order.pk], queue=queue, retry=True
            )
        except self.app.OperationalError as error:
            self.failed.append((order.pk, str(error)))

    def redeliver(self):
        waiting, self.failed = self.failed, []
        for pk, _ in waiting:
            self.app.send_task("warehouse.pick", args=[pk], queue="pick-late")
        return len(waiting)


@shared_task
def shipped(order):
    order_changed.send(sender=None, order=order, change="shipped")
    AppEventPublisher().emit("order.shipped", order.merchant, order.as_dict())
    if order.merchant.fulfilment_url:
        notify.fire(
            order.merchant.fulfilment_url,
            "shipped",
            order.as_dict(),
            order.merchant.fulfilment_key,
        )
    if order.merchant.v1_shop_id:
        CallbackPoster().post(order.merchant.v1_shop_id, "shipped", order.as_dict())
