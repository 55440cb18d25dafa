import Memory
import Updating
import Wire

/// The first octet says what the others are: a message, or the content of an overlay's or an outbox's file.
package func fuzzUpdate(_ octets: [UInt8]) {
  guard let kind = octets.first else { return }
  let rest = Array(octets.dropFirst())
  switch kind & 3 {
  case 0, 1: takeMessage(rest)
  case 2: takeOverlay(sealed(1, rest))
  default: takeOutbox(sealed(3, rest))
  }
}

private let key = SignatureKey(
  name: DomainName(unchecked: [1, 107, 0]), algorithm: .sha256, secret: [UInt8](repeating: 7, count: 32))
private let apex = DomainName(unchecked: [3, 97, 112, 112, 7] + Array("example".utf8) + [3, 99, 111, 109, 0])
private let time: UInt64 = 1_700_000_000

private func takeMessage(_ octets: [UInt8]) {
  if case .refused(let refusal) = KeyRing([key]).verify(octets, now: time) {
    precondition(!refusal.description.isEmpty)
    if let reply = UpdateReply.octets(to: octets, refusal.responseCode) { _ = refusal.complete(reply, now: time) }
  }
  if let signed = key.sign(request: octets, time: time),
    case .good(let request) = KeyRing([key]).verify(signed.octets, now: time)
  {
    precondition(request.message == octets && request.mac == signed.mac)
  }
  guard let request = try? UpdateRequest(octets) else { return }
  precondition(UpdateReply.octets(to: octets, .noError) != nil)
  carryOut(request)
}

/// What an update has done it does not do again, and what a peer is told of it says the same.
private func carryOut(_ request: UpdateRequest) {
  var zone = [
    Record(owner: request.zone, type: .ns, data: [0], ttl: 1),
    Record(owner: request.zone, type: .txt, data: [0], ttl: 1),
  ]
  guard let outcome = evaluate(request, zone) else { return }
  for edit in outcome.edits {
    zone.removeAll { $0.identity == edit.identity }
    if case .add(let record) = edit { zone.append(record) }
  }
  precondition(!request.prerequisites.isEmpty || evaluate(request, zone)?.edits.isEmpty == true)
  var overlay = Overlay(zone: request.zone, fileSerial: 1, fileHash: 1)
  guard (try? overlay.apply(outcome.edits, isInFile: { $0.type == .txt && $0.data == [0] })) != nil else { return }
  precondition(overlay.serial == (outcome.edits.isEmpty ? 1 : 2))
  precondition((try? Overlay(overlay.octets, zone: request.zone)) == overlay)
  var outbox = Outbox()
  outbox.put(outcome.edits, in: request.zone, at: time)
  precondition((try? Outbox(outbox.octets)) == outbox)
  guard let batch = outbox.next(upTo: 1232, identifier: 1) else { return precondition(outcome.edits.isEmpty) }
  guard let passed = try? UpdateRequest(batch.message) else { preconditionFailure("no update") }
  precondition(passed.isPassedOn && passed.changes.count == batch.count && passed.zone == request.zone)
  outbox.yield(to: passed)
  precondition(outbox.count == outcome.edits.count - batch.count)
}

private func evaluate(_ request: UpdateRequest, _ zone: [Record]) -> UpdateOutcome? {
  try? request.evaluate(for: key.name, rules: nil) { owner, type in
    zone.filter { $0.identity.owner == owner && (type == nil || $0.identity.type == type) }
  }
}

private func sealed(_ kind: UInt8, _ body: [UInt8]) -> [UInt8] {
  let octets = Array("ALULAUPD".utf8) + [0, 1, 0, kind] + body
  let hash = ContentHash.of(octets.rawBytes)
  return octets + stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: hash >> UInt64($0)) }
}

private func takeOverlay(_ octets: [UInt8]) {
  guard let overlay = try? Overlay(octets, zone: apex) else { return }
  precondition((try? Overlay(overlay.octets, zone: apex)) == overlay)
}

private func takeOutbox(_ octets: [UInt8]) {
  guard let outbox = try? Outbox(octets) else { return }
  precondition((try? Outbox(outbox.octets))?.octets == outbox.octets)
}
