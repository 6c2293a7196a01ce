"""What brings files in and takes them out."""

from app.transfer.services.exporting import export_answers, export_health
from app.transfer.services.importing import ImportRefused, import_file
from app.transfer.services.options import Options

__all__ = ["ImportRefused", "Options", "export_answers", "export_health", "import_file"]
