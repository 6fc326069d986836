"""A walk along the data: from one code to another by way of encoded faces, in small steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latent.projection import nearest

if TYPE_CHECKING:  # scipy takes a part of a second to import
    from scipy.sparse import csr_matrix

MOST, NEIGHBOURS = 4000, 10
SAME = 1e-6  # squared distance under which two codes are one


@dataclass(frozen=True, eq=False)
class FaceGraph:
    """Encoded faces, each joined to its nearest ones.

    Attributes:
        rows: int64 [K], which of the atlas, ascending.
        mu: float32 [K, D], their codes.
        edges: float64 [K, K], squared distances; nothing where two faces are not joined.
    """

    rows: NDArray[np.int64]
    mu: NDArray[np.float32]
    edges: csr_matrix


def face_graph(mu: NDArray[np.floating], most: int = MOST, neighbours: int = NEIGHBOURS) -> FaceGraph:
    """Join encoded faces [M, D] to their nearest ones.

    Args:
        mu: the codes.
        most: so many of them, evenly chosen: all pairs of 26,000 would take minutes.
        neighbours: that each is joined to.
    """
    from scipy.sparse import csr_matrix

    rows = np.unique(np.linspace(0, len(mu) - 1, min(most, len(mu))).astype(np.int64))
    codes = mu[rows].astype(np.float32)
    centred = codes - codes.mean(0)  # squares stay small, and their differences exact
    squared = np.square(centred).sum(1)
    apart = squared[:, None] - 2 * centred @ centred.T + squared
    np.fill_diagonal(apart, np.inf)
    count = min(neighbours, len(rows) - 1)
    near = np.argpartition(apart, count - 1, axis=1)[:, :count]
    values = np.maximum(np.take_along_axis(apart, near, 1), SAME).ravel().astype(np.float64)
    starts = np.arange(0, len(rows) * count + 1, count)
    return FaceGraph(rows, codes, csr_matrix((values, near.ravel(), starts), shape=(len(rows), len(rows))))


def faces_between(graph: FaceGraph, a: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.int64]:
    """The faces that a walk from code a [D] to code b [D] passes: rows of the atlas, int64 [N], the ends left out.

    The sum of the squared steps is the least that the graph allows, so that no step is long. No face is passed where
    the graph does not lead from one to the other, or where both ends are next to each other.

    Source: the shortest path in a graph of neighbours, as Isomap takes it for a distance along the data (Tenenbaum,
    de Silva and Langford 2000), here of squared steps.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import dijkstra

    count = len(graph.rows)
    inner = graph.edges.tocoo()
    from_, to, values = [inner.row], [inner.col], [inner.data]
    for node, end in ((count, a), (count + 1, b)):
        rows, squared = nearest(end, graph.mu, NEIGHBOURS)
        from_.append(np.full(len(rows), node))
        to.append(rows)
        values.append(np.maximum(squared, SAME).astype(np.float64))
    edges = (np.concatenate(values), (np.concatenate(from_), np.concatenate(to)))
    joined = coo_matrix(edges, shape=(count + 2, count + 2)).tocsr()
    before = dijkstra(joined, directed=False, indices=count, return_predecessors=True)[1]
    passed, at = [], int(before[count + 1])
    while 0 <= at < count:
        passed.append(at)
        at = int(before[at])
    codes = graph.mu[passed]
    other = [np.square(codes - np.asarray(end, np.float32)).sum(1) > SAME for end in (a, b)]
    return graph.rows[np.array(passed, np.int64)[other[0] & other[1]]][::-1]


def even_steps(knots: NDArray[np.floating], count: int) -> NDArray[np.float32]:
    """Points at equal distances along straight lines from knot to knot: float32 [count, D].

    Args:
        knots: [K, D], 2 or more.
        count: how many, 2 or more; the first and the last are the ends themselves.
    """
    line = np.asarray(knots, np.float64)
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    line = line[np.concatenate([[True], steps > 0])]
    if len(line) == 1:
        return np.repeat(line, count, axis=0).astype(np.float32)
    place = np.concatenate([[0.0], np.cumsum(steps[steps > 0])])
    wanted = np.linspace(0, place[-1], count)
    return np.stack([np.interp(wanted, place, column) for column in line.T], axis=1).astype(np.float32)
