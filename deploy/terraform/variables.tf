variable "name" {
  description = "The name to delegate, without a final dot: app.example.com."
  type        = string
  validation {
    condition     = can(regex("^([a-z0-9-]+\\.)+[a-z0-9-]+$", var.name))
    error_message = "Write the name in lower case without a final dot, such as app.example.com."
  }
}

variable "hosted_zone_id" {
  description = "The id of the hosted zone in Route 53 that the name lies in."
  type        = string
}

variable "delegates" {
  description = "Whether the NS and glue records are made. Begin with false, and let `alula route53 delegate` make them where the name has records already."
  type        = bool
  default     = false
}

variable "delegation_ttl" {
  description = "Seconds, of the NS and glue records: so long resolvers stay after an undoing."
  type        = number
  default     = 300
}

variable "package_url" {
  description = "Where the machines get Alula's Debian package (`make deb`) from, by HTTPS."
  type        = string
  validation {
    condition     = startswith(var.package_url, "https://")
    error_message = "The package is fetched by https:// only."
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
  description = "For the user admin on both machines."
  type        = string
}

variable "ssh_networks" {
  description = "Who may reach port 22; nobody by default."
  type        = list(string)
  default     = []
}

variable "aws_region" {
  description = "Where the EC2 instance runs."
  type        = string
  default     = "eu-west-1"
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
  description = "Of the Azure VM."
  type        = string
  default     = "Standard_B1ms"
}
