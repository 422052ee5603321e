"""What a part of a formula is: a number, a vector, a matrix, a function, with named sizes."""

from __future__ import annotations

from dataclasses import dataclass

Size = str | int | None


@dataclass(frozen=True)
class Kind:
    """What something is.

    Attributes
    ----------
    what : str
        ``number``, ``vector`` (a column), ``row``, ``matrix``, ``function``, ``family``:
        things of one kind with an index, or ``set``: of indices.
    shape : tuple
        Sizes: names, or numbers; None for a family without end.
    args, formal : tuple
        Of a function: the kinds of its arguments, and their names where they have any.
    result : Kind or None
        Of a function and of a family.
    """

    what: str
    shape: tuple[Size, ...] = ()
    args: tuple[Kind, ...] = ()
    formal: tuple[str, ...] = ()
    result: Kind | None = None

    def __str__(self) -> str:
        if self.what == "function":
            return f"function of a {' and a '.join(map(str, self.args))}"
        if self.what == "family":
            return f"sequence of {self.result}s"
        return (
            f"{self.what} of size {' × '.join(map(str, self.shape))}" if self.shape else self.what
        )

    @property
    def of(self) -> Kind:
        """What a function or a family gives."""
        assert self.result is not None
        return self.result

    def same(self, other: Kind) -> bool:
        """Whether two kinds agree, whatever the arguments of functions are called."""
        return (self.what, self.shape, self.args, self.result) == (
            other.what,
            other.shape,
            other.args,
            other.result,
        )


NUMBER = Kind("number")


def vector_of(n: Size) -> Kind:
    """Return the kind of a column with n entries."""
    return Kind("vector", (n,))


def matrix_of(m: Size, n: Size) -> Kind:
    """Return the kind of a matrix with m rows and n columns."""
    return Kind("matrix", (m, n))


def function_of(args: tuple[Kind, ...], result: Kind, formal: tuple[str, ...] = ()) -> Kind:
    """Return the kind of a function."""
    return Kind("function", args=args, result=result, formal=formal)


def sizes_in(kind: Kind | None) -> set[str]:
    """Return the names of the sizes in a kind."""
    if kind is None:
        return set()
    found = {size for size in kind.shape if isinstance(size, str)}
    return found.union(*(sizes_in(inner) for inner in (*kind.args, kind.result)))
