"""Several exceptions without parentheses (PEP 758)."""


def read(action):
    try:
        action()
    except ValueError, TypeError:
        return 1
    except KeyError, IndexError, OSError,:
        return 2
    except (AttributeError, NameError):
        return 3
    except (EOFError, MemoryError) as error:
        raise error
    except action.Error, (action.Other): pass  # comment
    except[A][0],B:pass
    except:
        pass
    else:
        pass
    finally:
        pass


def groups(action):
    try:
        action()
    except* ValueError, TypeError:
        pass
    except *OSError, KeyError: pass
    except*(A),B:pass


async def asynchronous(task):
    try: await task
    except TimeoutError, ConnectionError: pass
