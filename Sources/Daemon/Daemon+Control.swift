import Assembly
import Configuration
package import Control
package import Failover
import Journal
import Logging
import Observing
import Serving
import Sockets
import Synchronization
import Updating
import Wire

extension Daemon: ControlledServer {
  package var fitness: Fitness {
    if isEnding { return .unfit("stopping") }
    if let trouble = pulse.trouble() { return .unfit(trouble) }
    return keeper?.status.trouble.map { .degraded("the state cannot be kept: \($0.text)") } ?? .good
  }

  package var figures: Figures {
    var figures = Figures(version: Commands.version, counters: counters)
    figures.kernelDrops = listeners.kernelDrops
    figures.zones = zones.withLock { $0 }
    (figures.reloads, figures.failedReloads) = loader.counts
    figures.droppedLogLines = log.dropped
    (figures.brainLag, figures.longestBrainLag) = pulse.lag()
    figures.probes = pulse.probes
    figures.publication = pulse.publication
    figures.journal = keeper?.status
    figures.droppedNotices = notices.droppedCount
    figures.failedNotices = notices.failedCount
    figures.started = started
    return figures
  }

  package func status(_ deliver: @escaping @Sendable (@escaping @Sendable () -> StatusReport) -> Void) {
    health.post(
      .look { [self] view, now in
        deliver { [self] in
          var report = StatusReport(view, at: now, history)
          report.reloadRefused = loader.refused
          report.peers = courier.standings
          let figures = figures
          report.zones = figures.zones.map(\.status)
          report.server = StatusReport.Server(
            version: figures.version, started: Int64(figures.started) * 1_000_000_000,
            queries: figures.counters.allQueries)
          return report
        }
      })
  }

  package func explain(
    _ question: ExplainQuestion,
    _ deliver: @escaping @Sendable (@escaping @Sendable () -> [ExplainReport]?) -> Void
  ) {
    health.post(
      .explain(question.client) { [loader] view, now, classes in
        // Looking for aliases takes a while in a large zone, which the brain does not have.
        deliver {
          let path = (try? DomainName(question.name)).map(loader.current.aliases(from:)) ?? []
          var question = question
          if let pool = path.last { question.name = pool.shortText }
          guard var reports = view.explanations(question, classes, at: now), !reports.isEmpty else { return nil }
          reports[0].text = (path.aliasLines + [reports[0].text]).joined(separator: "\n")
          return reports
        }
      })
  }

  package func give(_ order: Order, _ deliver: @escaping @Sendable (OrderReport) -> Void) {
    health.post(
      .give(order) { [history, keeper] subjects, view, now in
        var report = OrderReport(subjects: subjects)
        report.isVolatile = true
        if case .override(let override) = order, override.state == .down {
          report.add(view.lastAnswers(naming: subjects, history, at: now))
        }
        report.notes += view.openings(among: subjects)
        guard let keeper, !subjects.isEmpty else { return deliver(report) }
        let volatile = report
        keeper.keep(order, subjects, view) { isOnDisk in
          var report = volatile
          report.isVolatile = !isOnDisk
          deliver(report)
        }
      })
  }

  /// For a signal too, which wants to hear nothing.
  package func reload(_ deliver: @escaping @Sendable (ReloadReport) -> Void) {
    manager.tell(.reloading(at: Clock.monotonic()))
    loader.reload { [self] report in
      let refused = "; the latest reload was refused, see the log"
      manager.tell(.reloaded(status: status + (report.isAdopted ? "" : refused)))
      deliver(report)
    }
  }

  package func events(atMost count: Int) -> [Event] { events.latest(atMost: count) }

