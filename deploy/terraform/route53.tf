# The delegation: plain NS records, to which Route 53's policies do not apply, and glue for the names below it.

locals {
  servers = {
    ns1 = local.site.aws_address
    ns2 = local.site.azure_address
  }
}

resource "aws_route53_record" "delegation" {
  count   = var.delegates ? 1 : 0
  zone_id = var.hosted_zone_id
  name    = var.name
  type    = "NS"
  ttl     = var.delegation_ttl
  records = [for server in keys(local.servers) : "${server}.${var.name}."]
}

resource "aws_route53_record" "glue" {
  for_each = var.delegates ? local.servers : {}
  zone_id  = var.hosted_zone_id
  name     = "${each.key}.${var.name}"
  type     = "A"
  ttl      = var.delegation_ttl
  records  = [each.value]
}

resource "aws_route53_record" "ds" {
  count   = var.delegates && length(var.ds_records) > 0 ? 1 : 0
  zone_id = var.hosted_zone_id
  name    = var.name
  type    = "DS"
  ttl     = var.delegation_ttl
  records = var.ds_records
}
