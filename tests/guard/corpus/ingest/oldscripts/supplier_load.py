#!/usr/bin/env python
# cron: 15 2 * * *   (bosal, hella, sachs; the others are in feed_source now)
import ftplib
import os
import sys

import MySQLdb


class SupplierLoader:
    def __init__(self, host, user, passwd, dir="/var/spool/suppliers"):
        self.host = host
        self.user = user
        self.passwd = passwd
        self.dir = dir
        self.conn = MySQLdb.connect(db="parts")

    def getFile(self, name):
        local = os.path.join(self.dir, name)
        ftp = ftplib.FTP(self.host)
        ftp.login(self.user, self.passwd)
        f = open(local, "wb")
        ftp.retrbinary("RETR " + name, f.write)
        f.close()
        ftp.quit()
        return local

    def load(self, supplier, name):
        c = self.conn.cursor()
        n = 0
        for line in open(self.getFile(name), encoding="cp1252"):
            f = line.rstrip("\r\n").split("\t")
            if len(f) < 3:
                continue
            c.execute(
                "REPLACE INTO part (supplier_id, part_no, title, price) VALUES (%s, %s, %s, %s)",
                (supplier, f[0], f[1], f[2].replace(",", ".")),
            )
            n = n + 1
        self.conn.commit()
        return n


if __name__ == "__main__":
    loader = SupplierLoader("ftp.bosal.example", "kd4411", sys.argv[1])
    print(loader.load(17, "ARTIKEL.TXT"))
