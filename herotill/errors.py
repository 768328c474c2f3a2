"""The two kinds of trouble a service may raise on purpose."""


class DomainError(Exception):
    """A business no. Its text is a sentence that can be read to a person.

    `field` names the form field it belongs to, where there is one.
    """

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class IntegrationError(Exception):
    """Another system did not answer, or answered no. `retry` says whether asking again can help."""

    def __init__(self, sentence: str, *, retry: bool = True) -> None:
        super().__init__(sentence)
        self.retry = retry
