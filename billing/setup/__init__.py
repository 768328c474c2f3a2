"""What billing keeps in Setup; `billing.wiring` imports its modules."""
