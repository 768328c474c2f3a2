"""Where data accounts stand in the navigation. Slices register entries with `parent="dataaccounts"`."""
