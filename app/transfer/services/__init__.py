"""What brings files in and takes them out."""

from app.transfer.services.exporting import export_answers, export_crm, export_health
from app.transfer.services.importing import ImportRefused, import_file
from app.transfer.services.options import Options
from app.transfer.services.responses import export_codebook, export_responses

__all__ = [
    "ImportRefused",
    "Options",
    "export_answers",
    "export_codebook",
    "export_crm",
    "export_health",
    "export_responses",
    "import_file",
]
