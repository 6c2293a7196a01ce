"""The blueprint that all pages of health share."""

from flask import Blueprint

blueprint = Blueprint("health", __name__)
