"""Exact peers on given pairs, each called the way its own pages tell: arrays in, the buddy of each newcomer out.

Everybody may stay without a buddy. Building the peer's model belongs to its time, as packing pairs into ours
does to ours; making the pairs does not.
"""

from __future__ import annotations

# Imported only in the process that measures the peer.
# ruff: noqa: PLC0415
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from matching.bench.instances import Edges
from matching.pack import Ints

Peer = Callable[[Edges, int, Ints], Ints]
"""(pairs, number of newcomers, places of each buddy) -> index of the buddy of each newcomer, -1 = none."""


def ortools(edges: Edges, newcomers: int, capacity: Ints) -> Ints:
    """Minimum cost flow by cost scaling: a unit from each newcomer to a buddy's places or straight to the sink."""
    from ortools.graph.python import min_cost_flow

    flow = min_cost_flow.SimpleMinCostFlow()
    sink = newcomers + len(capacity)
    people, buddies = np.arange(newcomers), newcomers + np.arange(len(capacity))
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        edges.newcomer, newcomers + edges.buddy, np.ones(len(edges.weight), np.int64), -edges.weight
    )
    add = flow.add_arcs_with_capacity_and_unit_cost
    add(people, np.full(newcomers, sink), np.ones(newcomers, np.int64), np.zeros(newcomers, np.int64))
    add(buddies, np.full(len(capacity), sink), capacity, np.zeros(len(capacity), np.int64))
    flow.set_nodes_supplies(people, np.ones(newcomers, np.int64))
    flow.set_node_supply(sink, -newcomers)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"OR-Tools ended with {status}")
    return _mates(edges, newcomers, flow.flows(arcs) > 0)


def scipy(edges: Edges, newcomers: int, capacity: Ints) -> Ints:
    """Full bipartite matching: a column per place, and one of their own for those who stay without.

    Every weight is one more than it is, because an explicit 0 would count as no pair.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    places = np.minimum(capacity, newcomers)
    first = np.cumsum(places) - places
    times = places[edges.buddy]
    row = np.repeat(edges.newcomer, times)
    within = np.arange(row.size) - np.repeat(np.cumsum(times) - times, times)
    column = np.repeat(first[edges.buddy], times) + within
    total, own = int(places.sum()), np.arange(newcomers)
    table = csr_array(
        (
            np.concatenate([np.repeat(edges.weight + 1, times), np.ones(newcomers, np.int64)]),
            (np.concatenate([row, own]), np.concatenate([column, total + own])),
        ),
        shape=(newcomers, total + newcomers),
    )
    rows, columns = min_weight_full_bipartite_matching(table, maximize=True)
    mate = np.full(newcomers, -1, np.int64)
    mate[rows] = np.concatenate([np.repeat(np.arange(len(places)), places), np.full(newcomers, -1)])[columns]
    return mate


def highs(edges: Edges, newcomers: int, capacity: Ints) -> Ints:
    """Linear programme by the simplex method: its corners are whole numbers."""
    import highspy

    count = len(edges.weight)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, newcomers + len(capacity)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = edges.weight.astype(np.float64)
    model.col_lower_, model.col_upper_ = np.zeros(count), np.ones(count)
    model.row_lower_ = np.zeros(model.num_row_)
    model.row_upper_ = np.concatenate([np.ones(newcomers), capacity.astype(np.float64)])
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = 2 * np.arange(count + 1, dtype=np.int32)
    model.a_matrix_.index_ = (
        np.column_stack([edges.newcomer, newcomers + edges.buddy]).astype(np.int32).reshape(-1)
    )
    model.a_matrix_.value_ = np.ones(2 * count)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("solver", "simplex")
    solver.passModel(model)
    solver.run()
    return _mates(edges, newcomers, np.array(solver.getSolution().col_value) > 0.5)


def networkx(edges: Edges, newcomers: int, capacity: Ints) -> Ints:
    """Maximum weight matching by blossoms, in plain Python: a node per newcomer and per place."""
    import networkx as nx

    graph = nx.Graph()
    for row, buddy, weight in zip(*(column.tolist() for column in edges), strict=True):
        for place in range(min(int(capacity[buddy]), newcomers)):
            graph.add_edge(row, (buddy, place), weight=weight)
    mate = np.full(newcomers, -1, np.int64)
    for pair in nx.max_weight_matching(graph):
        one, other = pair if isinstance(pair[1], tuple) else pair[::-1]
        mate[one] = other[0]
    return mate


PEERS: dict[str, Peer] = {"ortools": ortools, "scipy": scipy, "highs": highs, "networkx": networkx}
PACKAGES = {"ortools": "ortools", "scipy": "scipy", "highs": "highspy", "networkx": "networkx"}
"""What must be installed for each peer."""


def _mates(edges: Edges, newcomers: int, chosen: npt.NDArray[np.bool_]) -> Ints:
    mate = np.full(newcomers, -1, np.int64)
    mate[edges.newcomer[chosen]] = edges.buddy[chosen]
    return mate
