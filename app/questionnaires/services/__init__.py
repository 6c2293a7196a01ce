"""The writers of questionnaires: publishing, and XLSForm in and out."""

from app.questionnaires.services.publishing import publish_built_ins, publish_questionnaire, ready_version
from app.questionnaires.services.xlsforms import XLSFormRefused, read_xlsform, write_xlsform

__all__ = [
    "XLSFormRefused",
    "publish_built_ins",
    "publish_questionnaire",
    "read_xlsform",
    "ready_version",
    "write_xlsform",
]
