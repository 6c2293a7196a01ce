"""The blueprint that the pages of the ledger share."""

from flask import Blueprint

blueprint = Blueprint("ledger", __name__)
