"""VCS, later PaySubs: a name from before, for terminals that still live. Nothing new is built on it."""
