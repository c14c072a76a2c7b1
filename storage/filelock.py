"""One process per database file, by a lock the kernel lets go of even after kill -9."""

import fcntl
import os
from pathlib import Path

from storage.errors import InUse, by_errno


class FileLock:
    """Holds `<file>.lock`. Nothing is written into it."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + ".lock")
        self._fd: int | None = None

    def acquire(self) -> None:
        """Raises InUse, or why the folder takes no files. Does nothing when held already."""
        if self._fd is not None:
            return
        try:
            fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise by_errno(error) from None
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(fd)
            raise InUse from None
        self._fd = fd

    def release(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
