"""The audit log: who asked what, written before the answer leaves, without anybody's values."""

from martlet.audit.entry import Decision, Entry
from martlet.audit.log import AuditLog
from martlet.audit.read import History, read_back
from martlet.audit.show import show
from martlet.audit.vocabulary import Vocabulary, make_vocabulary

__all__ = [
    "AuditLog",
    "Decision",
    "Entry",
    "History",
    "Vocabulary",
    "make_vocabulary",
    "read_back",
    "show",
]
