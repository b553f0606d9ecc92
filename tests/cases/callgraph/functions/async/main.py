import asyncio
class Source:
    def __aiter__(self):
        return self
    async def __anext__(self):
        raise StopAsyncIteration
    async def __aenter__(self):
        return self
    async def __aexit__(self, *exc):
        pass
async def fetch():
    return done
def done():
    pass
async def main():
    (await fetch())()
    async with Source() as source:
        async for item in source:
            pass
asyncio.run(main())
