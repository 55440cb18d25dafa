output "addresses" {
  description = "The public addresses of both sites, which are those of both name servers."
  value       = local.servers
}

output "try" {
  description = "Both servers answer with the site that is up."
  value       = [for address in values(local.servers) : "dig @${address} ${var.name} A +short"]
}

output "delegate" {
  description = "What makes the delegation where the name has records in the hosted zone already."
  value       = "alula route53 delegate ${var.name} --config alula.yaml --zone-id ${var.hosted_zone_id} --undo-file undo.json"
}

output "update_key" {
  description = "The key of dynamic updates, for certbot on both machines."
  value       = random_bytes.update_key.base64
  sensitive   = true
}
