data "aws_vpc" "default" {
  default = true
}

data "aws_ami" "debian" {
  most_recent = true
  # Debian's own account.
  owners = ["136693071363"]
  filter {
    name   = "name"
    values = ["debian-12-amd64-*"]
  }
}

resource "aws_security_group" "site" {
  name        = "alula-${local.label}"
  description = "Alula and a website: DNS, HTTP and HTTPS"
  vpc_id      = data.aws_vpc.default.id
}

resource "aws_vpc_security_group_ingress_rule" "doors" {
  for_each          = local.doors
  security_group_id = aws_security_group.site.id
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = each.value.port
  to_port           = each.value.port
  ip_protocol       = each.value.protocol
}

resource "aws_vpc_security_group_ingress_rule" "ssh" {
  for_each          = toset(var.ssh_networks)
  security_group_id = aws_security_group.site.id
  cidr_ipv4         = each.value
  from_port         = 22
  to_port           = 22
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = aws_security_group.site.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_key_pair" "site" {
  key_name   = "alula-${local.label}"
  public_key = var.ssh_public_key
}

# Before the instance, which is told its own public address.
resource "aws_eip" "site" {
  domain = "vpc"
  tags   = { Name = "alula-${local.label}" }
}

resource "aws_instance" "site" {
  ami                         = data.aws_ami.debian.id
  instance_type               = var.aws_instance_type
  key_name                    = aws_key_pair.site.key_name
  vpc_security_group_ids      = [aws_security_group.site.id]
  associate_public_ip_address = true
  user_data = templatefile(local.template, merge(local.site, {
    site         = "aws"
    peer_address = local.site.azure_address
  }))
  user_data_replace_on_change = true
  tags                        = { Name = "alula-${local.label}" }

  metadata_options {
    http_tokens = "required"
  }
}

resource "aws_eip_association" "site" {
  instance_id   = aws_instance.site.id
  allocation_id = aws_eip.site.id
}
