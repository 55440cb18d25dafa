import Memory
import Observing
import Sockets
import Synchronization
package import Wire

/// A request signed with one of our keys (RFC 8945), as it came, with the way back to who sent it.
package struct SignedRequest: Sendable {
  package let octets: [UInt8]
  package let client: IPAddress
  let wayBack: WayBack

  enum WayBack: Sendable {
    case datagram(DatagramReturn)
    /// The connection's token, at its worker.
    case stream(UInt64, LateAnswers)
  }

  package var isDatagram: Bool { if case .datagram = wayBack { true } else { false } }

  /// Sends the answer; a client that has gone meanwhile does not get it. Nil: none, and a connection is closed.
  package func answer(_ octets: [UInt8]?) {
    switch wayBack {
    case .datagram(let sender): if let octets { _ = sender.send(octets) }
    case .stream(let token, let answers): answers.post(token, octets)
    }
  }
}

/// Where workers leave signed requests.
package final class SignedRequests: Sendable {
  private let box: Mailbox<SignedRequest>

  package init(capacity: Int = 256) { box = Mailbox(capacity: capacity) }

  /// False when it is full.
  func post(_ request: SignedRequest) -> Bool { box.post(request) }
  /// Sleeps until there are some; nil when it is closed.
  package func take() -> [SignedRequest]? { box.take() }
  package func close() { box.close() }
}

/// Answers for connections of the TCP worker that were made by another thread.
final class LateAnswers: Sendable {
  private let waiting = Mutex<[(token: UInt64, octets: [UInt8]?)]>([])
  let waker: Waker

  init() throws(SystemError) { waker = try Waker() }

  func post(_ token: UInt64, _ octets: [UInt8]?) {
    waiting.withLock { $0.append((token, octets)) }
    waker.wake()
  }

  func take() -> [(token: UInt64, octets: [UInt8]?)] {
    waker.clear()
    return waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
  }
}

extension UDPWorker {
  /// Leaves a signed request to who verifies it; false when there is no room. Takes memory and a lock, as no
  /// other query does: signed requests are rare, and for each there is a signature to be computed.
  @inline(never) func handOver(
    _ i: Int, isIPv6: Bool, _ batch: borrowing DatagramBatch, _ socket: borrowing DatagramSocket
  ) -> Bool {
    signed.post(
      SignedRequest(
        octets: batch.octets(i), client: batch.client(i, isIPv6: isIPv6),
        wayBack: .datagram(batch.wayBack(i, over: socket))))
  }
}
