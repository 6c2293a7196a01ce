"""Who is known at each account, how much it takes part, and what its people say: the bubbles of the portfolio."""

import numpy as np

from app.scoring import queries
from app.scoring.rules.analyses.footprint import engagement, sentiments
from app.scoring.services.analyses.scene import Figures, Scene
from app.scoring.services.analyses.silence import conversation_columns
from app.scoring.services.figures import nps_codes
from app.studies.rules.silent_draw import Standing, standings_of


def footprint(scene: Scene) -> Figures:
    """Return by account who is known there, by role, with its engagement, sentiment and ARR.

    How many of them its tier asks for is not known at this level: whoever shows the figures holds them against the
    templates of stakeholders of that moment.
    """
    drawn, people = scene.picture.drawn, scene.picture.people
    n = len(drawn.account_ids)
    standing = standings_of(people.facts, is_heard=people.has_response, is_unwilling=people.is_unwilling).each
    asked = np.bincount(people.account[standing != Standing.NOT_ASKED], minlength=n).astype(np.float64)
    answered = np.bincount(people.account[standing == Standing.HEARD], minlength=n).astype(np.float64)
    invited, took_part = conversation_columns(scene)
    keys = {question.key: position for position, question in enumerate(scene.definition.questions)}
    codes = nps_codes(people, keys, n)
    engaged = engagement(invited, took_part, asked, answered)
    said = sentiments(codes, eligible=asked > 0, heard=answered > 0)
    tiers = queries.tiers(scene.session, scene.study)
    known = queries.known_roles(scene.session, scene.study)
    return {
        "accounts": [
            {
                "id": account_id,
                "arr": drawn.arr[i],
                "tier": tiers.get(account_id),
                "known": known.get(account_id, {}),
                "engagement": engaged[i],
                "requests": int(invited[i] + asked[i]),
                "sentiment": said[i],
            }
            for i, account_id in enumerate(drawn.account_ids)
        ]
    }
