"""Terraform's files, read by python-hcl2, and by Terraform itself where it is installed, as far as it goes without the
clouds' providers."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import hcl2

from user_data import DEPLOY, ROOT, SHARED, SITES, TEMPLATE, rendered

TERRAFORM = shutil.which("terraform") or shutil.which("tofu")
# No settings of the machine's, and no question whether there is a newer version.
QUIET = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}


class Terraform(unittest.TestCase):
    def setUp(self):
        self.text = {path.name: path.read_text() for path in sorted((DEPLOY / "terraform").glob("*.tf"))}
        self.parsed = {name: hcl2.loads(text) for name, text in self.text.items()}

    def test_variables_are_declared_documented_and_used(self):
        declared = {}
        for variable in self.parsed["variables.tf"]["variable"]:
            for name, body in variable.items():
                declared[name.strip('"')] = body
        self.assertTrue(all(body.get("description") for body in declared.values()))
        used = set(re.findall(r"\bvar\.(\w+)", "\n".join(self.text.values())))
        self.assertEqual(used, set(declared))
        documented = (ROOT / "docs/deploy.md").read_text()
        for name in declared:
            self.assertIn(f"`{name}`", documented)

    def test_template_gets_what_it_names(self):
        named = set(re.findall(r"(?<!\$)\$\{(\w+)\}", TEMPLATE.read_text()))
        self.assertEqual(named, set(SHARED) | {"site", "peer_address"})
        for name in named:
            self.assertRegex("\n".join(self.text.values()), rf"\b{name}\s*=")

    def test_only_these_doors_are_open(self):
        doors = re.findall(r"port = (\d+), protocol = \"(\w+)\"", self.text["site.tf"])
        self.assertEqual(doors, [("53", "udp"), ("53", "tcp"), ("80", "tcp"), ("443", "tcp")])
        everything = "\n".join(self.text.values())
        self.assertNotIn("8053", everything)

    def test_format(self):
        if TERRAFORM:
            subprocess.run([TERRAFORM, "fmt", "-check", "-diff", DEPLOY / "terraform"], check=True, env=QUIET)
        for name, text in self.text.items():
            self.assertNotRegex(text, r"[ \t]\n|\t", name)

    def test_no_name_that_azure_reserves(self):
        users = re.findall(r"username\s*=\s*\"(\w+)\"", self.text["azure.tf"])
        self.assertEqual(len(set(users)), 1)
        self.assertNotIn(users[0], {"admin", "administrator", "root", "user", "test", "guest", "owner", "sys", "adm"})

    def test_a_newer_image_or_template_replaces_no_machine(self):
        machines = {"aws_instance": {"ami", "user_data"}, "azurerm_linux_virtual_machine": {"custom_data"}}
        for kind, ignored in machines.items():
            [body] = [
                block[key]["\"site\""] for parsed in self.parsed.values() for block in parsed.get("resource", [])
                for key in block if key.strip('"') == kind]
            changes = body["lifecycle"][0]["ignore_changes"]
            self.assertEqual({re.sub(r"\W", "", change) for change in changes}, ignored)


@unittest.skipUnless(TERRAFORM, "no terraform here")
class TerraformItself(unittest.TestCase):
    """What Terraform can say without the clouds' providers."""

    GOOD = {
        "name": "app.example.com", "hosted_zone_id": "Z0123456789ABCDEFGHIJ", "package_url": SHARED["package_url"],
        "package_sha256": "0" * 64, "ssh_public_key": "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ== operator",
    }
    BAD = {
        "name": ["app.example.com.", "App.example.com", "com", "-a.example.com"],
        "hosted_zone_id": ["/hostedzone/Z1", ""],
        "package_url": ["http://packages.example.com/alula.deb", "https://x/$(id)", "https://x/\"", "https://x/a b"],
        "package_sha256": ["0" * 63, "G" * 64],
        "ssh_public_key": ["-----BEGIN OPENSSH PRIVATE KEY-----"],
        "ssh_networks": [["0.0.0.0/0"], ["192.0.2.1"], ["192.0.2.0/24", "anybody"]],
        "delegation_ttl": [0, 1.5, 604800],
        "ds_records": [["12345 13 2"], ["12345 13 2 abc"], ["x 13 2 ab"]],
    }

    def run_terraform(self, folder, *words, **more):
        return subprocess.run(
            [TERRAFORM, f"-chdir={folder}", *words], capture_output=True, text=True, env=QUIET, **more)

    def test_template_renders_the_same(self):
        for site in SITES:
            with tempfile.TemporaryDirectory() as folder:
                values = json.dumps({**SHARED, **SITES[site]})
                asked = f"jsonencode(templatefile(\"{TEMPLATE}\", {values}))"
                run = self.run_terraform(folder, "console", input=asked)
                self.assertEqual(json.loads(json.loads(run.stdout)), rendered(site), run.stderr)

    def test_variables_refuse_what_would_not_work(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(DEPLOY / "terraform/variables.tf", folder)
            values = pathlib.Path(folder) / "terraform.tfvars.json"
            signed = {"ds_records": ["12345 13 2 " + "0aF1" * 16], "ssh_networks": ["192.0.2.0/24"]}
            for good in ({}, signed):
                values.write_text(json.dumps({**self.GOOD, **good}))
                run = self.run_terraform(folder, "plan", "-input=false", "-no-color")
                self.assertEqual(run.returncode, 0, run.stderr)
            for name, words in self.BAD.items():
                for word in words:
                    values.write_text(json.dumps({**self.GOOD, name: word}))
                    run = self.run_terraform(folder, "plan", "-input=false", "-no-color")
                    self.assertNotEqual(run.returncode, 0, f"{name} = {word}")
                    self.assertIn("Invalid value for variable", run.stderr)

if __name__ == "__main__":
    unittest.main()
