"""The helpdesk's pages in the customers' portal."""
