"""The figures of the helpdesk."""
