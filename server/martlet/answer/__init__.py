"""The answer, and how it is made to fit."""

from martlet.answer.answer import Answer, DataState, MetricLine, Trust

__all__ = ["Answer", "DataState", "MetricLine", "Trust"]
