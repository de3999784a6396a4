"""The one time zone of a sandbox, in place of a library of all of them.

DuckDB's client asks `pytz` for the session's zone when it gives a moment with a zone. The session
is locked to UTC, and by then a sandbox can open no module any more.
"""

from __future__ import annotations

import datetime
import sys
from types import ModuleType

NO_TIME = datetime.timedelta(0)


class Utc(datetime.tzinfo):
    """UTC with the one method that `pytz` adds to a zone."""

    def localize(self, moment: datetime.datetime) -> datetime.datetime:
        return moment.replace(tzinfo=self)

    def utcoffset(self, moment: datetime.datetime | None) -> datetime.timedelta:
        return NO_TIME

    def dst(self, moment: datetime.datetime | None) -> datetime.timedelta:
        return NO_TIME

    def tzname(self, moment: datetime.datetime | None) -> str:
        return "UTC"


def stand_in() -> None:
    """Lets `import pytz` give what this process needs of it."""
    module, utc = ModuleType("pytz"), Utc()
    module.__dict__.update(timezone=lambda name: utc, utc=utc)
    sys.modules["pytz"] = module
