from __future__ import annotations

from briefqa.corpus.office.blocks import LINE, PAGE, Blocks


def test_blocks_of_one_group_stand_together() -> None:
    blocks = Blocks()
    for text, kind, group in [
        ("One.", "paragraph", 0), (" \xad", "paragraph", 0), ("a", "item", 1), ("", "item", 1), ("b", "item", 1),
        ("c", "item", 2), ("d", "row", 2), ("e", "row", 2), ("Two.", "paragraph", 0),
    ]:  # fmt: skip
        blocks.add(text, kind, group)  # type: ignore[arg-type]
    assert blocks.text() == ("One.\n\n- a\n- b\n\n- c\n\nd\ne\n\nTwo.", ())


def test_pages_begin_where_their_text_does() -> None:
    blocks = Blocks()
    blocks.add(f"One {PAGE} two.{LINE}{PAGE}Three.{PAGE}")
    blocks.add(PAGE)
    blocks.add(f"{PAGE}a", "item")
    text, pages = blocks.text()
    assert text == "One two.\nThree.\n\n- a"
    assert pages == ((0, 1), (4, 2), (9, 3), (19, 6))


def test_a_text_that_begins_after_a_page_break_begins_there() -> None:
    blocks = Blocks()
    blocks.add(f"{PAGE}One.")
    assert blocks.text() == ("One.", ((0, 2),))


def test_notes_come_after_the_block_that_is_added_next_and_after_its_group() -> None:
    blocks = Blocks()
    for text in ("a", "b"):
        blocks.add_note(f"note {text}")
        blocks.add(text, "item")
    blocks.add("Text.")
    blocks.add_note("last")
    blocks.add("End.")
    assert blocks.text() == ("- a\n- b\n\nnote a\n\nnote b\n\nText.\n\nEnd.\n\nlast", ())
