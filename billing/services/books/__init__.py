"""What goes to the books kept elsewhere: the connection, what is owed to them, and how it is sent."""
