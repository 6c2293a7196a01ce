"""Which passwords are refused, and the sentence that says what to do instead."""

import unicodedata
from itertools import pairwise

SHORTEST = 12
LONGEST = 128
FEWEST_DIFFERENT = 5
SHORTEST_NAME_PART = 4
SHORTEST_REST = 8

COMMON = frozenset(
    {
        "abcabcabcabc", "abcdefghijkl", "abcdefghijklm", "adminadmin", "administrator", "administratoradmin",
        "asdfasdfasdf", "asdfghjkl", "asdfghjklqwerty", "baseball", "batteryhorse", "changeit", "changeme",
        "changemechangeme", "changemenow", "changemeplease", "christmas", "correcthorse", "customer",
        "customersuccess", "default", "defaultpassword", "dragondragon", "footballfootball", "guestguest",
        "helloworld", "iloveyou", "iloveyouiloveyou", "letmein", "letmeinletmein", "letmeinnow", "letmeinplease",
        "login", "loginlogin", "master", "masterpassword", "monkey", "mypassword", "parallax", "parallaxparallax",
        "parallaxpassword", "passphrase", "passw0rd", "password", "passwordpassword", "princess", "qazwsxedcrfv",
        "qwertyqwerty", "qwertyuiop", "qwertyuiopasdf", "sample", "samplepassword", "secret", "secretpassword",
        "secretsecret", "starwars", "summer", "sunshine", "superman", "superuser", "supersecret", "temporary",
        "testtest", "testtesttest", "thisismypassword", "trustnoone", "welcome", "welcomewelcome", "winter",
        "yourpassword",
    }
)  # fmt: skip


def normalised(password: str) -> str:
    """Return the password in the one spelling (NFKD) in which it is hashed, whatever the keyboard sent."""
    return unicodedata.normalize("NFKD", password)


def password_problem(password: str, *, email: str) -> str | None:
    """Return why a password is refused, as a sentence that says what to do, or None where it may be used.

    Length is counted in characters as typed. A common password stays common with digits and signs around it.
    """
    plain = password.casefold()
    if not SHORTEST <= len(password) <= LONGEST:
        return f"Use a password of {SHORTEST} to {LONGEST} characters; a few words in a row are easy to remember."
    if len(set(plain)) < FEWEST_DIFFERENT:
        return f"Use at least {FEWEST_DIFFERENT} different characters."
    if plain in COMMON or "".join(filter(str.isalpha, plain)) in COMMON or is_sequence(plain):
        return "This password is among the first that attackers try. Choose another, such as a few unrelated words."
    if len(without_address(plain, email)) < SHORTEST_REST:
        return "Do not build your password from your e-mail address."
    return None


def is_sequence(text: str) -> bool:
    """Tell whether every character follows the one before it by the same step, round from 9 to 0."""
    if text.isdecimal():
        steps = {(int(after) - int(before)) % 10 for before, after in pairwise(text)}
    else:
        steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return len(steps) == 1


def without_address(plain: str, email: str) -> str:
    """Return the letters and digits that are left of a password without the words of its owner's address."""
    for word in sorted(address_parts(email), key=len, reverse=True):
        plain = plain.replace(word, "")
    return "".join(filter(str.isalnum, plain))


def address_parts(email: str) -> list[str]:
    """Return the words of an e-mail address that its owner's password is not built from."""
    local, _, domain = email.casefold().partition("@")
    words = [local, *local.replace("-", ".").replace("_", ".").replace("+", ".").split("."), *domain.split(".")[:-1]]
    return [word for word in words if len(word) >= SHORTEST_NAME_PART]
