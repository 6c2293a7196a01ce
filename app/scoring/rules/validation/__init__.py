"""Is the health score right? What outcomes say of each factor, which weights they suggest, and what the best reach."""

from app.scoring.rules.validation.factors import FLOOR, Factor, is_decidable, judged
from app.scoring.rules.validation.figures import Trial, validation_figures
from app.scoring.rules.validation.happy_path import HIGH_VOICE, happy_path

__all__ = ["FLOOR", "HIGH_VOICE", "Factor", "Trial", "happy_path", "is_decidable", "judged", "validation_figures"]
