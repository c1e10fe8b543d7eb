from __future__ import annotations

from briefqa.corpus.markup.alignment import aligned

ONE = "The bridge over the river has been closed."
TWO = "Ferries will carry lorries until the spring."
THREE = "The minister said so on Monday in town."


def test_blocks_are_found_in_order_and_others_are_not() -> None:
    assert aligned(["Menu", ONE, "Advertisement", TWO], [ONE, TWO]) == {1, 3}
    assert aligned([ONE], []) == set()
    assert aligned([], [ONE]) == set()


def test_a_teaser_elsewhere_is_not_mistaken_for_the_article() -> None:
    assert aligned([THREE, ONE, TWO, THREE, ONE], [ONE, TWO, THREE]) == {1, 2, 3}


def test_a_block_may_be_part_of_a_line_unless_it_is_short() -> None:
    line = f"{ONE} {TWO} More."
    assert aligned([ONE, "More", TWO], [line]) == {0, 2}
    assert aligned([ONE, "More"], [ONE, "More"]) == {0, 1}


def test_repeated_blocks_are_each_found_where_they_are_said() -> None:
    assert aligned([ONE, TWO, ONE], [ONE, TWO, ONE]) == {0, 1, 2}


def test_a_block_of_which_a_part_was_left_out_is_found_by_the_rest() -> None:
    block = f"{ONE} (Photo: Example) {TWO}"
    assert aligned([THREE, block], [f"{ONE} {TWO}"]) == {1}
    assert aligned([f"{ONE} " + " ".join(f"other{number}" for number in range(30))], [ONE]) == set()
