"""Whether a factor of the health score tells renewals from losses, and what weights the outcomes suggest.

Throughout, an outcome is 1 where the account renewed and 0 where it was lost, and a high score is meant to be good. So
an AUC above .50 and a positive coefficient stand for a factor that points the declared way.
"""

from app.scoring.rules.validity.discrimination import (
    MINIMUM_PER_CLASS,
    auc,
    bootstrap_auc,
    mutual_information,
    point_biserial,
)
from app.scoring.rules.validity.logit import Logit, fit_logit, predict
from app.scoring.rules.validity.probabilities import ReliabilityBin, brier, brier_skill, reliability_curve
from app.scoring.rules.validity.verdicts import Verdict, factor_verdict, suggest_weights

__all__ = [
    "MINIMUM_PER_CLASS",
    "Logit",
    "ReliabilityBin",
    "Verdict",
    "auc",
    "bootstrap_auc",
    "brier",
    "brier_skill",
    "factor_verdict",
    "fit_logit",
    "mutual_information",
    "point_biserial",
    "predict",
    "reliability_curve",
    "suggest_weights",
]
