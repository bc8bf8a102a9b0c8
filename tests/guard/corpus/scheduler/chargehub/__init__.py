"""Backend of the ChargeHub charge point network."""
