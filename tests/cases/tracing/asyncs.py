import asyncio


async def ticker(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i


async def worker(name, n, out):
    for i in range(n):
        out.append((name, i))
        await asyncio.sleep(0)
    return name


class Door:
    async def __aenter__(self):
        await asyncio.sleep(0)
        return 5

    async def __aexit__(self, *exc):
        await asyncio.sleep(0)


async def main():
    out = []
    names = await asyncio.gather(worker("a", 2, out), worker("b", 3, out))
    async for i in ticker(2):
        out.append(i)
    async with Door() as d:
        out.append(d)
    more = [i async for i in ticker(2)]
    return names, more


result = asyncio.run(main())
