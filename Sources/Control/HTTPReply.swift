import Sockets
import Synchronization

/// The one reply to one request, given from any thread. Only the first counts, and none after its time.
package struct HTTPReply: Sendable {
  private let number: UInt64
  private let replies: HTTPReplies

  init(_ number: UInt64, _ replies: HTTPReplies) {
    self.number = number
    self.replies = replies
  }

  package func send(_ response: HTTPResponse) { replies.post(number, response) }
}

/// Replies on their way to the server's thread. As each request gives at most one, the server's limit on
/// connections bounds them too.
final class HTTPReplies: Sendable {
  private let waker: Waker
  private let waiting = Mutex<(responses: [(UInt64, HTTPResponse)], isStopping: Bool)>(([], false))

  init(_ waker: Waker) { self.waker = waker }

  func post(_ number: UInt64, _ response: HTTPResponse) {
    waiting.withLock { $0.responses.append((number, response)) }
    waker.wake()
  }

  func stop() {
    waiting.withLock { $0.isStopping = true }
    waker.wake()
  }

  func take() -> (responses: [(UInt64, HTTPResponse)], isStopping: Bool) {
    waker.clear()
    return waiting.withLock { waiting in
      defer { waiting.responses = [] }
      return waiting
    }
  }
}
