from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session


@dataclass
class Product:
    id: int
    name: str


class ProductRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def find_by_id(self, key: int) -> Product | None:
        return self.session.get(Product, key)

    def save(self, product: Product) -> Product:
        self.session.add(product)
        self.session.flush()
        return product

    def delete_by_id(self, key: int) -> None:
        self.session.delete(self.find_by_id(key))

    def find_named(self, name: str) -> list[Product]:
        return list(self.session.scalars(select(Product).where(Product.name == name)))
