"""Tests of forgetting people."""
