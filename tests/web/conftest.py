"""`served`: a desk whose bot has its server. `post`: Meta at its webhook."""

from collections.abc import Awaitable, Callable

import pytest

from tests.desk import Desk
from tests.web.meta import WEB, Post


@pytest.fixture
async def served(a_desk: Callable[..., Awaitable[Desk]]) -> Desk:
    return await a_desk(**WEB)


@pytest.fixture
def post(served: Desk) -> Post:
    return Post(served)
