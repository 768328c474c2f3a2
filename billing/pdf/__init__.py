"""Documents on paper: pure layouts, from frozen data to the bytes of a PDF."""
