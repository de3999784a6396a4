"""Tests of the catalog: loading, checking, binding and searching it."""
