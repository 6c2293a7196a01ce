"""The blueprint that the pages of playbooks share."""

from flask import Blueprint

blueprint = Blueprint("playbooks", __name__)
