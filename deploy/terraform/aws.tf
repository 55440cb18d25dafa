# The subnet that was asked for, or one of the region's default VPC.
data "aws_subnets" "default" {
  filter {
    name   = "default-for-az"
    values = ["true"]
  }
}

data "aws_subnet" "site" {
  id = var.aws_subnet_id != null ? var.aws_subnet_id : sort(data.aws_subnets.default.ids)[0]
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
  vpc_id      = data.aws_subnet.site.vpc_id
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

# Address and interface come before the instance: it is told its public address, and has it from its first packet.
resource "aws_eip" "site" {
  domain = "vpc"
  tags   = { Name = "alula-${local.label}" }
}

resource "aws_network_interface" "site" {
  subnet_id       = data.aws_subnet.site.id
  security_groups = [aws_security_group.site.id]
  tags            = { Name = "alula-${local.label}" }
}

resource "aws_eip_association" "site" {
  network_interface_id = aws_network_interface.site.id
  allocation_id        = aws_eip.site.id
}

resource "aws_instance" "site" {
  ami           = data.aws_ami.debian.id
  instance_type = var.aws_instance_type
  key_name      = aws_key_pair.site.key_name
  user_data = templatefile(local.template, merge(local.site, {
    site         = "aws"
    peer_address = local.site.azure_address
  }))
  tags       = { Name = "alula-${local.label}" }
  depends_on = [aws_eip_association.site]

  network_interface {
    network_interface_id = aws_network_interface.site.id
    device_index         = 0
  }

  metadata_options {
    http_tokens = "required"
  }

  # A newer image or template must not take a serving machine away, let alone both: -replace does, one at a time.
  lifecycle {
    ignore_changes = [ami, user_data]
  }
}
