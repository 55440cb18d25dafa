"""The user data of both sites: read by cloud-init's own schema, and its configuration by `alula check`. `.ci/site-drill`
boots it.

    ALULA=.build/release/alula .build-python/bin/python -m unittest discover -s Tests/Deploy
"""

import os
import pathlib
import subprocess
import tempfile
import unittest

import yaml

from user_data import ROOT, SITES, rendered

ALULA = os.environ.get("ALULA", str(ROOT / ".build/release/alula"))


def files(user_data):
    return {file["path"]: file for file in yaml.safe_load(user_data)["write_files"]}


class CloudInit(unittest.TestCase):
    def test_sites_differ_only_in_who_they_are(self):
        texts = {site: rendered(site) for site in SITES}
        lines = zip(texts["aws"].splitlines(), texts["azure"].splitlines(), strict=True)
        differing = [pair for pair in lines if pair[0] != pair[1]]
        self.assertEqual(len(differing), 3, differing)

    def test_user_data_fits(self):
        for site in SITES:
            self.assertLess(len(rendered(site)), 16384, "EC2 takes 16 KiB")

    def test_configuration_is_good(self):
        for site in SITES:
            written = files(rendered(site))
            with tempfile.TemporaryDirectory() as folder:
                place = pathlib.Path(folder)
                text = written["/usr/local/share/alula/alula.yaml"]["content"]
                (place / "alula.yaml").write_text(text.replace("@ADDRESS@", "10.0.0.5"))
                (place / "site.zone").write_text(written["/usr/local/share/alula/site.zone"]["content"])
                (place / "certbot.key").touch(mode=0o640)
                (place / "certbot.key").write_text(written["/usr/local/share/alula/certbot.key"]["content"])
                run = subprocess.run([ALULA, "check", "--config", place / "alula.yaml"], capture_output=True, text=True)
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertNotIn("warning", run.stderr)
                self.assertIn("app.example.com: ", run.stdout)

    def test_script_is_good(self):
        script = files(rendered("aws"))["/usr/local/sbin/alula-site"]["content"]
        subprocess.run(["sh", "-n"], input=script, text=True, check=True)

    def test_schema(self):
        program = ROOT / ".build-peers/usr/bin/cloud-init"
        self.assertTrue(program.exists(), "run .ci/peers first")
        python = {**os.environ, "PYTHONPATH": str(ROOT / ".build-peers/usr/lib/python3/dist-packages")}
        for site in SITES:
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "user-data"
                path.write_text(rendered(site))
                run = subprocess.run(
                    ["/usr/bin/python3", program, "schema", "--config-file", path], env=python, capture_output=True,
                    text=True)
                self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
                self.assertIn("Valid", run.stdout)

if __name__ == "__main__":
    unittest.main()
