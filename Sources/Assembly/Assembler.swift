import Configuration
package import Diagnostics
import Memory
import Wire
import Zone

/// Reads a configuration and everything it names, and reports every problem in and between them.
///
/// `check`, `serve` and a reload all begin here.
package struct Assembler {
  private let folder: String
  private let now: UInt32
  /// Zones that may be taken over where nothing has changed.
  let running: [BuiltZone]
  /// Whether zones may come from their images in the state folder.
  private let usesImages: Bool
  var images: ZoneImages?
  /// What earlier updates have left.
  var kept = KeptUpdates()
  private var readsKept = true
  var problems: ProblemList

  /// Largest configuration file, in octets.
  private static var largestConfiguration: Int { 8 << 20 }

  /// - Parameters:
  ///   - path: of the configuration file.
  ///   - now: seconds since 1970, for what ends.
  ///   - running: zones that are shared where neither file nor pools have changed.
  ///   - usesImages: whether zones may come from the state folder.
  ///   - kept: what earlier updates have left; nil: what the state folder holds.
  ///   - problems: gets errors, warnings and notes, in the order in which they are found.
  /// - Returns: nil if any problem is an error.
  package static func assemble(
    _ path: String, at now: UInt32, running: [BuiltZone] = [], usesImages: Bool = false,
    kept: KeptUpdates? = nil, problems: inout ProblemList
  ) -> Assembled? {
    var assembler = Assembler(
      folder: folder(of: path), now: now, running: running, usesImages: usesImages, problems: ProblemList())
    swap(&assembler.problems, &problems)
    if let kept { assembler.kept = kept }
    assembler.readsKept = kept == nil
    let result = assembler.assemble(path)
    swap(&assembler.problems, &problems)
    return problems.hasErrors ? nil : result
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private mutating func assemble(_ path: String) -> Assembled? {
    guard let configuration = read(path) else { return nil }
    checkAuthorities(configuration)
    let cookies = cookieSecrets(configuration)
    let token = controlToken(configuration)
    let locations = locations(configuration)
    let stateFolder = configuration.state.map { resolve($0.value) }
    if usesImages { images = stateFolder.map(ZoneImages.init) }
    if readsKept, let stateFolder { readKept(stateFolder) }
    let keys = signatureKeys(configuration)
    var zones: [BuiltZone] = []
    for (zone, owners) in zip(configuration.zones, PooledOwner.byZone(configuration)) {
      guard let built = build(zone, owners) else { continue }
      let served = BuiltZone(
        built, pools: owners.map { UInt32($0.pool) }, transfer: zone.transfer,
        rules: updateRules(zone, configuration))
      check(owners, in: served.zone.value)
      checkUpdates(zone, isSigned: served.zone.value.isSigned)
      warnOfStaleSecondaries(zone, owners)
      if let warning = served.signatureEnd?.warning(now) {
        problems.report(Problem(.warning, zone.file.position, warning))
      }
      zones.append(served)
    }
    guard !problems.hasErrors else { return nil }
    let folder = folder
    let plan = HealthPlan(configuration) { Assembler.resolve($0, folder) }
    return Assembled(
      configuration: configuration, health: plan, zones: zones, clients: ClientTables(plan.clientTables, locations),
      cookies: cookies, stateFolder: stateFolder,
      controlToken: token, keys: keys, kept: kept)
  }

  private mutating func readKept(_ stateFolder: String) {
    kept = KeptUpdates(folder: stateFolder)
    for damage in kept.damage {
      problems.report(
        Problem(
          .warning, nil,
          "\(KeptUpdates.path(in: stateFolder)), what updates have changed: \(damage); what it says is lost, and the file is put aside"
        ))
    }
  }

  private mutating func read(_ path: String) -> Configuration? {
    do {
      let file = try FileContents(path, limit: Self.largestConfiguration)
      let (configuration, found) = Configuration.read(Array(file.bytes), file: path)
      for problem in found { problems.report(problem) }
      return configuration
    } catch {
      problems.report(Problem(.error, nil, "cannot read the configuration: \(error)"))
      return nil
    }
  }

  func resolve(_ name: String) -> String { Assembler.resolve(name, folder) }

  private static func resolve(_ name: String, _ folder: String) -> String {
    name.hasPrefix("/") ? name : "\(folder)/\(name)"
  }
}