  /// Takes the control API's places; nil when the configuration wants none.
  ///
  /// - Parameter hasFolder: the state folder can be written to.
  static func control(
    _ assembled: Assembled, hasFolder: Bool, _ logger: Logger
  ) throws(StartError) -> ControlServer? {
    let address = assembled.configuration.control?.listen.value
    var path = assembled.stateFolder.map { $0 + "/" + ControlPlace.socketName }
    if let wanted = path, wanted.utf8.count > UnixSocket.longestPath {
      logger.warning("no control socket: \(wanted) is longer than \(UnixSocket.longestPath) octets; shorten `state`")
      path = nil
    }
    if path != nil, !hasFolder {
      logger.warning("no control socket: the state folder takes no files")
      path = nil
    }
    guard address != nil || path != nil else { return nil }
    do throws(SystemError) {
      let places = try ControlServer.Places(tcp: address, path: path)
      if let bound = places.address { logger.info("control API on http://\(bound)") }
      return try ControlServer(places, Access(assembled))
    } catch {
      let place = address.map { "\($0)" } ?? ""
      throw StartError(
        "cannot start the control API\(place.isEmpty ? "" : " on \(place)"): \(error); see `control.listen`")
    }
  }
}

extension Access {
  init(_ assembled: Assembled) {
    self.init(
      token: assembled.controlToken.map { Secret($0) }, hosts: assembled.configuration.control?.hosts ?? [])
  }
}

extension Figures.Zone {
  /// - Parameter before: what was served; a zone that is the same was read when it was.
  static func all(of assembled: Assembled, before: [Figures.Zone]) -> [Figures.Zone] {
    let known = Dictionary(before.map { ($0.name, $0.loaded) }, uniquingKeysWith: { first, _ in first })
    let now = Int64(Clock.wall())
    return assembled.zones.map { zone in
      let summary = zone.summary
      var loaded = now
      if case .memory = zone.source { loaded = known[summary.name] ?? now }
      var figures = Figures.Zone(name: summary.name, serial: summary.serial, loaded: loaded)
      figures.updates = zone.updates.map { ($0.overlay.added.count, $0.overlay.removed.count) }
      return figures
    }
  }

  fileprivate var status: StatusReport.Zone {
    StatusReport.Zone(name: name, serial: serial, loaded: loaded, updates: updates)
  }
}

extension OrderReport {
  fileprivate mutating func add(_ last: (expiry: Int64?, still: [String])) {
    lastExpiry = last.still.isEmpty ? last.expiry : nil
    if !last.still.isEmpty { notes.append("still answered, for want of others: \(last.still.joined(separator: ", "))") }
  }
}

extension View {
  /// Pools of these members that fail open now: an order may have taken the last one that was well.
  ///
  /// - Parameter subjects: `endpoint@pool`.
  fileprivate func openings(among subjects: [String]) -> [String] {
    let pools = Set(subjects.compactMap { $0.split(separator: "@", maxSplits: 1).last.map(String.init) })
    return brain.settings.pools.indices.filter { pools.contains(brain.settings.pools[$0].name) }.flatMap { pool in
      AddressFamily.allCases.filter { brain.answers[pool]?[$0].failedOpen ?? false }.map { family in
        "WARNING: \(brain.settings.pools[pool].name) \(family.recordType) fails open: \(brain.reason(pool: pool, family))"
      }
    }
  }

  /// When the last answer that named one of these members expires, and which of them are named still.
  ///
  /// - Parameter subjects: `endpoint@pool`.
  fileprivate func lastAnswers(
    naming subjects: [String], _ history: AnswerHistory, at now: Moment
  ) -> (expiry: Int64?, still: [String]) {
    let wanted = Set(subjects)
    var expiry: Int64?
    var still: [String] = []
    for (index, pool) in brain.settings.pools.enumerated() {
      let answered = Set(brain.answers[index].map { $0.v4.members + $0.v6.members } ?? [])
      for candidate in pool.candidates {
        let endpoint = brain.settings.endpoints[candidate.endpoint]
        let subject = "\(endpoint.name)@\(pool.name)"
        guard wanted.contains(subject) else { continue }
        if endpoint.members.contains(where: answered.contains) { still.append(subject) }
        for member in endpoint.members {
          let type = brain.settings.members[member].family.recordType
          let address = "\(plan.addresses[member])"
          guard let end = history.expiry(pool: pool.name, type: type, address: address, at: now.wall) else { continue }
          expiry = max(expiry ?? end, end)
        }
      }
    }
    return (expiry, still)
  }
}
