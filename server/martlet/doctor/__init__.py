"""What `martlet doctor` looks at: this machine, the home, dbt, the published build, a query."""

from martlet.doctor.examine import LOOKS, examine
from martlet.doctor.finding import Finding

__all__ = ["LOOKS", "Finding", "examine"]
