"""Tests of the demo's data and conversation."""
