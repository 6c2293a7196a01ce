"""A second file set of other origin: 7,075 people of a French garden centre, one account each."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from flask import Flask
from statsmodels.stats.weightstats import DescrStatsW

from tests.journeys.test_telco import Chain

STUDY = {
    "key": "botanic",
    "name": "Botanic",
    "questionnaire": "relationship",
    "mode": "survey",
    "strata": [],
    "method": "census",
    "seed": 1,
    "roles": {"customer": 1},
    "opens_on": "2014-01-01",
    "closes_on": "2014-03-31",
}
SCORECARD = {
    "key": "default",
    "measures": [{"key": "visits", "metric": "visits", "points": [[0, 0], [20, 100]], "weight": 1}],
}


@pytest.fixture
def source(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "data" / "botanic_nps" / "nps_utf8.csv")


@pytest.fixture
def chain(application: Flask, source: pd.DataFrame, tmp_path: Path) -> Chain:
    chain = Chain(application, tmp_path)
    ids = source["id"].astype(str)
    frame(chain, "accounts", account_id=ids, name="Customer " + ids)
    frame(chain, "contacts", contact_id="C" + ids, account_id=ids, name="Person " + ids, role="customer", language="fr")
    visits = source.dropna(subset=["NbPassageKS"])
    frame(
        chain,
        "telemetry",
        account_id=visits["id"].astype(str),
        period_end="2014-03-31",
        metric="visits",
        value=visits["NbPassageKS"],
    )
    heard = source.dropna(subset=["nps"])
    answers = [("recommend", heard["nps"].astype(int).astype(str)), ("reason", heard["explication"])]
    with Path(chain.path("responses.csv")).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["response_id", "account_id", "contact_id", "submitted_at", "question", "value"])
        for question, values in answers:
            for key, value in zip(heard["id"].astype(str), values, strict=True):
                if isinstance(value, str):
                    writer.writerow([f"R{key}", key, f"C{key}", "2014-03-31", question, value])
    for kind in ("accounts", "contacts", "telemetry"):
        chain.run("import", kind, chain.path(f"{kind}.csv"))
    chain.run("scorecard", "load", chain.write("scorecard.json", SCORECARD))
    chain.run("study", "create", chain.write("study.json", STUDY))
    chain.run("study", "draw", "botanic")
    return chain


def frame(chain: Chain, kind: str, **columns: object) -> None:
    pd.DataFrame(columns).to_csv(chain.path(f"{kind}.csv"), index=False)


def test_the_nps_and_its_interval(chain: Chain, source: pd.DataFrame) -> None:
    chain.run("import", "responses", chain.path("responses.csv"), "--study", "botanic")
    scored = chain.run("study", "score", "botanic")
    chain.run("report", "gaps", "botanic", "--out", chain.path("gaps.json"))
    report = json.loads(Path(chain.path("gaps.json")).read_text(encoding="utf-8"))
    answered = source["nps"].dropna()
    code = (answered >= 9).astype(int) - (answered <= 6).astype(int)
    n, population = 6903, 7075
    theirs, left = DescrStatsW(100.0 * code.to_numpy()), (1 - n / population) ** 0.5
    low, high = (theirs.mean + left * (limit - theirs.mean) for limit in theirs.tconfint_mean())

    assert (len(source), len(answered)) == (population, n)
    assert scored["accounts"] == n
    nps = report["voice"]["nps"]
    assert nps["value"] == pytest.approx(theirs.mean)
    assert nps["se"] == pytest.approx(left * theirs.std_mean)
    assert (nps["lo"], nps["hi"]) == pytest.approx((low, high))
    assert report["sample"]["response_rates"]["rr1"] == pytest.approx(n / population)
    assert report["voice"]["sentiment"]["mean"]["value"] is None
