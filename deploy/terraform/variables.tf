variable "name" {
  description = "The name to delegate, without a final dot: app.example.com."
  type        = string
  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$", var.name))
    error_message = "Write the name in lower case without a final dot, such as app.example.com."
  }
}

variable "hosted_zone_id" {
  description = "The id of the hosted zone in Route 53 that the name lies in."
  type        = string
  validation {
    condition     = can(regex("^Z[A-Z0-9]+$", var.hosted_zone_id))
    error_message = "The id alone, such as Z0123456789ABCDEFGHIJ, without /hostedzone/."
  }
}

variable "delegates" {
  description = "Whether the NS and glue records are made. Begin with false, and let `alula route53 delegate` make them where the name has records already."
  type        = bool
  default     = false
}

variable "delegation_ttl" {
  description = "Seconds, of the NS, glue and DS records: so long resolvers stay after an undoing."
  type        = number
  default     = 300
  validation {
    condition     = var.delegation_ttl >= 30 && var.delegation_ttl <= 172800 && floor(var.delegation_ttl) == var.delegation_ttl
    error_message = "Whole seconds between 30 and 172800 (two days)."
  }
}

variable "ds_records" {
  description = "DS records of the name, where its zone is signed: \"KEYTAG ALGORITHM DIGESTTYPE DIGEST\" each. The zone that cloud-init writes is not."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for ds in var.ds_records : can(regex("^[0-9]{1,5} [0-9]{1,3} [0-9]{1,3} ([0-9A-Fa-f]{2})+$", ds))])
    error_message = "Key tag, algorithm, digest type and the digest in hexadecimal digits, such as \"12345 13 2 0a1b…\"."
  }
}

variable "package_url" {
  description = "Where the machines get Alula's Debian package (`make deb`) from, by HTTPS."
  type        = string
  validation {
    condition     = can(regex("^https://[!-~]+$", var.package_url)) && !can(regex("[\"'\\\\$`]", var.package_url))
    error_message = "The package is fetched by https:// only; no quotes, dollar signs, backslashes or spaces."
  }
}

variable "package_sha256" {
  description = "The package's SHA-256 in hexadecimal digits: another package is not installed."
  type        = string
  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.package_sha256))
    error_message = "64 hexadecimal digits, as sha256sum prints them."
  }
}

variable "ssh_public_key" {
  description = "For the user admin on EC2 and azureuser on Azure; RSA of 2048 bits or more is what both clouds take."
  type        = string
  validation {
    condition     = can(regex("^(ssh-rsa|ssh-ed25519) [A-Za-z0-9+/=]+", var.ssh_public_key))
    error_message = "The content of a .pub file, which begins with ssh-rsa or ssh-ed25519."
  }
}

variable "ssh_networks" {
  description = "Who may reach port 22; nobody by default."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for network in var.ssh_networks : can(cidrnetmask(network)) && !endswith(network, "/0")])
    error_message = "IPv4 networks such as 192.0.2.0/24, and not the whole world."
  }
}

variable "aws_region" {
  description = "Where the EC2 instance runs."
  type        = string
  default     = "eu-west-1"
}

variable "aws_subnet_id" {
  description = "A public subnet for the EC2 instance, whose routes lead to an internet gateway; by default one of the region's default VPC."
  type        = string
  default     = null
}

variable "aws_instance_type" {
  description = "Of the EC2 instance; amd64, as the package is."
  type        = string
  default     = "t3.small"
}

variable "azure_location" {
  description = "Where the Azure VM runs: far from the AWS region."
  type        = string
  default     = "germanywestcentral"
}

variable "azure_vm_size" {
  description = "Of the Azure VM; amd64, as the package is."
  type        = string
  default     = "Standard_B1ms"
}
