"""Paper: what every printed document of every app is made of, on reportlab."""
