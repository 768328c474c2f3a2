"""What customers see of ourselves on their side."""
