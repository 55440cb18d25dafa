"""What deploy/ holds is read as who applies it would: by cfn-lint and an emulator of AWS, by a reader of Terraform's
language, by cloud-init's own schema, and by `alula check`.

    ALULA=.build/release/alula .build-python/bin/python -m unittest discover -s Tests/Deploy
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import boto3
import hcl2
import yaml
from moto import mock_aws

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
TEMPLATE = DEPLOY / "cloudformation/alula-aws.yaml"
ALULA = os.environ.get("ALULA", str(ROOT / ".build/release/alula"))

SITES = {
    "aws": {"site": "aws", "peer_address": "198.51.100.20"},
    "azure": {"site": "azure", "peer_address": "203.0.113.10"},
}
SHARED = {
    "name": "app.example.com", "aws_address": "203.0.113.10", "azure_address": "198.51.100.20",
    "package_url": "https://packages.example.com/alula.deb", "package_sha256": "0" * 64,
    "update_key": "c2VjcmV0LW9mLXRoZS10ZXN0cy1vbmx5LTAwMDAwMDA=",
}


def rendered(site):
    """As Terraform's templatefile renders it."""
    text = (DEPLOY / "cloud-init/site.yaml.tftpl").read_text()
    values = {**SHARED, **SITES[site]}
    text = re.sub(r"(?<!\$)\$\{(\w+)\}", lambda match: values[match.group(1)], text)
    return text.replace("$${", "${")


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
        named = set(re.findall(r"(?<!\$)\$\{(\w+)\}", (DEPLOY / "cloud-init/site.yaml.tftpl").read_text()))
        self.assertEqual(named, set(SHARED) | {"site", "peer_address"})
        for name in named:
            self.assertRegex("\n".join(self.text.values()), rf"\b{name}\s*=")

    def test_only_these_doors_are_open(self):
        doors = re.findall(r"port = (\d+), protocol = \"(\w+)\"", self.text["site.tf"])
        self.assertEqual(doors, [("53", "udp"), ("53", "tcp"), ("80", "tcp"), ("443", "tcp")])
        everything = "\n".join(self.text.values())
        self.assertNotIn("8053", everything)

    def test_format(self):
        program = shutil.which("terraform") or shutil.which("tofu")
        if program:
            subprocess.run([program, "fmt", "-check", "-diff", DEPLOY / "terraform"], check=True)
        for name, text in self.text.items():
            self.assertNotRegex(text, r"[ \t]\n|\t", name)


class CloudFormation(unittest.TestCase):
    def test_lint(self):
        lint = pathlib.Path(os.sys.executable).parent / "cfn-lint"
        run = subprocess.run([lint, TEMPLATE], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_user_data_is_that_of_terraform(self):
        text = TEMPLATE.read_text()
        start = text.index("#cloud-config")
        data = text[start:text.index("          - { AwsAddress: !Ref Address }")]
        data = "\n".join(line.removeprefix(" " * 12) for line in data.splitlines()).rstrip() + "\n"
        values = {"Name": "app.example.com", "AwsAddress": "203.0.113.10", "AzureAddress": "198.51.100.20",
                  "PackageUrl": SHARED["package_url"], "PackageSha256": SHARED["package_sha256"],
                  "UpdateKey": SHARED["update_key"]}
        data = re.sub(r"\$\{(\w+)\}", lambda match: values[match.group(1)], data)
        self.assertEqual(yaml.safe_load(data), yaml.safe_load(rendered("aws")))

    @mock_aws
    def test_applied_to_the_emulator(self):
        session = {"region_name": "us-east-1", "aws_access_key_id": "x", "aws_secret_access_key": "y"}
        route53 = boto3.client("route53", **session)
        zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"].split("/")[-1]
        ec2 = boto3.client("ec2", **session)
        vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
        subnet = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"][0]["SubnetId"]
        image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        # The emulator has no public parameters of Debian's.
        text = TEMPLATE.read_text().replace("AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "AWS::EC2::Image::Id")
        text = text.replace("/aws/service/debian/release/12/latest/amd64", image)
        parameters = {
            "Name": "app.example.com", "HostedZoneId": zone, "AzureAddress": "198.51.100.20",
            "PackageUrl": SHARED["package_url"], "PackageSha256": "0" * 64, "UpdateKey": SHARED["update_key"],
            "VpcId": vpc, "SubnetId": subnet, "Delegates": "yes",
        }
        cloud = boto3.client("cloudformation", **session)
        cloud.create_stack(
            StackName="site", TemplateBody=text,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()])
        stack = cloud.describe_stacks(StackName="site")["Stacks"][0]
        self.assertEqual(stack["StackStatus"], "CREATE_COMPLETE")
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        records = {
            (record["Name"], record["Type"]): [value["Value"] for value in record.get("ResourceRecords", [])]
            for record in route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]}
        self.assertEqual(
            records[("app.example.com.", "NS")], ["ns1.app.example.com.", "ns2.app.example.com."])
        self.assertEqual(records[("ns1.app.example.com.", "A")], [outputs["Address"]])
        self.assertEqual(records[("ns2.app.example.com.", "A")], ["198.51.100.20"])
        group = [
            group for group in ec2.describe_security_groups()["SecurityGroups"]
            if group["Description"].startswith("Alula")][0]
        doors = sorted((rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) for rule in group["IpPermissions"])
        self.assertEqual(doors, [("tcp", 53, 53), ("tcp", 80, 80), ("tcp", 443, 443), ("udp", 53, 53)])


if __name__ == "__main__":
    unittest.main()
