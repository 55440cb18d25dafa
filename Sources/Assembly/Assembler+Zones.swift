import Configuration
import Crypto
import Diagnostics
import Memory
import Wire
import Zone

/// A name whose addresses are a pool's.
struct PooledOwner {
  let name: DomainName
  let position: Position
  /// Index in the configuration.
  let pool: Int
  /// The address types that the pool has no member for.
  let lacking: Set<RecordType>

  /// By zone, the owners that lie in it and in no zone below it.
  static func byZone(_ configuration: Configuration) -> [[PooledOwner]] {
    let zones = Dictionary(
      configuration.zones.enumerated().map { ($1.name.value, $0) }, uniquingKeysWith: { first, _ in first })
    var owners = [[PooledOwner]](repeating: [], count: configuration.zones.count)
    for (index, pool) in configuration.pools.enumerated() {
      let lacking = lacking(pool)
      for owner in pool.owners {
        guard let zone = enclosing(owner.value, zones) else { continue }
        owners[zone].append(PooledOwner(name: owner.value, position: owner.position, pool: index, lacking: lacking))
      }
    }
    return owners
  }

  private static func lacking(_ pool: Configuration.Pool) -> Set<RecordType> {
    let isIPv6 = pool.members.flatMap(\.addresses).map(\.value.isIPv6)
    return Set([(RecordType.a, false), (.aaaa, true)].filter { !isIPv6.contains($0.1) }.map(\.0))
  }

  private static func enclosing(_ name: DomainName, _ zones: [DomainName: Int]) -> Int? {
    var at: DomainName? = name
    while let ancestor = at {
      if let zone = zones[ancestor] { return zone }
      at = ancestor.parent
    }
    return nil
  }
}

extension Assembler {
  /// One zone: the running one if it is still the same, else from its image, else from its file; nil when it
  /// has an error.
  mutating func build(_ zone: Configuration.Zone, _ owners: [PooledOwner]) -> ZoneContent? {
    let path = resolve(zone.file.value)
    let origin = ZoneOrigin(pools: owners)
    let isUpdatable = isUpdatable(zone)
    for old in running {
      guard let same = old.content(of: path, as: origin, for: zone.name.value, isUpdatable: isUpdatable)
      else { continue }
      problems.take(same.origin.problems)
      return same
    }
    do throws(ZoneImageError) {
      // An image has no records that an update could be applied to.
      if !isUpdatable, let loaded = try images?.load(zone.name.value, file: path, as: origin, pools: owners.count) {
        problems.take(loaded.origin.problems)
        let known = loaded.origin
        return ZoneContent(zone: loaded.take(), origin: known, source: .image)
      }
    } catch {
      let name = zone.name.value.shortText
      problems.report(
        Problem(.note, zone.file.position, "the image of \(name) in the state folder is made anew: \(error)"))
    }
    return read(path, zone, owners, origin)
  }

  private mutating func read(
    _ path: String, _ zone: Configuration.Zone, _ owners: [PooledOwner], _ origin: ZoneOrigin
  ) -> ZoneContent? {
    let files = ReadFiles()
    var origin = origin
    var limits = ZoneFileLimits()
    // An eighth stays for everything else.
    limits.memory = AvailableMemory.octets / 8 * 7
    let parsed: ParsedZoneFile
    do { parsed = try files.parse(path, zone.name.value, limits) } catch {
      problems.report(Problem(.error, zone.file.position, "cannot read the zone file: \(error)"))
      return nil
    }
    origin.problems.take(parsed.problems)
    origin.files = files.read
    guard !parsed.problems.hasErrors else {
      problems.take(origin.problems)
      return nil
    }
    if isUpdatable(zone) { return amend(zone, owners, origin, limits.memory, Shared(parsed.takeRecords())) }
    let built = ZoneBuilder.build(
      records: parsed.takeRecords(), pooled: owners.map(\.name), lacking: owners.map(\.lacking),
      memory: limits.memory, problems: &origin.problems)
    problems.take(origin.problems)
    guard let built else { return nil }
    return ZoneContent(zone: Shared(built), origin: origin, source: .file)
  }

  /// A pool answers with authority, so it cannot stand where the zone has none.
  mutating func check(_ owners: [PooledOwner], in zone: borrowing Zone) {
    var buffer = NameBuffer()
    for owner in owners {
      buffer.set(owner.name)
      let name = owner.name.shortText
      if zone.isSigned {
        report(
          owner,
          "the pool \(name) lies in a signed zone: its answers change, and nobody has signed them; delegate the name to an unsigned zone of its own, or take the signatures out of the zone file"
        )
        continue
      }
      switch zone.lookup(buffer, .a).outcome {
      case .found: continue
      case .referral:
        report(
          owner,
          "the pool \(name) lies at or below a delegation of its zone, where others answer; remove the NS records or move the pool"
        )
      case .redirection, .noSuchName:
        report(
          owner, "the pool \(name) lies below a DNAME record, where no names exist; remove the DNAME or move the pool")
      }
    }
  }

  /// A failover changes answers but not the serial, by which secondaries know that there is something new.
  mutating func warnOfStaleSecondaries(_ zone: Configuration.Zone, _ owners: [PooledOwner]) {
    guard !zone.transfer.isEmpty, !owners.isEmpty else { return }
    let name = zone.name.value.shortText
    problems.report(
      Problem(
        .warning, zone.name.position,
        "the zone \(name) has pools and may be transferred: the serial does not move with a failover, so secondaries go on "
          + "answering with the addresses they transferred; delegate to no secondary that must follow a failover"))
  }

  private mutating func report(_ owner: PooledOwner, _ message: String) {
    problems.report(Problem(.error, owner.position, message))
  }

  /// An authorities' file that cannot be read would make every probe fail on our own account.
  mutating func checkAuthorities(_ configuration: Configuration) {
    for check in configuration.checks {
      checkIdentity(check)
      guard let file = check.authoritiesFile else { continue }
      let path = resolve(file.value)
      do throws(FileError) { _ = try FileContents(path, limit: 16 << 20) } catch {
        problems.report(Problem(.error, file.position, "cannot read the check's ca-file: \(error)"))
        continue
      }
      do throws(TLSFailure) { _ = try TLSContext(.file(path)) } catch {
        problems.report(
          Problem(.error, file.position, "the check's ca-file \(path) holds no certificates in PEM: \(error)"))
      }
    }
  }

  /// The same for a client's certificate and key.
  private mutating func checkIdentity(_ check: Configuration.Check) {
    guard let file = check.options.clientCertificate, let identity = HealthPlan.identity(check, resolve) else { return }
    do throws(TLSFailure) { _ = try TLSContext(.off, as: identity) } catch {
      problems.report(
        Problem(.error, file.position, "the check's client-cert and client-key cannot be used: \(error)"))
    }
  }
}
