"""Ways to collect, one file each; what a batch asks of them stands in `billing.collecting`."""
