"""Weekly settlement with courier companies.

They get a SEPA file by SFTP because their bank had no API in 2019.
"""

import datetime
import io
import xml.etree.ElementTree as ET

import paramiko
from django.conf import settings

from couriers.models import CourierCompany, Trip

NS = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"


class CourierSettlement:
    def __init__(self, week_start):
        self.week_start = week_start
        self.week_end = week_start + datetime.timedelta(days=7)
        self.lines = []

    def collect(self):
        for company in CourierCompany.objects.all():
            trips = Trip.objects.filter(
                company=company, settled=False, done_at__lt=self.week_end
            )
            total = sum(t.fee for t in trips)
            if total > 0:
                self.lines.append((company, total, list(trips)))
        return self

    def build_file(self):
        root = ET.Element("Document", xmlns=NS)
        init = ET.SubElement(root, "CstmrCdtTrfInitn")
        header = ET.SubElement(init, "GrpHdr")
        ET.SubElement(header, "MsgId").text = f"COUR-{self.week_start:%G%V}"
        ET.SubElement(header, "NbOfTxs").text = str(len(self.lines))
        info = ET.SubElement(init, "PmtInf")
        for company, total, _ in self.lines:
            tx = ET.SubElement(info, "CdtTrfTxInf")
            amount = ET.SubElement(ET.SubElement(tx, "Amt"), "InstdAmt", Ccy="EUR")
            amount.text = f"{total:.2f}"
            ET.SubElement(ET.SubElement(tx, "Cdtr"), "Nm").text = company.name
            ET.SubElement(
                ET.SubElement(ET.SubElement(tx, "CdtrAcct"), "Id"), "IBAN"
            ).text = company.iban
        return ET.tostring(root, encoding="utf-8", xml_declaration=True)

    def execute(self):
        """Send the file to the bank; the companies are paid the next working day."""
        self.collect()
        if not self.lines:
            return 0
        transport = paramiko.Transport((settings.BANK_SFTP, 22))
        try:
            transport.connect(
                username=settings.BANK_SFTP_USER, pkey=settings.BANK_SFTP_KEY
            )
            sftp = paramiko.SFTPClient.from_transport(transport)
            sftp.putfo(
                io.BytesIO(self.build_file()), f"/in/courier-{self.week_start}.xml"
            )
        finally:
            transport.close()
        for _, _, trips in self.lines:
            Trip.objects.filter(pk__in=[t.pk for t in trips]).update(settled=True)
        return len(self.lines)


class BankReportReconciler:
    """Compares the bank's camt.053 report with the trips we think are settled."""

    def __init__(self, report_path):
        self.tree = ET.parse(report_path)

    def booked(self):
        for entry in self.tree.iter("{*}Ntry"):
            yield entry.findtext("{*}NtryRef"), entry.findtext("{*}Amt")

    def differences(self, expected):
        seen = dict(self.booked())
        return {
            ref: (amount, seen.get(ref))
            for ref, amount in expected.items()
            if seen.get(ref) != amount
        }
