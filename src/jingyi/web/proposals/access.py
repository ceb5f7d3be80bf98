"""Which side somebody is on: the procuratorate, a committee's office, or who proposed."""

from django.http import Http404

from jingyi.web.accounts.models import User
from jingyi.web.proposals.models import Item, JointPaper, Session
from jingyi.web.registry.access import may
from jingyi.web.registry.queries import posts_of, seats_for

ROLES = {"npc": "npc-office", "cppcc": "cppcc-office"}


def side_of(user: User, session: Session) -> str:
    """Return the side on which `user` reads the items of a session; "" for none."""
    if may(user, "proposals.read", session.office):
        return "office"
    if seats_for(user, "proposals.read").filter(pk=session.organ_id).exists():
        return "committee"
    return ""


def side_on(user: User, item: Item) -> str:
    """Return the side on which `user` reads an item: proposers only their own."""
    side = side_of(user, item.session)
    if not side and item.proposers.filter(user=user).exists():
        return "proposer"
    return side


def require_side(user: User, item: Item, side: str, act: str) -> None:
    """Raise 404 unless `user` acts on that side of an item: actions call it before they write."""
    allowed = {
        "office": may(user, act, item.session.office),
        "committee": seats_for(user, act).filter(pk=item.session.organ_id).exists(),
        "proposer": item.proposers.filter(user=user).exists(),
    }
    if not allowed[side]:
        raise Http404


def countersides(user: User, paper: JointPaper) -> set[str]:
    """Return the sides for which `user` may sign a joint paper."""
    found = {"office"} if may(user, "proposals.sign", paper.office) else set()
    for post in posts_of(user):
        for side, role in ROLES.items():
            if post.role == role and post.organ and post.organ.region_id == paper.office.region_id:
                found.add(side)
    return found
