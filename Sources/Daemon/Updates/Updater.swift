import Assembly
import Configuration
import Logging
import Memory
import Sockets
import Synchronization
import Updating
import Wire

/// Carries out dynamic updates (RFC 2136), one after another on the desk's thread: evaluate, build the zone,
/// write to disk, publish, tell the peers. Whatever fails, nothing of the update is done.
final class Updater: Sendable {
  private let store: UpdateStore
  private let loader: Loader
  private let logger: Logger
  /// Has the zones of an assembly answered instead of those that are, and calls back when they are.
  private let publish: @Sendable (Assembled, @escaping @Sendable () -> Void) -> Void
  /// Told that outboxes have something new.
  private let pass: @Sendable () -> Void

  init(
    _ store: UpdateStore, _ loader: Loader, _ logger: Logger,
    publish: @escaping @Sendable (Assembled, @escaping @Sendable () -> Void) -> Void,
    pass: @escaping @Sendable () -> Void
  ) {
    self.store = store
    self.loader = loader
    self.logger = logger
    self.publish = publish
    self.pass = pass
  }

  /// What an update has come to.
  private enum Result: Sendable {
    case done(Summary)
    case refused(UpdateRefusal)
  }

  private struct Summary: Sendable {
    var edits: [Edit] = []
    var ignored: [String] = []
    var serial: UInt32 = 0
    var passes = false
    var published: Mailbox<Bool>?
  }

  /// How long an answer waits for the zone to be served; the change itself is on disk by then.
  private static var patience: Duration { .seconds(5) }
  /// Records of a zone whose building leaves memory worth giving back.
  private static var large: Int { 10_000 }

  func carry(_ update: UpdateRequest, key: DomainName, from client: IPAddress) -> ResponseCode {
    let metadata: Logger.Metadata = [
      "zone": "\(update.zone.shortText)", "key": "\(key.shortText)", "client": "\(client)",
    ]
    switch loader.amend({ change(&$0, update, key, client) }) {
    case .refused(let refusal):
      logger.warning("update refused: \(refusal)", metadata: metadata)
      return refusal.code
    case .done(let summary):
      for text in summary.ignored { logger.info("update: without effect: \(text)", metadata: metadata) }
      guard let published = summary.published else { return .noError }
      let how = update.isPassedOn ? "update passed on by a peer" : "update"
      let changes = summary.edits.map(\.text).joined(separator: "; ")
      logger.notice("\(how): \(changes)", metadata: metadata.merging(["serial": "\(summary.serial)"]) { $1 })
      if summary.passes { pass() }
      _ = published.take(within: Self.patience)
      return .noError
    }
  }

  /// Evaluates the update, and does all of it or nothing.
  private func change(_ assembled: inout Assembled, _ update: UpdateRequest, _ key: DomainName, _ client: IPAddress)
    -> Result
  {
    do throws(UpdateRefusal) { return .done(try carryOut(&assembled, update, key, client)) } catch {
      return .refused(error)
    }
  }

  private func carryOut(
    _ assembled: inout Assembled, _ update: UpdateRequest, _ key: DomainName, _ client: IPAddress
  ) throws(UpdateRefusal) -> Summary {
    guard let index = assembled.index(ofZone: update.zone) else {
      throw UpdateRefusal(.notAuth, "\(update.zone.shortText) is no zone of this server")
    }
    let zone = assembled.zones[index]
    let peers = assembled.configuration.peers
    let senders = update.isPassedOn ? Updater.senders(peers.filter { $0.key == key }, client) : []
    guard !zone.rules.isEmpty, let updates = zone.updates else {
      throw UpdateRefusal(.refused, "the zone takes no updates")
    }
    for change in update.changes {
      if let obstacle = zone.obstacle(to: change) { throw UpdateRefusal(.refused, obstacle) }
    }
    let view = zone.view
    let outcome = try update.evaluate(for: key, rules: senders.isEmpty ? zone.rules : nil, view: view)
    var summary = Summary(edits: outcome.edits, ignored: outcome.ignored)
    guard !outcome.edits.isEmpty else {
      try yield(to: update, of: senders)
      return summary
    }
    var overlay = updates.overlay
    try overlay.apply(outcome.edits, after: senders.isEmpty ? nil : update.peerSerial) { identity in
      updates.isInFile(
        identity, isServed: view(identity.owner, identity.type).contains { $0.identity == identity })
    }
    var next = assembled
    if let fault = next.rebuild(zone: index, under: overlay) {
      throw UpdateRefusal(.servFail, "the zone cannot be built with it: \(fault)")
    }
    // What a peer passed on goes no further.
    let receivers = update.isPassedOn ? [] : peers.map(\.name.value)
    try keep(overlay, outcome.edits, receivers, yielding: (update, senders))
    assembled = next
    if next.zones[index].summary.records >= Self.large { loader.tidyAfterRelease() }
    let published = Mailbox<Bool>(capacity: 1)
    publish(next) { _ = published.post(true) }
    summary.serial = overlay.serial
    summary.passes = !receivers.isEmpty
    summary.published = published
    return summary
  }

  /// Who may have sent it: those with the key, and of them the one with the address if there is one.
  private static func senders(_ peers: [Configuration.Peer], _ client: IPAddress) -> [String] {
    let exact = peers.filter { $0.address.address == client }
    return (exact.isEmpty ? peers : exact).map(\.name.value)
  }

  /// Puts it on disk (RFC 2136 §3.5).
  private func keep(
    _ overlay: Overlay, _ edits: [Edit], _ receivers: [String], yielding word: (UpdateRequest, [String])
  ) throws(UpdateRefusal) {
    let logger = logger
    let now = Clock.wall()
    try change { kept in
      kept.overlays[overlay.zone] = overlay
      for peer in word.1 { kept.outboxes[peer]?.yield(to: word.0) }
      for peer in receivers {
        let lost = kept.outboxes[peer, default: Outbox()].put(edits, in: overlay.zone, at: now)
        if lost > 0 { logger.error("peer \(peer): the oldest \(lost) changes are given up, it has been away too long") }
      }
    }
  }

  /// What a peer says of a record is the later word, also where it changes nothing here: what waits for it about
  /// that record is not told any more.
  private func yield(to update: UpdateRequest, of senders: [String]) throws(UpdateRefusal) {
    guard senders.contains(where: { !store.outbox(of: $0).isEmpty }) else { return }
    try change { kept in for peer in senders { kept.outboxes[peer]?.yield(to: update) } }
  }

  private func change(_ body: @Sendable (inout KeptUpdates) -> Void) throws(UpdateRefusal) {
    do throws(FileError) { try store.change(body) } catch {
      throw UpdateRefusal(.servFail, "it cannot be put on disk: \(error)")
    }
  }
}

extension Edit {
  /// For the log.
  fileprivate var text: String {
    switch self {
    case .add(let record): "+ \(record.identity.text) (TTL \(record.ttl))"
    case .remove(let identity): "- \(identity.text)"
    }
  }
}
