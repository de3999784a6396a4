"""Where a hand-off lies: a folder, read in place, or a prefix in an S3-compatible store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from martlet.errors import BuildFailed
from martlet.publish.files import disk_errors
from martlet.publish.handoff.index import refused
from martlet.publish.staging import working_folder

if TYPE_CHECKING:
    from typing_extensions import Buffer

_S3 = "s3://"


class Place(Protocol):
    """Files by name."""

    def file(self, name: str) -> Path:
        """A file on this machine. Raises: BuildFailed `build.source`."""


class Folder:
    """A folder on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    def file(self, name: str) -> Path:
        found = self.folder / name
        if not found.is_file():
            raise refused(name, f"is missing from {self.folder.name}")
        return found


class S3:
    """A prefix of a bucket; each file is brought into a folder of ours before it is verified.

    Credentials and endpoint are those of the environment: AWS_ACCESS_KEY_ID, AWS_REGION,
    AWS_ENDPOINT_URL and their like, a container's or an instance's role.
    """

    def __init__(self, url: str, folder: Path) -> None:
        try:
            from obstore.store import S3Store
        except ImportError as error:
            raise BuildFailed(
                "build.source",
                "Reading from s3:// needs the package obstore.",
                next_step="Install `martlet[s3]`.",
            ) from error
        self.store = S3Store.from_url(url.rstrip("/"))
        self.folder = folder

    def file(self, name: str) -> Path:
        target = self.folder / name
        with disk_errors(), target.open("wb") as stream:
            for chunk in self._chunks(name):
                stream.write(chunk)
        return target

    def _chunks(self, name: str) -> Iterator[Buffer]:
        import obstore
        from obstore.exceptions import BaseError

        try:
            yield from obstore.get(self.store, name).stream()
        except FileNotFoundError as error:
            raise refused(name, "is missing from the store") from error
        except (BaseError, PermissionError) as error:
            reason = str(error).strip().split("\n", 1)[0].partition(": <?xml")[0]
            raise refused(name, f"cannot be fetched: {reason}") from error


@contextmanager
def opened_place(where: str, home: Path) -> Iterator[tuple[Place, Path]]:
    """The place and an empty folder in the home for what reading it needs; that goes at the end.

    Raises: BuildFailed `build.source`, `build.disk`.
    """
    with working_folder(home) as work:
        yield (S3(where, work) if where.startswith(_S3) else Folder(Path(where))), work
