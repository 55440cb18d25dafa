package import JSONFormat
package import Wire

/// A `ResourceRecordSet` of Route 53's API: what it means to us, and the JSON itself, with whatever it has
/// that we do not know, since a DELETE must repeat it to the letter.
package struct RecordSet: Sendable, Equatable {
  package let json: JSON
  /// For messages.
  package let path: String
  package let name: DomainName
  /// As written: `A`, `NS`.
  package let type: String
  package let setIdentifier: String?
  package let routing: Routing
  /// Seconds; an alias has none.
  package let ttl: UInt32?
  /// As in a master file, but with octal escapes.
  package let values: [String]
  package let alias: Alias?
  package let healthCheck: String?

  /// How Route 53 chooses among the record sets of one name and type.
  package enum Routing: Sendable, Equatable {
    case simple
    case failover(isPrimary: Bool)
    case weighted(Int)
    case multivalue
    case geolocation(Geolocation)
    case latency(region: String)
    case network(collection: String, location: String)
    case geoproximity
    /// Made by a traffic policy.
    case trafficPolicy(instance: String)
  }

  package enum Geolocation: Sendable, Hashable {
    case `default`
    case continent(String)
    case country(String)
    case subdivision(country: String, String)
  }

  package struct Alias: Sendable, Equatable {
    package let zone: String
    package let target: DomainName
    package let evaluatesHealth: Bool
  }
}

extension RecordSet {
  package init(_ shape: Shape) throws(ShapeError) {
    json = shape.json
    path = shape.path
    let written = try shape.member("Name")
    guard let name = Route53Name.read(try written.string()) else { throw written.error("this is no domain name") }
    self.name = name
    type = try shape.member("Type").string()
    setIdentifier = try shape.string("SetIdentifier")
    routing = try Routing(shape)
    healthCheck = try shape.string("HealthCheckId")
    let alias = try shape.optional("AliasTarget").map { target throws(ShapeError) in try Alias(target) }
    self.alias = alias
    // An alias has its target's; what an emulator says instead means nothing.
    let ttl = try shape.integer("TTL", 0...2_147_483_647).map { UInt32($0) }
    self.ttl = alias == nil ? ttl : nil
    var values: [String] = []
    for record in try shape.optional("ResourceRecords")?.elements() ?? [] {
      values.append(try record.member("Value").string())
    }
    self.values = values
    guard alias != nil || !values.isEmpty else { throw shape.error("neither ResourceRecords nor AliasTarget") }
    guard alias != nil || ttl != nil else { throw shape.error("the member TTL is missing") }
  }

  /// For messages: `app.example.com A (aws)`.
  package var title: String {
    "\(name.shortText) \(type)" + (setIdentifier.map { " (\($0))" } ?? "")
  }
}

extension RecordSet.Alias {
  init(_ shape: Shape) throws(ShapeError) {
    zone = try shape.member("HostedZoneId").string()
    let written = try shape.member("DNSName")
    guard let name = Route53Name.read(try written.string()) else { throw written.error("this is no domain name") }
    target = name
    evaluatesHealth = try shape.member("EvaluateTargetHealth").bool()
  }
}

extension RecordSet.Routing {
  init(_ shape: Shape) throws(ShapeError) {
    if let instance = try shape.string("TrafficPolicyInstanceId") {
      self = .trafficPolicy(instance: instance)
    } else if let failover = shape.optional("Failover") {
      switch try failover.string() {
      case "PRIMARY": self = .failover(isPrimary: true)
      case "SECONDARY": self = .failover(isPrimary: false)
      default: throw failover.error("PRIMARY or SECONDARY was expected")
      }
    } else if let weight = try shape.integer("Weight", 0...255) {
      self = .weighted(weight)
    } else if let region = try shape.string("Region") {
      self = .latency(region: region)
    } else if let place = shape.optional("GeoLocation") {
      self = .geolocation(try RecordSet.Geolocation(place))
    } else if let network = shape.optional("CidrRoutingConfig") {
      self = .network(
        collection: try network.member("CollectionId").string(), location: try network.member("LocationName").string())
    } else if shape.optional("GeoProximityLocation") != nil {
      self = .geoproximity
    } else {
      self = try shape.bool("MultiValueAnswer") == true ? .multivalue : .simple
    }
  }
}

extension RecordSet.Geolocation {
  init(_ shape: Shape) throws(ShapeError) {
    if let continent = try shape.string("ContinentCode") {
      self = .continent(continent)
    } else {
      let country = try shape.member("CountryCode").string()
      if let subdivision = try shape.string("SubdivisionCode") {
        self = .subdivision(country: country, subdivision)
      } else {
        self = country == "*" ? .default : .country(country)
      }
    }
  }
}
