"""The executable itself."""

import http.client
import json
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from emulator.git_store import ENVIRONMENT

FORGE = Path(__file__).resolve().parent.parent / "forge"
SECONDS = 20


class Process(unittest.TestCase):
    def start(self, *arguments: str) -> tuple[subprocess.Popen, dict]:
        process = subprocess.Popen([str(FORGE), "--print-address", *arguments], stdout=subprocess.PIPE,
                                   text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process, json.loads(process.stdout.readline())

    def test_it_says_where_it_is_and_ends_when_told(self):
        process, address = self.start()
        self.assertEqual(address["control"], address["url"] + "/_control/")
        self.assertTrue(Path(address["data"]).is_dir())
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(SECONDS), 0)
        self.assertFalse(Path(address["data"]).exists())

    def test_it_ends_with_its_parent(self):
        parent = subprocess.Popen(["sleep", "60"])
        self.addCleanup(parent.wait)
        process, _ = self.start("--parent", str(parent.pid))
        self.assertIsNone(process.poll())
        parent.kill()
        parent.wait()
        self.assertEqual(process.wait(SECONDS), 0)

    def test_it_ends_while_somebody_hangs(self):
        process, address = self.start()
        port = int(address["url"].rsplit(":", 1)[1])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        self.addCleanup(connection.close)
        connection.request("POST", "/_control/faults", json.dumps({"kind": "hang"}))
        connection.getresponse().read()
        connection.request("GET", "/user")
        process.terminate()
        self.assertEqual(process.wait(SECONDS), 0)

    @unittest.skipIf(shutil.which("openssl") is None, "openssl is not installed")
    def test_with_tls_it_shows_a_certificate_that_its_clients_can_trust(self):
        _, address = self.start("--tls")
        context = ssl.create_default_context(cafile=address["ca"])
        with urllib.request.urlopen(f"{address['url']}/meta", context=context, timeout=SECONDS) as answer:
            self.assertEqual(answer.status, 200)
        with self.assertRaises(urllib.error.URLError):
            urllib.request.urlopen(f"{address['url']}/meta", timeout=SECONDS)
        made = json.dumps({"login": "a"}), json.dumps({"owner": "a", "name": "r", "tree": {"f": "x"}})
        for verb, facts in zip(("users", "repos"), made):
            urllib.request.urlopen(f"{address['control']}{verb}", facts.encode(), SECONDS,
                                   context=context).close()
        listed = subprocess.run(["git", "-c", f"http.sslCAInfo={address['ca']}", "ls-remote",
                                 f"{address['url']}/a/r"],
                                env=ENVIRONMENT, capture_output=True, text=True)
        self.assertIn("refs/heads/main", listed.stdout)

    def test_repositories_live_in_the_folder_it_was_given(self):
        with tempfile.TemporaryDirectory() as folder:
            process, address = self.start("--data", folder)
            self.assertEqual(address["data"], folder)
            process.terminate()
            process.wait(SECONDS)
            self.assertTrue(Path(folder).is_dir())

    def test_its_start_costs_little(self):
        """Measured in the processor's time, since a busy machine says nothing about the forge."""
        costs = []
        for _ in range(3):  # the first may compile
            process, _ = self.start()
            process.terminate()
            _, _, used = os.wait4(process.pid, 0)
            costs.append(used.ru_utime + used.ru_stime)
        self.assertLess(min(costs), 0.4)
