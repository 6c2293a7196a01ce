"""The blueprint that all pages of interviews share."""

from flask import Blueprint

blueprint = Blueprint("interviews", __name__)
