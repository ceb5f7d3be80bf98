"""Learning from an office's decisions: used only if better, and only as corrections."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from jingyi.core.refusal import Refusal
from jingyi.core.triage import book, texts
from jingyi.core.triage.learning import adapting

RULES = adapting.rules()
PLACES = ["东桥", "西塘", "南坡", "北湾", "石井", "柳林", "白沙", "双河"]


def messages(count=160):
    """Return (texts, noisy): complaints about a night market, and about a factory's water."""
    found = []
    for n in range(count):
        where = PLACES[n % len(PLACES)]
        noisy = n % 2 == 0
        found.append(
            f"{where}{n}号广场舞夜里噪音扰民，请处理"
            if noisy
            else f"{where}{n}号工厂向河里偷排污水，请处理"
        )
    read = texts.read(None, pa.array(found), count)
    return read, np.array([n % 2 == 0 for n in range(count)])


def decided(lead, read, held=None):
    count = read.count
    held = np.isin(np.arange(count) % 8, (0, 5)) if held is None else held
    return adapting.Decided(read, lead.astype(np.int64), np.zeros(count, bool), held)


def test_an_office_that_declines_noise_teaches_it():
    read, noisy = messages()
    known = book.load()

    found = adapting.adapt(known, known.model, decided(~noisy, read), RULES)

    assert found.better
    assert found.new.f1 > found.old.f1 + 0.1
    assert (found.trained_on, found.measured_on) == (120, 40)


def test_what_held_back_decisions_contradict_is_not_used():
    """The decisions trained on say the opposite of those held back: the new model is worse."""
    read, noisy = messages()
    held = np.isin(np.arange(read.count) % 8, (0, 5))
    lead = np.where(held, ~noisy, noisy)
    known = book.load()

    assert not adapting.adapt(known, known.model, decided(lead, read, held), RULES).better


def test_too_few_decisions_are_refused():
    known = book.load()
    read, noisy = messages(RULES.least - 1)
    with pytest.raises(Refusal, match="满 40 件"):
        adapting.adapt(known, known.model, decided(~noisy, read), RULES)

    read, noisy = messages()
    with pytest.raises(Refusal, match="留作检验"):
        adapting.adapt(known, known.model, decided(np.ones(160, int), read), RULES)


def test_a_stored_correction_gives_the_same_model():
    read, noisy = messages()
    known = book.load()
    fitted = adapting.adapt(known, known.model, decided(~noisy, read), RULES).model

    again = adapting.applied(known.model, adapting.arrays(known.model, fitted))

    np.testing.assert_allclose(again.grams, fitted.grams, atol=1e-6)
    np.testing.assert_allclose(again.bias, fitted.bias, atol=1e-6)
    np.testing.assert_array_equal(again.cues, known.model.cues)
    assert again.lead_at == known.model.lead_at


def test_a_broken_correction_is_refused():
    shipped = book.load().model
    classes = len(shipped.classes)
    good = {
        "touched": np.array([1], np.int32),
        "step": np.zeros((1, classes), np.float32),
        "shift": np.zeros(classes, np.float32),
    }
    adapting.applied(shipped, good)
    for broken in (
        {"touched": np.array([len(shipped.grams)], np.int32)},
        {"step": np.zeros((1, 2), np.float32)},
        {"shift": np.full(classes, np.nan, np.float32)},
    ):
        with pytest.raises(Refusal):
            adapting.applied(shipped, good | broken)
    with pytest.raises(Refusal):
        adapting.applied(shipped, {})


def test_another_shipped_model_has_another_mark():
    shipped = book.load().model

    assert adapting.print_of(shipped) == adapting.print_of(replace(shipped))
    assert adapting.print_of(shipped) != adapting.print_of(replace(shipped, bias=shipped.bias + 1))
