"""Fewest steps between two places of a graph, by walking it level by level."""

from collections import deque


def shortest_path(graph, start, goal):
    """Return a path with the fewest edges from `start` to `goal`, or None.

    >>> shortest_path({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": ["e"], "e": []}, "a", "e")
    ['a', 'b', 'd', 'e']
    """
    came_from = {start: None}
    queue = deque([start])
    while queue:
        place = queue.popleft()
        if place == goal:
            break
        for neighbour in graph[place]:
            if neighbour not in came_from:
                came_from[neighbour] = place
                queue.append(neighbour)
    if goal not in came_from:
        return None
    path = []
    place = goal
    while place is not None:
        path.append(place)
        place = came_from[place]
    path.reverse()
    return path
