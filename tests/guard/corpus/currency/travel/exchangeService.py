from exchangelib import Account, CalendarItem, Credentials, DELEGATE


class ExchangeService:
    """Puts approved trips in the employee's Outlook calendar."""

    def __init__(self, user, password):
        self.credentials = Credentials(user, password)

    def addTrip(self, employee, start, end, place):
        account = Account(
            employee,
            credentials=self.credentials,
            autodiscover=True,
            access_type=DELEGATE,
        )
        item = CalendarItem(
            account=account,
            folder=account.calendar,
            start=start,
            end=end,
            subject="Trip to %s" % place,
        )
        item.save(send_meeting_invitations="SendToNone")
        return item.id


def approve(trip, fx, exchange):
    total = sum(fx.toHome(bill.amount, bill.currency, bill.day) for bill in trip.bills)
    exchange.addTrip(trip.employee, trip.start, trip.end, trip.place)
    return total
