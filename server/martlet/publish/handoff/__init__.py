"""The Parquet hand-off: marts written by a team's own environment, read and verified here."""
