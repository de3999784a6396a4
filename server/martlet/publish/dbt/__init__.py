"""dbt as a source of marts: run as a process, read from its artifacts, never imported."""

from martlet.publish.dbt.events import DbtEvent
from martlet.publish.dbt.run import DbtRun, last_run, run_dbt
from martlet.publish.dbt.source import source_from_dbt

__all__ = ["DbtEvent", "DbtRun", "last_run", "run_dbt", "source_from_dbt"]
