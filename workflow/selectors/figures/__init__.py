"""The figures of sales: how far leads come, who sells, what waits, how busy technicians are."""
