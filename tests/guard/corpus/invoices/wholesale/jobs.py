from wholesale.documents import InvoiceMaker, QuoteBuilder
from wholesale.models import AcceptedQuote


def invoice_accepted_quotes():
    maker = InvoiceMaker()
    for quote in AcceptedQuote.objects.filter(invoiced=False):
        builder = QuoteBuilder(quote.customer)
        for position in quote.positions.all():
            builder.add(position.sku, position.quantity, position.price)
        number, path = maker.make(
            {"name": quote.customer.name, "email": quote.customer.email},
            builder.positions,
            reference=quote.reference,
        )
        maker.mail_out({"email": quote.customer.email}, number, path)
        quote.invoiced = True
        quote.save()
