from celery import shared_task

from affiliates.services.commissions import CommissionPayer


@shared_task
def pay_commissions():
    payments = CommissionPayer().run_month()
    return len(payments)
