"""Who looks or acts: a frozen value that every query and use-case takes as an argument."""

from dataclasses import dataclass, field

from app.security.permission_map import PERMISSION_MAP, scopes
from app.security.permissions import Permission, Scope
from app.vocabulary import Role

BEFORE_FACTOR = frozenset(
    {Permission.SEE_PUBLIC, Permission.USE_LINK, Permission.SIGN_OUT, Permission.OWN_FACTOR}
)


@dataclass(frozen=True)
class Viewer:
    """A person with the roles held at this moment, or an anonymous visitor (`person_id` None).

    `networks` are those of a coordinator, `organisations` those of a contact with an account. An empty set
    reaches nothing: a deleted or missing network denies, it does not widen. Who owes a second factor may set it up,
    and nothing else that a stranger may not.
    """

    person_id: int | None = None
    name: str = ""
    locale: str | None = None
    roles: frozenset[Role] = frozenset()
    networks: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    organisations: frozenset[int] = frozenset()
    buddy_id: int | None = None
    newcomer_id: int | None = None
    sign_in_id: int | None = field(default=None, compare=False)
    owes_factor: bool = False

    @property
    def signed_in(self) -> bool:
        return self.person_id is not None

    def can(self, permission: Permission | str) -> bool:
        """Whether any role gives that permission, however far it reaches."""
        return bool(self.scopes(permission))

    def scopes(self, permission: Permission | str) -> frozenset[Scope]:
        """How far the permission reaches for this person; empty = denied."""
        if self.owes_factor and permission not in BEFORE_FACTOR:
            return frozenset()
        return scopes(self.roles, Permission(permission))

    def role_for(self, permission: Permission) -> Role | None:
        """The role in which this person uses the permission, for the record; the widest first."""
        return next(
            (role for role in Role if role in self.roles and role in PERMISSION_MAP[permission]), None
        )


ANONYMOUS = Viewer()
