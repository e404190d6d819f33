"""Raising and handling exceptions, groups included (3.11)."""

import contextlib


class AppError(Exception):
    """The application's own error."""


class Retry(AppError): pass


def read(path):
    try:
        with open(path) as stream:
            return stream.read()
    except FileNotFoundError:
        return None
    except (PermissionError, IsADirectoryError) as error:
        raise AppError(f"cannot read {path}") from error
    except OSError as error:
        raise AppError from None
    except:
        raise
    else:
        print("unreachable")
    finally:
        print("closed")


def shapes(action):
    try:
        action()
    except Exception:
        pass
    try:
        action()
    finally:
        pass
    try:
        action()
    except ValueError:
        pass
    else:
        action()
    try:
        action()
    except ValueError as e:
        print(e)
    finally:
        pass
    try: action()
    except: pass
    try: action(); action()
    except (ValueError): pass
    except (KeyError,): pass
    except (KeyError, IndexError) as error: print(error); raise
    except contextlib.suppress if action else KeyError: pass
    except [KeyError][0]: pass
    except (lambda: KeyError)() as e: pass
    else: pass
    finally: pass


def nested():
    try:
        try:
            raise ValueError("inner")
        except KeyError:
            pass
        finally:
            print("cleanup")
    except ValueError:
        try:
            raise
        except Exception as again:
            raise RuntimeError("outer", 1) from again
    finally:
        try: pass
        finally: pass


def groups(action):
    try:
        action()
    except* ValueError as group:
        print(group.exceptions)
    except* (TypeError, KeyError):
        raise
    except *OSError:
        pass
    else:
        print("fine")
    finally:
        print("done")
    try: action()
    except*(KeyError, IndexError)as e: print(e)
    try:
        action()
    except  *  ValueError: pass


def raising(flag, error=None):
    if flag: raise
    if flag: raise ValueError
    if flag: raise ValueError()
    if flag: raise ValueError("x") from None
    if flag: raise (ValueError("x")) from (error)
    if flag: raise error or ValueError if flag else KeyError from error
    if flag: raise type(error)(*error.args).with_traceback(None)
    raise AppError(
        "long",
        "message",
    ) from ExceptionGroup("group", [ValueError(1), KeyError(2)])


def looping():
    for attempt in range(3):
        try:
            return read("x")
        except Retry: continue
        except AppError:
            break
        finally:
            attempt += 1
    else:
        raise Retry
