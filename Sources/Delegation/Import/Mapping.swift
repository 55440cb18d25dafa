/// What of Route 53 becomes what of Alula: the table of docs/migrate-from-route53.md, which is made of this.
package enum Mapping {
  package struct Row: Sendable {
    package let theirs: String
    package let ours: String
    /// Empty: it behaves the same.
    package let difference: String

    init(_ theirs: String, _ ours: String, _ difference: String = "") {
      self.theirs = theirs
      self.ours = ours
      self.difference = difference
    }
  }

  package static let rows: [Row] = [
    Row("simple records, several values", "records of the zone file", "values are answered in a rotating order"),
    Row("failover", "pool with `policy: failover`; a record without health check has `check: none`"),
    Row("weighted, 0 to 255", "`policy: weighted` with the same weights; weight 0 answers when nobody else is healthy"),
    Row("multivalue answers", "`policy: all-healthy`, `max-answers: 8`"),
    Row(
      "geolocation: continents, countries, default", "`policy: client` with `continents`, `countries` and `default`",
      "needs `location-database`; where a client is may be told differently by another database"),
    Row("geolocation: subdivisions of the US", "–", "listed; their clients get what the country gets"),
    Row(
      "latency", "`policy: fastest`",
      "by how soon the sites answer this server's probes, as latency between AWS regions is not known"),
    Row("IP-based (CIDR collections)", "`policy: client` with `networks`; location `*` is the `default`"),
    Row("geoproximity, traffic policies", "–", "listed, with what to write by hand"),
    Row(
      "policies for types other than A and AAAA", "records of the zone file, as while all is well",
      "listed; they do not follow failures"),
    Row(
      "alias of a record in the hosted zone",
      "the same choice: a group where it is one of several, a copy of plain records; with EvaluateTargetHealth off it is never passed over"
    ),
    Row(
      "alias of a service of AWS (load balancer, CloudFront, S3)", "–",
      "listed: give the name an Elastic IP, or leave it in Route 53"),
    Row("everybody unhealthy", "as if all were healthy, group by group"),
    Row(
      "health check HTTP, HTTPS, with or without string", "check `http` or `https`, with `body`",
      "probed from each Alula, not from AWS's regions; each opens the connection anew"),
    Row("health check TCP", "check `tcp`"),
    Row("endpoint by address or by domain name", "`address` of the check", "by name: IPv6 addresses count too"),
    Row("Host header", "`host`, with the port unless it is 80 for HTTP and 443 for HTTPS"),
    Row("EnableSNI", "always sent", "listed where it was off"),
    Row(
      "certificates, which Route 53 does not look at", "`verify: false`", "say `verify: true` to have them looked at"),
    Row("FailureThreshold", "`rise` and `fall`"),
    Row(
      "RequestInterval", "`interval`",
      "from start to start instead of from answer to request; shorten it, now that you may: 1 s is usual"),
    Row(
      "time limits (4 s to connect, 2 s for the status, 2 s for the string; TCP 10 s)",
      "`connect-timeout`, `first-byte-timeout`, `timeout`"),
    Row("Inverted, Disabled", "`inverted`, `disabled`"),
    Row("calculated checks", "check `calculated` with `of` and `at-least`"),
    Row(
      "checks of CloudWatch metrics, routing controls", "check `manual`",
      "listed: `alula drain` and `alula release` are its switch"),
    Row(
      "Regions, MeasureLatency, SNS, CloudWatch metrics", "–", "kept in route53.json; see `on-change` and `/metrics`"),
    Row("SOA and NS of the hosted zone", "an SOA and the NS records of `--server`"),
  ]

  /// As Markdown.
  package static var table: String {
    let lines = rows.map { "| \($0.theirs) | \($0.ours) | \($0.difference) |" }
    return (["| Route 53 | Alula | what differs |", "|---|---|---|"] + lines).joined(separator: "\n")
  }
}
