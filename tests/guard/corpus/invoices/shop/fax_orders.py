from billing.legacy.rechnung import RechnungsDruck
from utils.quickbill import QuickBill


def book_fax_order(order):
    kunde = {
        "id": order.customer_id,
        "name": order.customer.name,
        "email": order.customer.email,
    }
    positionen = [
        {"menge": i.quantity, "text": i.title, "preis": i.price}
        for i in order.items.all()
    ]
    return RechnungsDruck().erstelle(kunde, positionen)


def book_workshop(participant, price):
    return QuickBill().bill(participant.name, participant.email, [("Workshop", price)])
