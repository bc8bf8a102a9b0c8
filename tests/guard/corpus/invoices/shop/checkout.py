from django.db import transaction
from django.shortcuts import redirect, render

from billing.invoicing.errors import InvoicingError
from billing.invoicing.wiring import IssuerFactory
from billing.models import Customer, Invoice, InvoiceLine
from shop.cart import Cart


class CheckoutInvoicing:
    """Lets the checkout speak of carts: turns a cart into a draft and hands it to the issuer."""

    def __init__(self, issuer):
        self.issuer = issuer

    @transaction.atomic
    def bill_cart(self, cart, customer):
        invoice = Invoice.objects.create(customer=customer)
        for item in cart:
            InvoiceLine.objects.create(
                invoice=invoice,
                text=item.product.title,
                quantity=item.quantity,
                unit_price=item.product.price,
            )
        self.issuer.issue(invoice)
        self.issuer.send(invoice)
        return invoice.number


def confirm(request):
    cart = Cart.from_session(request.session)
    customer = Customer.objects.get(user=request.user)
    billing = CheckoutInvoicing(IssuerFactory().for_customer(customer))
    try:
        number = billing.bill_cart(cart, customer)
    except InvoicingError as error:
        return render(request, "shop/confirm.html", {"error": error}, status=409)
    cart.clear()
    return redirect("shop:thanks", number=number)
