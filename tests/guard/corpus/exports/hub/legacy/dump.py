import csv
import os
import time

from hub.legacy.db import query

DUMPDIR = "/var/www/html/dumps"


class Dumper:
    # used by the old intranet, see dump_orders() etc. below

    def __init__(self, dir=DUMPDIR):
        self.dir = dir

    def dump(self, title, header, rows):
        fn = "%s_%s.csv" % (title, time.strftime("%Y%m%d%H%M%S"))
        f = open(os.path.join(self.dir, fn), "w")
        w = csv.writer(f, delimiter=";")
        w.writerow(header)
        for row in rows:
            w.writerow(["" if v is None else v for v in row])
        f.close()
        return "http://intranet/dumps/" + fn

    def cleanup(self, days=30):
        for fn in os.listdir(self.dir):
            p = os.path.join(self.dir, fn)
            if os.path.getmtime(p) < time.time() - days * 86400:
                os.unlink(p)


def dump_orders():
    header, rows = query("SELECT * FROM orders")
    return Dumper().dump("orders", header, rows)


def dump_customers():
    header, rows = query("SELECT id, name, city FROM customers")
    return Dumper().dump("customers", header, rows)
