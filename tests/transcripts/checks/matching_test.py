"""Claims can be false."""

import unittest

from interpreter.matching import holds, missing, whole


class Matching(unittest.TestCase):
    def test_a_claim_is_found_within_a_text(self):
        self.assertTrue(holds("to add", "1 to add\n"))
        self.assertFalse(holds("to add", "1 to  change\nadd"))

    def test_an_ellipsis_is_anything_in_between(self):
        self.assertTrue(holds("a … z", "a\nb\nz"))
        self.assertFalse(holds("a … z", "z\na"))

    def test_spaces_are_not_counted_but_lines_are(self):
        self.assertTrue(holds("+ id = 1", "+     id   = 1"))
        self.assertFalse(holds("+ id = 1", "+ id\n= 1"))
        self.assertFalse(holds("+ id", "+id"))

    def test_nothing_in_a_claim_is_a_pattern(self):
        self.assertFalse(holds("a.c", "abc"))
        self.assertTrue(holds("a[0] (b)* | c", "a[0] (b)* | c"))

    def test_lines_are_looked_for_in_their_order(self):
        self.assertIsNone(missing(["a", "b"], "a b"))
        self.assertEqual(missing(["b", "a"], "a b"), "a")
        self.assertEqual(missing(["a", "a"], "a b"), "a")

    def test_a_status_is_told_whole(self):
        self.assertTrue(whole('success "1 to add"', 'success "1 to add"'))
        self.assertFalse(whole('success "1 to add"', 'success "1 to add, 1 to destroy"'))
        self.assertTrue(whole('failure "…moved…"', 'failure "it moved on"'))
