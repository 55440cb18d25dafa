"""The CloudFormation template, read by cfn-lint and applied to moto, an emulator of AWS."""

import base64
import pathlib
import re
import subprocess
import sys
import unittest

import boto3
import yaml
from moto import mock_aws

from user_data import DEPLOY, SHARED, rendered

TEMPLATE = DEPLOY / "cloudformation/alula-aws.yaml"
SESSION = {"region_name": "us-east-1", "aws_access_key_id": "x", "aws_secret_access_key": "y"}
EVERYBODY = "0.0.0.0/0"


class Applied:
    """A stack in the emulator, and what came of it."""

    def __init__(self, **parameters):
        route53, ec2, cloud = (boto3.client(service, **SESSION) for service in ("route53", "ec2", "cloudformation"))
        zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"].split("/")[-1]
        subnet = ec2.describe_subnets()["Subnets"][0]
        parameters = {
            "Name": "app.example.com", "HostedZoneId": zone, "AzureAddress": "198.51.100.20",
            "PackageUrl": SHARED["package_url"], "PackageSha256": "0" * 64, "UpdateKey": SHARED["update_key"],
            "ImageId": ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"],
            "VpcId": subnet["VpcId"], "SubnetId": subnet["SubnetId"], **parameters,
        }
        cloud.create_stack(
            StackName="site", TemplateBody=TEMPLATE.read_text(),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()])
        [stack] = cloud.describe_stacks(StackName="site")["Stacks"]
        self.status = stack["StackStatus"]
        self.address = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}["Address"]
        self.records = {
            (record["Name"], record["Type"], record["TTL"]): [value["Value"] for value in record["ResourceRecords"]]
            for record in route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
            if record["Name"] != "example.com."}
        [group] = [
            group for group in ec2.describe_security_groups()["SecurityGroups"]
            if group["Description"].startswith("Alula")]
        self.doors = {
            (rule["IpProtocol"], rule["FromPort"], rule["ToPort"], range["CidrIp"])
            for rule in group["IpPermissions"] for range in rule["IpRanges"]}
        [reservation] = ec2.describe_instances()["Reservations"]
        [machine] = reservation["Instances"]
        data = ec2.describe_instance_attribute(InstanceId=machine["InstanceId"], Attribute="userData")
        self.user_data = base64.b64decode(data["UserData"]["Value"]).decode()


class CloudFormation(unittest.TestCase):
    def test_lint(self):
        lint = pathlib.Path(sys.executable).parent / "cfn-lint"
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

    def test_address_is_there_before_the_machine(self):
        # The emulator has no EIPAssociation, so this is held against the text.
        text = TEMPLATE.read_text()
        self.assertEqual(text.count("NetworkInterfaceId: !Ref Interface"), 2)
        self.assertIn("DependsOn: Association", text)

    @mock_aws
    def test_applied(self):
        applied = Applied()
        self.assertEqual(applied.status, "CREATE_COMPLETE")
        self.assertEqual(applied.records, {})
        self.assertEqual(applied.doors, {
            ("tcp", 53, 53, EVERYBODY), ("udp", 53, 53, EVERYBODY), ("tcp", 80, 80, EVERYBODY),
            ("tcp", 443, 443, EVERYBODY)})
        self.assertEqual(yaml.safe_load(applied.user_data), yaml.safe_load(rendered("aws", aws_address=applied.address)))

    @mock_aws
    def test_applied_with_a_delegation(self):
        ds = "12345 13 2 " + "0A" * 32
        applied = Applied(Delegates="yes", DelegationTtl="600", DsRecords=ds, SshNetwork="192.0.2.0/24")
        self.assertEqual(applied.records, {
            ("app.example.com.", "NS", 600): ["ns1.app.example.com.", "ns2.app.example.com."],
            ("ns1.app.example.com.", "A", 600): [applied.address],
            ("ns2.app.example.com.", "A", 600): ["198.51.100.20"],
            ("app.example.com.", "DS", 600): [ds]})
        self.assertIn(("tcp", 22, 22, "192.0.2.0/24"), applied.doors)

    @mock_aws
    def test_delegation_without_ds(self):
        self.assertEqual(sorted(kind for _, kind, _ in Applied(Delegates="yes").records), ["A", "A", "NS"])


if __name__ == "__main__":
    unittest.main()
