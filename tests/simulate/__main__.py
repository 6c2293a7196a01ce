"""`make simulate`: whether intervals hold what they promise, and how often a flag is raised without a gap."""

import sys
import time

from tests.simulate import coverage, flags

DRAWS, ACCOUNTS, DRAWN = 2000, 900, 120
PORTFOLIOS = 2000
COMPARED = {"people as if independent"}
"""Shown beside the right interval to see what it saves; not held to anything."""


def main() -> None:
    """Run both simulations, print their figures, and fail where one leaves its limits."""
    simulations = {"coverage": intervals, "flags": gaps}
    held = [simulations[name]() for name in sys.argv[1:] or simulations]
    if not all(held):
        raise SystemExit(1)


def intervals() -> bool:
    """How often 95 % intervals hold the truth."""
    started = time.monotonic()
    population = coverage.a_population(360, ACCOUNTS, DRAWN)
    rows = [
        *coverage.stratified_coverage(population, DRAWS),
        *coverage.clustered_coverage(population, DRAWS, DRAWN),
        *coverage.unweighted_coverage(DRAWS, DRAWN, seed=360),
    ]
    say(f"95 % intervals over {DRAWS:,} draws of {DRAWN} from {ACCOUNTS} accounts, {time.monotonic() - started:.0f} s:")
    for row in rows:
        say(f"  {row.name:26} {row.share:6.1%}   mean width {row.width:9.2f}")
    return all(coverage.LOWEST <= row.share <= coverage.HIGHEST for row in rows if row.name not in COMPARED)


def gaps() -> bool:
    """How many flags are false, and how many true gaps are found."""
    started = time.monotonic()
    say(f"{PORTFOLIOS:,} portfolios of {flags.ACCOUNTS} accounts, 1–5 respondents, σ = {flags.SIGMA:.0f}:")
    say(f"  {'Confirmed, no true gap':44} portfolios with a false flag")
    methods = {
        "raw gaps": (flags.by_raw_gap, False),
        "shrunken voice": (flags.by_shrunken_voice, False),
        "shrunken gaps": (flags.by_shrunken_gap, False),
        "shrunken gaps after trimmed equating": (flags.by_trimmed_equating, True),
        "shrunken gaps after mean/SD equating": (flags.by_plain_equating, True),
    }
    nothing = {name: flags.count(m, PORTFOLIOS, scaled=scaled) for name, (m, scaled) in methods.items()}
    for name, counted in nothing.items():
        say(f"    {name:42} {counted.runs_with_false:6.1%}")
    say(f"  {'15 % of accounts with a true gap':44} found of −30, of −40 | false among flags, likewise")
    shares = {name: both(m, scaled=scaled) for name, (m, scaled) in methods.items()}
    for name, (weak, strong) in shares.items():
        line(f"Confirmed, {name}", weak, strong)
    for tier, respondents in (("watch", (1, 5)), ("confirmed", (5, 8)), ("watch", (5, 8))):
        name = f"{tier.title()}, shrunken gaps, {respondents[0]}–{respondents[1]} respondents"
        line(name, *both(flags.by_shrunken_gap, tier=tier, respondents=respondents))
    say(f"  ({time.monotonic() - started:.0f} s)")
    product = ["shrunken gaps", "shrunken gaps after trimmed equating"]
    quiet = all(nothing[name].runs_with_false <= flags.AT_MOST_FALSE for name in product)
    return quiet and all(part.false <= flags.AT_MOST_FALSE for name in product for part in shares[name])


def both(method: flags.Method, **options: object) -> tuple[flags.Flags, flags.Flags]:
    """The flags with true gaps of −30 and with true gaps of −40."""
    weak, strong = (flags.count(method, PORTFOLIOS, gap=gap, **options) for gap in (-30.0, -40.0))
    return weak, strong


def line(name: str, weak: flags.Flags, strong: flags.Flags) -> None:
    """One line of the table."""
    say(f"    {name:46} {weak.found:4.0%} {strong.found:4.0%} | {weak.false:4.0%} {strong.false:4.0%}")


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
