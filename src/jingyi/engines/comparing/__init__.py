"""Two pictures of one place: laid over each other, and what differs between them."""

from jingyi.engines.comparing.changes import compare
from jingyi.engines.comparing.result import Compared, NotComparable, Rule, rule

__all__ = ["Compared", "NotComparable", "Rule", "compare", "rule"]
