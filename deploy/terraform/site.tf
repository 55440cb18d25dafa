# What both machines are told: the same configuration, zone and website, but for which of them they are.

resource "random_bytes" "update_key" {
  length = 32
}

locals {
  label = replace(var.name, ".", "-")
  site = {
    name           = var.name
    aws_address    = aws_eip.site.public_ip
    azure_address  = azurerm_public_ip.site.ip_address
    package_url    = var.package_url
    package_sha256 = var.package_sha256
    update_key     = random_bytes.update_key.base64
  }
  template = "${path.module}/../cloud-init/site.yaml.tftpl"

  # Queries, over both transports, and the websites; the probes of both machines come in by the same doors.
  doors = {
    dns_udp = { port = 53, protocol = "udp" }
    dns_tcp = { port = 53, protocol = "tcp" }
    http    = { port = 80, protocol = "tcp" }
    https   = { port = 443, protocol = "tcp" }
  }
}
