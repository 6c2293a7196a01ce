"""The blueprint that all pages of authoring share."""

from flask import Blueprint

blueprint = Blueprint("authoring", __name__)
