"""How a raw message is read: what becomes of it, which ticket it is about, what of it is shown. Never raises."""
