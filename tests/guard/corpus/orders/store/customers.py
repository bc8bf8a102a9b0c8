from dataclasses import dataclass

from sqlalchemy import select

from store.base import Repository


@dataclass
class Customer:
    id: int
    email: str


class CustomerRepository(Repository[Customer]):
    model = Customer

    def find_by_email(self, email: str) -> Customer | None:
        return self.session.scalar(select(Customer).where(Customer.email == email))

    def save(self, customer: Customer) -> Customer:
        customer.email = customer.email.lower()
        return super().save(customer)

    def find_open(self, limit: int = 50) -> list[Customer]:
        return list(self.session.scalars(select(Customer).limit(limit)))
