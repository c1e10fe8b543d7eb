from __future__ import annotations

import csv
import io

from briefqa.rendering.tables import to_csv


def test_cells() -> None:
    text = to_csv(["a", "b"], [["x, y", 'say "no"'], [None, 0.1 + 0.2], [3, -1.5], [True, "zwei\nZeilen"]])
    assert text == 'a,b\n"x, y","say ""no"""\n,0.30000000000000004\n3,-1.5\nTrue,"zwei\nZeilen"'
    assert to_csv(["a"], []) == "a"


def test_what_a_spreadsheet_would_run_is_made_text() -> None:
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "a=b", "1-2", ""]
    _, *rows = csv.reader(io.StringIO(to_csv(["text"], [[text, ""] for text in texts])))
    assert [row[0] for row in rows] == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "a=b", "1-2", ""]


def test_what_would_steer_a_terminal_is_replaced() -> None:
    assert to_csv(["a"], [["x\x1b[2J\u202ey\nz"]]) == 'a\n"x\ufffd[2J\ufffdy\nz"'
