"""What a cell printed, joined: the same as nbclient's, in linear time."""

from __future__ import annotations

import time

import nbclient.client
import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode

from gdbook.publish.execute.client import ended, joined
from gdbook.publish.execute.runner import steady


def stream(name: str, text: str) -> NotebookNode:
    output: NotebookNode = nbformat.v4.new_output("stream", name=name, text=text)
    return output


@settings(deadline=None)
@given(st.text(alphabet="ab\r\n", max_size=30))
def test_lines_are_printed_over_as_nbclient_has_it(text: str) -> None:
    expected = nbclient.client._RGX_CARRIAGERETURN.sub("", text)
    assert joined([stream("stdout", text)])[0].text == expected


def test_streams_are_joined_where_they_began_and_output_comes_before_errors() -> None:
    shown = nbformat.v4.new_output("display_data", data={"text/plain": "7"})
    outputs = [stream("stderr", "e"), stream("stdout", "a\n"), shown, stream("stdout", "b")]
    assert joined(outputs) == [stream("stdout", "a\nb"), stream("stderr", "e"), shown]


@pytest.mark.parametrize("text", ["x" * 1_000_000, "/" * 1_000_000, "x\r" * 500_000])
def test_a_long_line_takes_no_longer_than_many_short_ones(text: str) -> None:
    cell = nbformat.v4.new_code_cell(outputs=[stream("stdout", text + "/ipykernel_7/12.py!")])
    began = time.process_time()
    cell.outputs = joined(cell.outputs)
    steady(nbformat.v4.new_notebook(cells=[cell]))
    assert time.process_time() - began < 5  # in quadratic time it takes a quarter of an hour
    assert cell.outputs[0].text.endswith("cell.py!")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (3, "the kernel ended, with exit code 3"),
        (-9, "the kernel died, killed by SIGKILL, perhaps for lack of memory"),
        (-11, "the kernel died, killed by SIGSEGV (a segmentation fault)"),
        (-15, "the kernel died, killed by SIGTERM"),
    ],
)
def test_the_end_of_a_kernel_in_words(code: int, said: str) -> None:
    assert ended(code) == said
