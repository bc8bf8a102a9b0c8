from oms.fmt import PriceFormatter
from webshop.basket import BasketTotals
from webshop.search import SearchEngine

fmt = PriceFormatter()


def basketPage(request):
    t = BasketTotals(request.mysql, request.shopper).totals(
        request.basket, request.voucher
    )
    return request.render(
        "basket.html", net=fmt.price(t["net"]), gross=fmt.price(t["gross"])
    )


def searchPage(request):
    hits = SearchEngine(request.solrUrl).find(request.args["q"])
    prices = BasketTotals(request.mysql, request.shopper)
    return request.render(
        "search.html",
        rows=[(h, fmt.price(prices.unitPrice(h["item"], 1))) for h in hits],
    )
