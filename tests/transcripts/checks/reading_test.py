"""The language: what a story says, and that nonsense is named with its place."""

import tempfile
import unittest
from pathlib import Path

from interpreter import play, sentences
from interpreter.reading import Contents, GrammarError, Step, read

FENCE = "```"


def written(case: unittest.TestCase, text: str) -> Path:
    folder = tempfile.TemporaryDirectory()
    case.addCleanup(folder.cleanup)
    path = Path(folder.name) / "001-story.md"
    path.write_text(text)
    return path


class Reading(unittest.TestCase):
    def read(self, text: str):
        return read(written(self, text))

    def refused(self, text: str) -> str:
        with self.assertRaises(GrammarError) as caught:
            play.check(written(self, text))
        return str(caught.exception)

    def test_a_story_has_a_title_files_and_steps_in_their_order(self):
        story = self.read(f"# One\n\nProse.\n\nThis is `a/b.tf` on `main`:\n\n{FENCE}hcl\nx\n\ny\n{FENCE}\n\n"
                          f"    alice merges #1\n\nThe next `a/b.tf`:\n{FENCE}\nz\n{FENCE}\n    bob closes #1\n")
        self.assertEqual(story.title, "One")
        self.assertEqual([(file.name, file.text) for file in story.on_main], [("a/b.tf", "x\n\ny\n")])
        self.assertEqual([type(scene) for scene in story.scenes], [Contents, Step, Contents, Step])
        self.assertEqual(str(story.steps[1].place), "001-story.md:19")

    def test_the_configuration_is_no_file_of_the_repository(self):
        yaml = f"{FENCE}yaml\nworkers: 1\n{FENCE}\n"
        story = self.read(f"# One\nThe server's `slipway.yaml`:\n{yaml}    alice merges #1\n")
        self.assertEqual((story.config, len(story.scenes)), ("workers: 1\n", 1))
        story = self.read(f"# One\nAlice adds `slipway.yaml`:\n{yaml}    alice merges #1\n")
        self.assertEqual((story.config, len(story.scenes)), ("", 2))

    def test_lines_of_the_bot_that_follow_each_other_are_one_claim(self):
        story = self.read("# One\n    > bot: a\n    > bot: b: c\n    > bot on #2: d\n"
                          "    > bot says: e\n    > bot says: f\n")
        self.assertEqual([(step.text, step.more) for step in story.steps],
                         [("> bot: a", ["b: c"]), ("> bot on #2: d", []), ("> bot says: e", []), ("> bot says: f", [])])

    def test_what_is_deeper_indented_belongs_to_the_step_above(self):
        story = self.read("# One\n    alice comments on #1:\n        one\n          two\n")
        self.assertEqual(story.steps[0].body, ["one", "  two"])

    def test_nonsense_is_named_with_its_place_and_what_was_meant_perhaps(self):
        self.assertIn("001-story.md:3: there is no such sentence", self.refused("# One\n\n    alice merge #1\n"))
        self.assertIn("PERSON merges #N", self.refused("# One\n\n    alice merge #1\n"))
        self.assertIn("001-story.md:2: nothing may stand below",
                      self.refused("# One\n    bob closes #1\n        why\n"))
        self.assertIn("001-story.md:2: steps are indented by four", self.refused("# One\n      bob closes #1\n"))
        self.assertIn("001-story.md:2: the line before a fenced", self.refused(f"# One\n{FENCE}\nx\n{FENCE}\n"))
        self.assertIn("001-story.md:3: this fence is not closed", self.refused(f"# One\n`a`:\n{FENCE}\nx\n"))
        self.assertIn("001-story.md:1: a story begins with its title", self.refused("    bob closes #1\n"))
        self.assertIn("001-story.md:1: nothing happens", self.refused("# One\n"))


class Understanding(unittest.TestCase):
    def understood(self, text: str) -> dict:
        return sentences.understand(Step(None, text))[1]

    def test_words_in_capitals_are_read(self):
        self.assertEqual(self.understood("alice opens #12 changing `a`, `b` and `c`"),
                         {"person": "alice", "n": 12, "files": ["a", "b", "c"]})
        self.assertEqual(self.understood("> status `slipway/plan`: success \"…\""),
                         {"code": "slipway/plan", "text": 'success "…"'})

    def test_no_two_sentences_mean_the_same_line(self):
        lines = ["alice opens #1 adding `a`", "> bot says: x", "> bot: x", "> state of `a`: serial 1",
                 "> state of `a`: nothing", "> status `a` of the merge: success \"\"", "alice comments `a` on #1"]
        for line in lines:
            meant = [known.pattern for known in sentences.SENTENCES if known.regex.fullmatch(line)]
            self.assertEqual(len(meant), 1, f"{line}: {meant}")

    def test_the_readme_tells_every_sentence(self):
        told = (Path(__file__).parents[1] / "README.md").read_text()
        for known in sentences.SENTENCES:
            self.assertIn(f"    {known.pattern}\n", told)
