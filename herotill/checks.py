"""What `manage.py check` refuses, beyond Django's own checks."""
