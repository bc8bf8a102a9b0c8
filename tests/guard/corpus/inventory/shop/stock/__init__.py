from shop.stock.errors import OutOfStock, UnknownReservation

__all__ = ["OutOfStock", "UnknownReservation"]
