"""What a straight cut through a latent space can tell about each attribute, against CelebA's own labels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from evaluation.progress import progress
from latent.probes import SMALLEST_GROUP, area_under_roc


def held_out_areas(
    train: NDArray[np.floating],
    train_labels: NDArray[np.integer],
    test: NDArray[np.floating],
    test_labels: NDArray[np.integer],
) -> NDArray[np.float64]:
    """Area under the ROC curve of a logistic regression on standardised codes, for each attribute.

    Both groups of an attribute weigh the same in the fit, however few faces have it. The app reads attributes by
    Fisher's discriminant (`latent.probes`), which is quicker and a little worse.

    Args:
        train, test: codes [M, D] to fit on and to judge by.
        train_labels, test_labels: [M, A]: 1 present, 0 absent, negative unknown (left out).

    Returns:
        float64 [A]: 0.5 is chance, 1 perfect; NaN where a group has fewer than 20 training faces or no test face.
    """
    areas = np.full(train_labels.shape[1], np.nan)
    with progress(len(areas), "Probing", "attributes") as bar:
        for column in range(len(areas)):
            bar.update()
            known, judged = train_labels[:, column] >= 0, test_labels[:, column] >= 0
            present = train_labels[known, column] > 0
            if min(present.sum(), (~present).sum()) < SMALLEST_GROUP:
                continue
            probe = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced", max_iter=1000))
            probe.fit(train[known], present)
            areas[column] = area_under_roc(probe.decision_function(test[judged]), test_labels[judged, column] > 0)
    return areas
