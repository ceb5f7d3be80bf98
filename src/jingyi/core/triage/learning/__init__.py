"""Linear models over hashed character n-grams: fitted, calibrated, stored as data, compared.

    rows = features.read(title, body, count)         # hashed, weighted n-grams
    learned = fitting.train(rows, labels)            # settings by internal cross-validation
    label, share = learned.predict(rows)             # calibrated probabilities
    sets = conformal.sets(share, learned.levels)     # labels that cannot be ruled out

No library of machine learning is needed: the solver is a compiled loop. A
model is arrays and a card (`stored`); nothing in it can be run.
"""
