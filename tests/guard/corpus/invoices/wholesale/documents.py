"""Paper for our wholesale customers (department B2B, Ms Okafor)."""

import json
import os
import subprocess
import tempfile
from datetime import date
from pathlib import Path

import jinja2

from wholesale.mailbox import exchange_account


class QuoteBuilder:
    """Collects the positions of an offer and works out the discount scale."""

    SCALE = [(10000, 0.15), (5000, 0.10), (1000, 0.05)]

    def __init__(self, customer):
        self.customer = customer
        self.positions = []

    def add(self, sku, quantity, price):
        self.positions.append({"sku": sku, "quantity": quantity, "price": price})
        return self

    def total(self):
        total = sum(p["quantity"] * p["price"] for p in self.positions)
        for threshold, discount in self.SCALE:
            if total >= threshold:
                return total * (1 - discount)
        return total


class InvoiceMaker:
    def __init__(self, root="/mnt/b2b/invoices"):
        self.root = Path(root)
        self.counter = self.root / "counter.json"
        self.env = jinja2.Environment(
            loader=jinja2.FileSystemLoader("wholesale/tex"),
            block_start_string="<%",
            block_end_string="%>",
            variable_start_string="<<",
            variable_end_string=">>",
        )

    def next_no(self):
        data = json.loads(self.counter.read_text()) if self.counter.exists() else {}
        year = str(date.today().year)
        data[year] = data.get(year, 0) + 1
        self.counter.write_text(json.dumps(data))
        return f"B2B/{year}/{data[year]:04d}"

    def make(self, customer, positions, reference=""):
        number = self.next_no()
        tex = self.env.get_template("invoice.tex").render(
            number=number,
            customer=customer,
            positions=positions,
            reference=reference,
            day=date.today(),
        )
        with tempfile.TemporaryDirectory() as folder:
            source = os.path.join(folder, "invoice.tex")
            with open(source, "w") as f:
                f.write(tex)
            subprocess.run(
                ["pdflatex", "-interaction=batchmode", source], cwd=folder, check=True
            )
            target = self.root / (number.replace("/", "-") + ".pdf")
            target.write_bytes(Path(folder, "invoice.pdf").read_bytes())
        return number, target

    def mail_out(self, customer, number, path):
        account = exchange_account("b2b@kontor.example")
        message = account.new_message(
            subject="Invoice " + number,
            to=[customer["email"]],
            body="Please find attached.",
        )
        message.attach(path.name, path.read_bytes())
        message.send()
