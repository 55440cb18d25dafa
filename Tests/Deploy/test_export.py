"""What `alula route53 export` writes is held against botocore's model of the API, and applied by the real AWS command
line to moto on loopback, where `diff` then finds nothing.

    ALULA=.build/release/alula .build-python/bin/python -m unittest discover -s Tests/Deploy
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import boto3
import botocore.session
from botocore.validate import ParamValidator

ROOT = pathlib.Path(__file__).resolve().parents[2]
ALULA = os.environ.get("ALULA", str(ROOT / ".build/release/alula"))
PROGRAMS = pathlib.Path(sys.executable).parent

CONFIGURATION = """
zones: { app.example.com: { file: zone } }
checks:
  web: { type: http, port: 80, host: app.example.com, path: /up, interval: 10s, connect-timeout: 4s, first-byte-timeout: 2s, timeout: 6s, rise: 3, fall: 3 }
  tls: { type: https, port: 8443, host: "b.example:8443", body: well, interval: 30s, rise: 2, fall: 2, timeout: 8s, inverted: true }
  smtp: { type: tcp, port: 25, address: 203.0.113.9, interval: 10s, timeout: 10s, rise: 3, fall: 3 }
  some: { type: calculated, of: [web, smtp], at-least: 1 }
endpoints:
  a: { address: [192.0.2.1, "2001:db8::1"], check: web }
  b: { address: [192.0.2.2, 192.0.2.3], check: [web, smtp] }
  c: { address: 192.0.2.4, check: tls }
  d: { address: 192.0.2.5, check: some }
  e: { address: 192.0.2.6, check: none }
groups:
  inner: { policy: weighted, endpoints: [{ name: a, weight: 3 }, { name: b, weight: 0 }] }
pools:
  app.example.com: { endpoints: [a, [b, c], inner, e] }
  many.app.example.com: { policy: all-healthy, endpoints: [a, b, c, d] }
  odds.app.example.com: { policy: weighted, endpoints: [{ name: inner, weight: 200 }, { name: d, weight: 1 }] }
"""
ZONE = """$TTL 60
@ SOA ns1 h 1 2 3 4 60
@ NS ns1
@ MX 10 mail
@ CAA 0 issue "ca.example"
ns1 A 192.0.2.53
*.w TXT "a;b" "c"
_sip._tcp SRV 1 2 5060 mail
mail A 192.0.2.25
"""


class Export(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        (self.path / "alula.yaml").write_text(CONFIGURATION)
        many = "".join(f"n{i} TXT \"{'x' * 40}{i}\"\n" for i in range(900))
        (self.path / "zone").write_text(ZONE + many)

    def alula(self, *words, status=0, **environment):
        result = subprocess.run(
            [ALULA, "route53", words[0], "--config", str(self.path / "alula.yaml"), *words[1:]], capture_output=True,
            text=True, env={**os.environ, **environment}, timeout=300)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        return result.stdout + result.stderr

    def test_files_are_what_the_api_takes(self):
        said = self.alula("export", "--zone-id", "Z1", "--into", str(self.path / "out"))
        self.assertIn("check:web", said)
        model = botocore.session.get_session().get_service_model("route53")
        out = self.path / "out"
        batches = [json.loads(path.read_text()) for path in sorted(out.glob("batch-*.json"))]
        self.assertGreater(len(batches), 1)
        for batch in batches:
            self.check(model, "ChangeResourceRecordSets", {"HostedZoneId": "Z1", "ChangeBatch": batch})
            sets = [change["ResourceRecordSet"] for change in batch["Changes"]]
            values = [record["Value"] for one in sets for record in one.get("ResourceRecords", [])]
            self.assertLessEqual(2 * len(values), 1000)
            self.assertLessEqual(2 * sum(map(len, values)), 32000)
        for check in json.loads((out / "health-checks.json").read_text()):
            self.assertEqual(check.pop("Name")[:1].isalnum(), True)
            self.check(model, "CreateHealthCheck", check)

    def check(self, model, operation, parameters):
        report = ParamValidator().validate(parameters, model.operation_model(operation).input_shape)
        self.assertFalse(report.has_errors(), report.generate_report())

    def test_applied_by_the_command_line_and_read_back(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        moto = subprocess.Popen(
            [PROGRAMS / "moto_server", "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.addCleanup(moto.wait)
        self.addCleanup(moto.kill)
        environment = {
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
        deadline = time.monotonic() + 30
        while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            self.assertLess(time.monotonic(), deadline, "moto does not start")
            time.sleep(0.05)
        client = boto3.client(
            "route53", endpoint_url=environment["AWS_ENDPOINT_URL"], region_name="us-east-1",
            aws_access_key_id="test", aws_secret_access_key="test")
        zone = client.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
        out = str(self.path / "out")
        said = self.alula("export", "--zone-id", zone, "--into", out, "--apply", **environment)
        self.assertIn("INSYNC", said)
        self.assertIn("no difference", self.alula("diff", "--zone-id", zone, **environment))
        text = (self.path / "zone").read_text()
        (self.path / "zone").write_text(text.replace("n17 TXT", "n17 60 TXT \"new\"\nn17 TXT"))
        said = self.alula("diff", "--zone-id", zone, status=1, **environment)
        self.assertEqual([line[:5] for line in said.splitlines()], ["~ n17"], said)


if __name__ == "__main__":
    unittest.main()
