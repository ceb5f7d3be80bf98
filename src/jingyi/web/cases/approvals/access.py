"""Who may act on one case: the post allows it, no recusal took them off, no seal keeps them out."""

from django.http import Http404

from jingyi.web.accounts.models import User
from jingyi.web.cases.approvals.queries import is_out
from jingyi.web.cases.models import Case
from jingyi.web.registry.access import may, require


def may_on(user: User, act: str, case: Case) -> bool:
    """Tell whether `user` may do `act` on this very case."""
    return may(user, act, case.office) and not is_out(user, case)


def require_on(user: User, act: str, case: Case) -> None:
    """Raise 404 unless `user` may do `act` on the case: actions call it before they write."""
    require(user, act, case.office)
    if is_out(user, case):
        raise Http404
