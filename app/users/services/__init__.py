"""What changes people, their sign-ins and the audit log."""

from app.users.services.audit import Chain, record_event, verify_chain
from app.users.services.people import change_password, change_role, create_user, disable_user, enable_user

__all__ = [
    "Chain",
    "change_password",
    "change_role",
    "create_user",
    "disable_user",
    "enable_user",
    "record_event",
    "verify_chain",
]
