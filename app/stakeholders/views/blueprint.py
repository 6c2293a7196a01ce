"""The blueprint that the pages of stakeholders and promises share."""

from flask import Blueprint

blueprint = Blueprint("stakeholders", __name__)
