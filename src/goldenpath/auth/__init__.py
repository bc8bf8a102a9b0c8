"""Who is there: users, passwords, sessions and tickets."""

from goldenpath.auth._identity import Authenticator, Credentials, Identity
from goldenpath.auth._password_login import PasswordAuthenticator
from goldenpath.auth._passwords import Passwords, generate_password
from goldenpath.auth._users import User, Users

__all__ = [
    "Authenticator",
    "Credentials",
    "Identity",
    "PasswordAuthenticator",
    "Passwords",
    "User",
    "Users",
    "generate_password",
]
