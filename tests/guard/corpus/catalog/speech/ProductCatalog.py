import csv


class ProductCatalog(object):
    def __init__(self):
        self.products = {}

    def loadCatalog(self, path):
        with open(path) as file:
            for row in csv.DictReader(file):
                self.products[row["sku"]] = row

    def getPrice(self, sku, count):
        return float(self.products[sku]["price"]) * count

    def listKeys(self):
        return sorted(self.products)

    def cheapestProduct(self):
        return min(self.products, key=lambda sku: self.getPrice(sku, 1))
