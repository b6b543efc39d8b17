"""Gates hold, processes are found, configurations are joined."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from interpreter import processes
from interpreter.gates import Gates
from interpreter.server import combined


class Gate(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.gates = Gates(Path(folder.name))
        self.gates.add("web")
        self.addCleanup(self.gates.close)
        self.path = Path(folder.name) / "web"

    def reader(self) -> subprocess.Popen:
        reading = subprocess.Popen(["cat", str(self.path)], stdout=subprocess.PIPE, text=True)
        self.addCleanup(reading.stdout.close)
        while not self.gates.somebody_waits():
            self.assertIsNone(reading.poll())
        return reading

    def test_who_reads_waits_until_the_gate_opens(self):
        self.assertFalse(self.gates.somebody_waits())
        reading = self.reader()
        self.assertIsNone(reading.poll())
        self.gates["web"].open()
        self.assertEqual(reading.communicate(timeout=10)[0], "open")

    def test_who_comes_later_finds_it_open(self):
        self.gates["web"].open()
        self.assertEqual(self.path.read_text(), "open")

    def test_who_was_killed_waits_no_longer(self):
        reading = self.reader()
        reading.kill()
        reading.wait()
        self.assertFalse(self.gates.somebody_waits())
        self.assertTrue(self.reader())


class Processes(unittest.TestCase):
    def test_a_tree_is_found_and_ended_whole(self):
        tree = subprocess.Popen(["sh", "-c", "sleep 1000 & sleep 1000; true"])
        while len(processes.descendants(tree.pid)) < 2:
            self.assertIsNone(tree.poll())
        family = processes.descendants(tree.pid)
        self.assertIn(tree.pid, processes.descendants(os.getpid()))
        processes.kill_tree(tree.pid)
        self.assertFalse(any(processes.is_alive(pid) for pid in [tree.pid, *family]))
        tree.wait()


class Configuration(unittest.TestCase):
    def test_a_section_of_the_story_replaces_ours_and_its_repos_follow_ours(self):
        ours = "workers: 2\nrepos:\n  - match: acme/*\n"
        story = "repos:\n  - match: acme/infra\n    apply: on_comment\npolicies:\n  - name: x\nworkers: 1\n"
        self.assertEqual(combined(ours, story),
                         "workers: 1\nrepos:\n  - match: acme/*\n  - match: acme/infra\n    apply: on_comment\n"
                         "policies:\n  - name: x\n")
