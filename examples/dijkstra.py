"""Smallest total weight from one place of a graph to every other."""

import heapq


def dijkstra(graph, source):
    """Return the distance from `source` to each place that can be reached.

    >>> dijkstra({"a": {"b": 4, "c": 1}, "b": {"d": 1}, "c": {"b": 2, "d": 5}, "d": {}}, "a")
    {'a': 0, 'c': 1, 'b': 3, 'd': 4}
    """
    distances = {}
    frontier = [(0, source)]
    while frontier:
        distance, place = heapq.heappop(frontier)
        if place in distances:
            continue
        distances[place] = distance
        for neighbour, weight in graph[place].items():
            if neighbour not in distances:
                heapq.heappush(frontier, (distance + weight, neighbour))
    return distances
