from __future__ import annotations


def spread(a,
           b=(1,
              2)):
    x = [
        a,
        b[0],
    ]
    y = dict(
        one=a,
        two=x,
    )
    if (
        a
        and b
    ):
        x.append(
            3
        )
    assert x, (
        "no"
    )
    for k in (
        1,
        2,
    ):
        y["k"] = k
    return (
        x,
        y,
    )


spread(1)
text = """
two lines
"""
