package import Answering
import Memory
import Observing
import Sockets
package import Wire

/// A transfer on its way to a client.
struct OutgoingTransfer: ~Copyable {
  var transfer: ZoneTransfer
  let client: IPAddress
  /// Nanoseconds, monotonic.
  let began: UInt64
  /// Written so far, with the messages' lengths.
  var octets = 0

  init(_ transfer: consuming ZoneTransfer, _ client: IPAddress, now: UInt64) {
    self.transfer = transfer
    self.client = client
    began = now
  }
}

/// A transfer that has ended.
package struct TransferReport: Sendable {
  package enum Ending: String, Sendable {
    case finished
    case closedByClient = "the client closed the connection"
    case silent = "the client stopped reading"
    case madeRoom = "other connections needed the room"
    case givenUp = "it took too long, or too much waits for other clients"
    case stopped = "the server stops"

    /// - Parameter reason: why its connection is closed.
    init(_ reason: Counter) {
      switch reason {
      case .tcpClosedByPeer: self = .closedByClient
      case .tcpClosedIdle: self = .silent
      case .tcpClosedForRoom: self = .madeRoom
      default: self = .givenUp
      }
    }
  }

  package let client: IPAddress
  package let ending: Ending
  package let records: Int
  /// Octets of the stream.
  package let octets: Int
  /// Nanoseconds.
  package let duration: UInt64
  /// What was transferred. With it goes the lease, which may be the last on a large zone.
  package let snapshot: ZoneSnapshot
}

// MARK: - Slices

extension TCPWorker {
  /// Sends the next slice: at most 64 KiB.
  mutating func continueTransfer(_ slot: Int) {
    let now = Clock.monotonic()
    guard var outgoing = table.slots[slot].transfer.take() else { return }
    let written = fill(&outgoing.transfer)
    outgoing.octets += written
    let isStuck = written == 0 || now > outgoing.began + limits.transferTime
    table.slots[slot].transfer = consume outgoing
    guard !isStuck else { return close(slot, .tcpClosedForCause) }
    guard send(slot, written) else { return }
    table.touch(slot, now: now)
    finishTransfer(slot)
  }

  /// Ends a transfer of which all is written and sent.
  mutating func finishTransfer(_ slot: Int) {
    if let isDone = table.slots[slot].transfer?.transfer.isDone, isDone { endTransfer(slot, .finished) }
  }

  /// Writes messages into the output while they fit a slice.
  ///
  /// - Returns: octets written.
  private mutating func fill(_ transfer: inout ZoneTransfer) -> Int {
    var written = 0
    while !transfer.isDone {
      let room = Self.largestFrame - written - 2
      guard room > 0 else { break }
      var message = Message(output.mutableBytes(at: written + 2, count: room + Message.slack), length: 0)
      guard transfer.write(to: &message, limit: room) else { break }
      let length = message.length
      var prefix = output.mutableBytes(at: written, count: 2)
      prefix.put(UInt16(length), at: 0)
      written += 2 + length
    }
    return written
  }

  /// Takes a transfer off its connection, if it has one.
  mutating func endTransfer(_ slot: Int, _ ending: TransferReport.Ending) {
    guard let outgoing = table.slots[slot].transfer.take() else { return }
    transfers -= 1
    counters.add(to: ending == .finished ? .transfersFinished : .transfersAborted, worker: index)
    transferred(
      TransferReport(
        client: outgoing.client, ending: ending, records: outgoing.transfer.records, octets: outgoing.octets,
        duration: Clock.monotonic() - outgoing.began, snapshot: outgoing.transfer.snapshot))
  }

  /// The server stops, and has waited long enough.
  mutating func abandonTransfers() {
    for slot in 0..<table.slots.count { endTransfer(slot, .stopped) }
  }
}
