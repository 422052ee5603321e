"""Kinds of numbers: float64 for computing, int64 for counting and indexing, bool for masks."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class DType:
    """A kind of number.

    Attributes
    ----------
    name, scalar : str
        As torch calls it, e.g. ``"float64"``, and in error messages
        ``"Double"``.
    kind : type
        Python's type of such numbers.
    rank : int
        Where kinds meet, the one of the highest rank wins.
    """

    def __init__(self, name: str, scalar: str, kind: type, rank: int) -> None:
        self.name, self.scalar, self.kind, self.rank = (
            name,
            scalar,
            kind,
            rank,
        )

    def __repr__(self) -> str:
        return f"torch.{self.name}"


boolean = DType("bool", "Bool", bool, 0)
#: Whole numbers, without overflow.
int64 = DType("int64", "Long", int, 1)
#: Numbers with 53 binary digits: the kind that is computed with.
float64 = DType("float64", "Double", float, 2)


def dtype_of(number: object) -> DType:
    """Return the kind of a Python number.

    Raises
    ------
    TypeError
        If it is no real number.
    """
    for dtype in (float64, int64, boolean):
        if type(number) is dtype.kind:
            return dtype
    raise TypeError(
        f"expected a number or a Tensor, got {type(number).__name__}"
    )


def promoted(dtypes: "Iterable[DType]") -> DType:
    """Return the kind that holds the numbers of all of them."""
    return max(dtypes, key=lambda dtype: dtype.rank)


def get_default_dtype() -> DType:
    """Return float64: there is no other kind for computing."""
    return float64


def set_default_dtype(dtype: DType) -> None:
    """Accept float64, so that lines for torch run here too.

    Raises
    ------
    TypeError
        For any other kind.
    """
    if dtype is not float64:
        raise TypeError(
            f"this engine computes in torch.float64 only, got {dtype!r}"
        )
