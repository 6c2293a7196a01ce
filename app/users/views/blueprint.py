"""The blueprint that all pages about people share."""

from flask import Blueprint

blueprint = Blueprint("users", __name__)
