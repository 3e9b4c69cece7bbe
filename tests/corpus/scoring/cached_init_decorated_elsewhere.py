# a decorator from elsewhere ahead of a cache: what is cached is not known
import functools

from impl import deco


@deco
def init():
    pass


init = functools.lru_cache(init)


def run(data):
    return {"ok": True}
