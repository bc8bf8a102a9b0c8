import logging

from celery import shared_task
from django.contrib.auth import get_user_model

from billing.legacy.memberships import MembershipManager
from billing.services.factory import subscription_service

log = logging.getLogger(__name__)


@shared_task
def renew_subscriptions():
    renewed = subscription_service().renew_due()
    log.info("%d subscriptions renewed", renewed)


@shared_task
def import_gym_members(rows):
    members = MembershipManager()
    for member_id, sku, left in rows:
        if left:
            members.stop(member_id)
        elif not members.is_member(member_id):
            members.add(member_id, sku)


@shared_task
def close_account(user_id):
    user = get_user_model().objects.get(pk=user_id)
    service = subscription_service()
    if service.current(user):
        service.cancel(user, at_period_end=False, actor="close_account")
