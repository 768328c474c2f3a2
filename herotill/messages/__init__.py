"""What the house says to people, by mail and SMS.

Whoever has something to say declares a template (`templates`) and writes a message in the transaction that
causes it (`services.outbox.queue`, `queue_many`, `queue_select`). Jobs send it afterwards.
"""
