package import JSONFormat

/// A `HealthCheck` of Route 53's API; members that mean nothing to us stay in the JSON.
package struct HealthCheck: Sendable, Equatable {
  package let json: JSON
  package let path: String
  package let id: String
  /// `HealthCheckConfig`, to the letter.
  package let config: JSON
  package let type: Kind
  package let address: String?
  package let port: Int?
  package let resource: String?
  package let domain: String?
  package let searchString: String?
  /// Seconds; nil: this kind has none.
  package let interval: Int?
  package let failureThreshold: Int?
  package let isInverted: Bool
  package let isDisabled: Bool
  package let sendsServerName: Bool?
  package let children: [String]
  package let healthThreshold: Int?

  package enum Kind: String, Sendable {
    case http = "HTTP"
    case https = "HTTPS"
    case httpMatch = "HTTP_STR_MATCH"
    case httpsMatch = "HTTPS_STR_MATCH"
    case tcp = "TCP"
    case calculated = "CALCULATED"
    case cloudWatch = "CLOUDWATCH_METRIC"
    case recoveryControl = "RECOVERY_CONTROL"
  }
}

extension HealthCheck {
  package init(_ shape: Shape) throws(ShapeError) {
    json = shape.json
    path = shape.path
    id = try shape.member("Id").string()
    let config = try shape.member("HealthCheckConfig")
    self.config = config.json
    let written = try config.member("Type")
    guard let type = Kind(rawValue: try written.string()) else {
      throw written.error("a type of health check that is not known here")
    }
    self.type = type
    address = try config.string("IPAddress")
    port = try config.integer("Port", 1...65535)
    resource = try config.string("ResourcePath")
    domain = try config.string("FullyQualifiedDomainName")
    searchString = try config.string("SearchString")
    interval = try config.integer("RequestInterval", 10...30)
    failureThreshold = try config.integer("FailureThreshold", 1...10)
    isInverted = try config.bool("Inverted") ?? false
    isDisabled = try config.bool("Disabled") ?? false
    sendsServerName = try config.bool("EnableSNI")
    children = try config.strings("ChildHealthChecks")
    healthThreshold = try config.integer("HealthThreshold", 0...256)
  }
}
