"""Delivery of webhooks to the merchants' endpoints.

Everything that tells a merchant's server about something goes through
`WebhookDispatcher`: it signs, records, retries and, after a row of failures,
switches an endpoint off.
"""

import json
import logging

import requests
from django.db import transaction
from django.utils import timezone

from shop.hooks.backoff import RetrySchedule
from shop.hooks.base import EventSink
from shop.hooks.errors import DeliveryFailed
from shop.hooks.models import Delivery, Endpoint
from shop.hooks.signing import PayloadSigner

log = logging.getLogger(__name__)


class WebhookDispatcher(EventSink):
    max_failures = 20
    timeout = (3, 10)

    def __init__(self, session=None, signer=None, schedule=None):
        self.session = session or requests.Session()
        self.signer = signer or PayloadSigner()
        self.schedule = schedule or RetrySchedule()

    def publish(self, merchant, topic, payload):
        rows = []
        for endpoint in Endpoint.objects.filter(merchant=merchant, enabled=True):
            if endpoint.wants(topic):
                rows.append(Delivery(endpoint=endpoint, topic=topic, body=payload))
        Delivery.objects.bulk_create(rows)
        return rows

    def flush(self, limit=200):
        sent = 0
        with transaction.atomic():
            due = (
                Delivery.objects.select_for_update(skip_locked=True)
                .select_related("endpoint")
                .filter(status=Delivery.PENDING, due_at__lte=timezone.now())[:limit]
            )
            for delivery in due:
                sent += self.deliver(delivery)
        return sent

    def deliver(self, delivery):
        """Try once. True if the endpoint took it."""
        delivery.attempts += 1
        try:
            self._post(delivery)
        except DeliveryFailed as error:
            self._failed(delivery, error)
            return False
        delivery.status = Delivery.DONE
        delivery.last_error = ""
        delivery.save()
        Endpoint.objects.filter(pk=delivery.endpoint_id).update(failures_in_a_row=0)
        return True

    def redeliver(self, delivery_id):
        delivery = Delivery.objects.select_related("endpoint").get(pk=delivery_id)
        delivery.status = Delivery.PENDING
        return self.deliver(delivery)

    def ping(self, endpoint):
        delivery = Delivery.objects.create(
            endpoint=endpoint, topic="ping", body={"hello": "world"}
        )
        return self.deliver(delivery)

    def _post(self, delivery):
        endpoint = delivery.endpoint
        raw = json.dumps(
            {"id": str(delivery.pk), "topic": delivery.topic, "data": delivery.body},
            separators=(",", ":"),
        ).encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Shop-Hooks/3",
            self.signer.header: self.signer.sign(endpoint.secret, raw),
        }
        try:
            answer = self.session.post(
                endpoint.url,
                data=raw,
                headers=headers,
                timeout=self.timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise DeliveryFailed(endpoint.url, detail=str(error)) from error
        delivery.last_status_code = answer.status_code
        if not 200 <= answer.status_code < 300:
            raise DeliveryFailed(endpoint.url, answer.status_code, answer.text)

    def _failed(self, delivery, error):
        log.info("delivery %s failed: %s", delivery.pk, error)
        delivery.last_error = str(error)
        delay = (
            self.schedule.delay_after(delivery.attempts) if error.may_retry else None
        )
        if delay is None:
            delivery.status = Delivery.FAILED
        else:
            delivery.due_at = timezone.now() + delay
        delivery.save()
        endpoint = delivery.endpoint
        endpoint.failures_in_a_row += 1
        endpoint.save(update_fields=["failures_in_a_row"])
        if endpoint.failures_in_a_row >= self.max_failures:
            endpoint.disable()


class SandboxDispatcher(WebhookDispatcher):
    """For test shops: marks each body, and never switches an endpoint off."""

    max_failures = 10**9

    def publish(self, merchant, topic, payload):
        return super().publish(merchant, topic, dict(payload, livemode=False))
