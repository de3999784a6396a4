"""What the catalog says, held against a build: `check_catalog` and its list of checks."""

from martlet.catalog.checks.run import CHECKS, check_catalog

__all__ = ["CHECKS", "check_catalog"]
