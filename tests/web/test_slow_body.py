"""A body that trickles in is given up on at its deadline, however lively it is."""

import asyncio

from aiohttp import web

from bot.web import body
from bot.web.guard import Refused, plain
from bot.web.server import Route, WebServer


async def test_a_body_that_trickles_is_given_up_on():
    async def take(request: web.Request) -> web.StreamResponse:
        try:
            await body.read(request, most=1000, within_s=0.2)
        except Refused as refused:
            return refused.answer
        return plain(200)

    server = WebServer(host="127.0.0.1", port=0, routes=[Route("POST", "/", take)])
    await server.start()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n")
        first = asyncio.ensure_future(reader.readline())
        async with asyncio.timeout(5):
            while not first.done():
                writer.write(b"x")
                await asyncio.wait({first}, timeout=0.02)
        assert b"408" in first.result()
        writer.close()
    finally:
        await server.close()
