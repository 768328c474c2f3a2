"""What billing adds to the shell and to screens of others."""
