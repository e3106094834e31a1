"""What the server refused, or could not answer."""


class AseError(Exception):
    """Holds neither the key nor a token nor what was sent. Branch on `code`, which is stable."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        status: int | None = None,
        pointer: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.status = status
        """The HTTP status; None where no answer came."""
        self.pointer = pointer
        """JSON pointer of the field that was wrong."""
        self.request_id = request_id
        """Name it when you ask for help."""
