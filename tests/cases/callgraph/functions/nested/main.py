def outer(n):
    def helper(k):
        return k and helper(k - 1)
    return helper(n)
outer(2)
