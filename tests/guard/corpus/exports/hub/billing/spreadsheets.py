from __future__ import annotations

import datetime
import io
import logging

import boto3
import xlsxwriter

from hub.legacy.db import query

logger = logging.getLogger(__name__)


class SpreadsheetService:
    """Turns billing tables into Excel files, and gives the accountants a link to each.

    >>> SpreadsheetService().publish("March", ["no", "net"], [[1, 9.5]])
    'https://...'
    """

    BUCKET = "hub-billing-spreadsheets"
    LINK_SECONDS = 48 * 3600

    def __init__(self, s3=None):
        self.s3 = s3 or boto3.client("s3")

    def _workbook(self, title, columns, rows):
        buffer = io.BytesIO()
        book = xlsxwriter.Workbook(buffer, {"in_memory": True})
        sheet = book.add_worksheet(title)
        bold = book.add_format({"bold": True, "bottom": 1})
        money = book.add_format({"num_format": "#,##0.00"})
        sheet.write_row(0, 0, columns, bold)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, float):
                    sheet.write_number(number, column, value, money)
                else:
                    sheet.write(number, column, value)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        book.close()
        return buffer.getvalue()

    def publish(self, title, columns, rows):
        key = f"{datetime.date.today():%Y/%m}/{title}.xlsx"
        self.s3.put_object(
            Bucket=self.BUCKET, Key=key, Body=self._workbook(title, columns, rows)
        )
        logger.info("%d rows in s3://%s/%s", len(rows), self.BUCKET, key)
        return self.link(key)

    def link(self, key):
        return self.s3.generate_presigned_url(
            "get_object",
            Params={"Bucket": self.BUCKET, "Key": key},
            ExpiresIn=self.LINK_SECONDS,
        )

    def unpublish(self, key):
        self.s3.delete_object(Bucket=self.BUCKET, Key=key)


def month_end(month):
    columns, rows = query(
        "SELECT no, customer, net, vat FROM invoices WHERE month = ?", [month]
    )
    return SpreadsheetService().publish(f"invoices {month}", columns, rows)
