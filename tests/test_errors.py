"""What the log keeps of an error."""

from __future__ import annotations

from martlet.errors import ServerError, trail


def test_the_trail_of_an_error_has_kinds_and_places_but_no_message() -> None:
    def read(cell: str) -> int:
        return int(cell)

    try:
        try:
            read("ada@example.com")
        except ValueError as inner:
            raise ServerError("server.internal", "Jane's answer broke.") from inner
    except ServerError as error:
        told = trail(error)
    assert "ada@" not in told and "Jane" not in told
    assert "ValueError at test_errors.py" in told and "in read" not in told and " read" in told


def test_the_trail_of_a_file_error_names_the_file() -> None:
    try:
        open("/no/such/file", encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        assert "/no/such/file" in trail(error)
