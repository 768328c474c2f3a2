"""Usage from elsewhere: readers of other systems' accounting, one module for each kind of source."""
