package import Answering
package import Configuration
package import Failover
package import Memory
package import Updating
package import Wire
package import Zone

/// A configuration with its zones read and built: all that a generation is made of but the pools'
/// answers, which the brain decides. Nothing is running yet.
package struct Assembled: Sendable {
  package let configuration: Configuration
  package let health: HealthPlan
  package internal(set) var zones: [BuiltZone]
  let clients: ClientTables
  let cookies: CookieSecrets
  /// The path of what outlives a restart, if anything does.
  package let stateFolder: String?
  /// What orders over the control API must show; nil: they come over the UNIX socket only.
  package let controlToken: String?
  /// Those that requests may be signed with.
  package let keys: KeyRing
  /// What earlier updates have left, of zones that are served and of others.
  package let kept: KeptUpdates

  /// - Parameters:
  ///   - answers: by pool index.
  ///   - workers: how many read it.
  package func generation(_ answers: [PoolAnswer], _ deadlines: [Deadlines], workers: Int) -> Generation {
    return Generation(
      zones: ZoneTable(
        FixedArray(count: zones.count) {
          ZoneTable.Entry(zone: zones[$0].zone.share(), pools: zones[$0].pools, transfer: zones[$0].transfer)
        }),
      pools: FixedArray(count: health.pools.count) { PoolSlot(health.block($0, answers[$0]), deadlines[$0]) },
      clients: FixedArray(count: clients.tables.count) { clients.tables[$0].share() },
      settings: settings, workers: workers)
  }

  /// The class that each table of clients gives an address.
  package func classes(of client: IPAddress) -> [Int: Int] {
    var classes: [Int: Int] = [:]
    for table in 0..<clients.tables.count { classes[table] = clients.tables[table].value.find(client).classIndex }
    return classes
  }

  private var settings: AnswerSettings {
    var settings = AnswerSettings(
      udpSize: UInt16(configuration.server.udpSize), identity: configuration.server.identity)
    settings.cookies = cookies
    settings.keys = KeyNames(configuration.keys.map(\.name.value))
    settings.usesClientSubnet = configuration.server.clientSubnet
    settings.sizeWithoutCookie = UInt16(
      min(configuration.server.sizeWithoutCookie ?? configuration.server.udpSize, configuration.server.udpSize))
    if let limit = configuration.server.rateLimit {
      settings.rateLimit = RateLimit(responses: limit.responses, slip: limit.slip, exempt: limit.exempt)
    }
    let (seconds, attoseconds) = configuration.server.tcp.idle.components
    settings.keepalive = UInt16(clamping: seconds * 10 + attoseconds / 100_000_000_000_000_000)
    return settings
  }
}

/// A zone as it was read, found in its image or left as it is by a reload.
struct ZoneContent: ~Copyable {
  let zone: Shared<Zone>
  let origin: ZoneOrigin
  let source: ZoneSource
  /// Nil: no update can change it, and none has.
  var updates: ZoneUpdates?
}

/// Where a zone came from.
package enum ZoneSource: Sendable {
  case file
  /// Nobody has yet looked into the files that it was once made from.
  case image
  /// It was being served already.
  case memory
}

/// A zone, with the pools that answer at its names.
package final class BuiltZone: Sendable {
  package let zone: Shared<Zone>
  /// Indices of the configuration's pools, in the zone's own count.
  let pools: [UInt32]
  let transfer: [IPPrefix]
  let origin: ZoneOrigin
  package let source: ZoneSource
  package let updates: ZoneUpdates?
  /// Who may change what; empty: nobody.
  package let rules: [UpdateRule]

  /// Whether the zone's files still hold what it was made from; reads them all.
  package var isCurrent: Bool { origin.reread != nil }

  /// The same zone once more, if reading `file` anew would make nothing else.
  func content(
    of file: String, as origin: ZoneOrigin, for apex: DomainName, isUpdatable: Bool
  ) -> ZoneContent? {
    guard zone.value.apex == apex, (updates != nil) == isUpdatable, self.origin.pools == origin.pools,
      self.origin.files.first?.path == file,
      let reread = self.origin.reread
    else { return nil }
    // With other times the image is no longer the file's.
    let isUntouched = zip(reread.files, self.origin.files).allSatisfy { $0.hash == $1.hash }
    return ZoneContent(zone: zone.share(), origin: reread, source: isUntouched ? .memory : .file, updates: updates)
  }

  /// For the log.
  package var summary: (name: String, records: Int, serial: UInt32) {
    (zone.value.apex.shortText, zone.value.recordCount, zone.value.serial)
  }

  init(
    _ content: consuming ZoneContent, pools: [UInt32], transfer: [IPPrefix], rules: [UpdateRule] = []
  ) {
    origin = content.origin
    source = content.source
    updates = content.updates
    zone = content.zone
    self.rules = rules
    self.pools = pools
    self.transfer = transfer
  }
}

extension HealthPlan {
  /// What pool `index` answers when the brain has decided `answer`.
  package func block(_ index: Int, _ answer: PoolAnswer) -> PoolBlock {
    let addresses = addresses
    return PoolBlock(answer, ttl: settings.pools[index].ttl) { addresses[$0] }
  }
}
