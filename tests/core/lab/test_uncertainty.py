"""Probabilities of conformity, guard bands and risks: the worked examples of JCGM 106:2012."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core.lab.uncertainty import (
    Estimate,
    Interval,
    accepted,
    combined,
    conforms,
    exceeds,
    global_risks,
    guard_band,
    posterior,
    rectangular,
    rejected,
    specific_risks,
    standard,
)
from jingyi.core.refusal import Refusal


@pytest.mark.parametrize(
    ("probability", "z"), [(0.80, 0.84), (0.90, 1.28), (0.95, 1.64), (0.99, 2.33), (0.999, 3.09)]
)
def test_table_1_gives_the_distance_from_one_limit(probability, z):
    """JCGM 106:2012, 7.3, Table 1."""
    assert guard_band(1.0, probability) == pytest.approx(z, abs=0.005)


def test_an_upper_limit_on_a_breakdown_voltage():
    """JCGM 106:2012, 7.3, example: a Zener diode, at most -5.40 V."""
    known = Estimate(-5.47, 0.05)
    assert conforms(known, Interval(upper=-5.40)) == pytest.approx(0.92, abs=0.005)


def test_a_lower_limit_on_a_bursting_strength():
    """JCGM 106:2012, 7.3, example: a container, at least 490 kPa."""
    known = Estimate(509.7, 8.6)
    assert conforms(known, Interval(lower=490)) == pytest.approx(0.99, abs=0.005)


def test_two_limits_on_a_viscosity():
    """JCGM 106:2012, 7.4, example: SAE 40 oil, 12.5 to 16.3 mm²/s."""
    known = Estimate(13.6, 1.8)
    assert conforms(known, Interval(12.5, 16.3)) == pytest.approx(0.66, abs=0.005)
    assert exceeds(known, Interval(12.5, 16.3)) == pytest.approx(0.34, abs=0.005)


RESISTORS, METER = Estimate(1500.0, 0.12), 0.04
OHMS = Interval(1499.8, 1500.2)


@pytest.mark.parametrize(
    ("accept", "consumer", "producer"),
    [(OHMS, 0.02, 0.04), (Interval(1499.82, 1500.18), 0.01, 0.07)],
)
def test_the_global_risks_of_resistors(accept, consumer, producer):
    """JCGM 106:2012, 9.5, example: 1500 Ω ± 0.2 Ω, simple and guarded acceptance."""
    risks = global_risks(RESISTORS, METER, OHMS, accept)
    assert risks.consumer == pytest.approx(consumer, abs=0.005)
    assert risks.producer == pytest.approx(producer, abs=0.005)
    assert conforms(RESISTORS, OHMS) == pytest.approx(0.90, abs=0.005)


def test_guard_bands_of_the_expanded_uncertainty():
    """JCGM 106:2012, 8.3.2 and 8.3.3: w = r·U; with r = 1 and U = 2u, 2.3 % are wrong at most."""
    limits, expanded = Interval(upper=10.0), 0.5
    inside, outside = accepted(limits, expanded), rejected(limits, expanded)
    assert (inside.upper, outside.upper) == (9.5, 10.5)
    assert exceeds(Estimate(9.5, standard(0.5)), limits) == pytest.approx(0.0228, abs=5e-5)
    assert exceeds(Estimate(10.5, standard(0.5)), limits) == pytest.approx(0.9772, abs=5e-5)


def test_a_speed_is_only_punished_with_a_guard():
    """JCGM 106:2012, 8.3.3, example: 2 % of the speed, 99.9 % sure; from 107 km/h at a limit of 100."""
    limit = Interval(upper=100)
    assert exceeds(Estimate(107, 0.02 * 107), limit) >= 0.999
    assert exceeds(Estimate(106, 0.02 * 106), limit) < 0.999


def test_the_risk_of_one_decision_is_on_one_side():
    limit, accept = Interval(upper=10.0), Interval(upper=9.5)
    low, high = Estimate(9.4, 0.25), Estimate(9.6, 0.25)
    taken = specific_risks(low, 9.4, limit, accept)
    refused = specific_risks(high, 9.6, limit, accept)
    assert (taken.consumer, taken.producer) == (exceeds(low, limit), 0.0)
    assert (refused.consumer, refused.producer) == (0.0, conforms(high, limit))


def test_a_guard_band_wider_than_the_limits_is_refused():
    with pytest.raises(Refusal, match="护带"):
        accepted(Interval(6, 9), 2.0)


def test_what_was_known_before_and_what_was_measured_weigh_by_their_precision():
    """JCGM 106:2012, 7.2: the better known counts more, both together know most."""
    after = posterior(Estimate(10.0, 1.0), Estimate(4.0, 2.0))
    assert after.value == pytest.approx(8.8)
    assert after.u == pytest.approx(math.sqrt(0.8))
    with pytest.raises(ValueError, match="least"):
        posterior(Estimate(1, 1, least=0), Estimate(1, 1))


def test_a_concentration_is_not_negative():
    """Where half of the normal distribution would be below zero, the rest counts double."""
    free, real = Estimate(0.0, 1.0), Estimate(0.0, 1.0, least=0.0)
    limit = Interval(upper=1.5)
    assert exceeds(real, limit) == pytest.approx(2 * exceeds(free, limit))
    assert conforms(real, limit) == pytest.approx(1 - exceeds(real, limit))
    assert real.below(-1) == real.below(0) == 0.0


def test_uncertainties_combine():
    assert combined(3, 4) == 5
    assert rectangular(math.sqrt(3)) == pytest.approx(1)
    assert standard(3, 3) == 1


@pytest.mark.parametrize("u", [0.0, -1.0, math.nan, math.inf])
def test_an_uncertainty_that_is_none_is_refused(u):
    with pytest.raises(Refusal, match="不确定度"):
        Estimate(1.0, u)


def test_other_nonsense_is_refused():
    for wrong in (
        Interval,
        lambda: Interval(2, 1),
        lambda: guard_band(1, 1),
        lambda: standard(1, 0),
    ):
        with pytest.raises(Refusal):
            wrong()


spread = st.floats(0.01, 10)


@given(value=st.floats(-30, 30), u=spread, lower=st.floats(-5, 0), upper=st.floats(0, 5))
def test_keeping_and_breaking_are_all_there_is(value, u, lower, upper):
    known, limits = Estimate(value, u), Interval(lower, upper)
    assert conforms(known, limits) + exceeds(known, limits) == pytest.approx(1)


@settings(deadline=None, max_examples=20)
@given(y0=st.floats(-3, 3), u0=st.floats(0.2, 3), u=st.floats(0.2, 3), w=st.floats(-0.5, 0.5))
def test_the_risks_agree_with_the_bivariate_normal(y0, u0, u, w):
    stats = pytest.importorskip("scipy.stats")
    limits = Interval(upper=1.0)
    risks = global_risks(Estimate(y0, u0), u, limits, limits.narrowed(w))
    joint = stats.multivariate_normal([y0, y0], [[u0**2, u0**2], [u0**2, u0**2 + u**2]])
    both = joint.cdf([1.0, 1.0 - w])
    measured = stats.norm(y0, math.hypot(u0, u)).cdf(1.0 - w)
    assert risks.consumer == pytest.approx(measured - both, abs=1e-6)
    assert risks.producer == pytest.approx(stats.norm(y0, u0).cdf(1.0) - both, abs=1e-6)
