"""What brings files in and takes them out."""

from app.transfer.services.exporting import export_answers, export_crm, export_health
from app.transfer.services.importing import ImportRefused, import_file
from app.transfer.services.options import Options
from app.transfer.services.responses import export_codebook, export_responses
from app.transfer.services.scores import export_gaps, export_scores

__all__ = [
    "ImportRefused",
    "Options",
    "export_answers",
    "export_codebook",
    "export_crm",
    "export_gaps",
    "export_health",
    "export_responses",
    "export_scores",
    "import_file",
]
