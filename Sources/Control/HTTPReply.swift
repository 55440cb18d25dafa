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

/// What other threads have for the server's: replies, and work. As each request gives at most one of either, the
/// server's limit on connections bounds them too.
final class HTTPReplies: Sendable {
  private let waker: Waker
  private let waiting = Mutex(Waiting())

  struct Waiting: Sendable {
    var work: [@Sendable () -> Void] = []
    var responses: [(UInt64, HTTPResponse)] = []
    var isStopping = false
  }

  init(_ waker: Waker) { self.waker = waker }

  /// Readable when there is something to take.
  var descriptor: Int32 { waker.descriptor }

  func post(_ number: UInt64, _ response: HTTPResponse) {
    waiting.withLock { $0.responses.append((number, response)) }
    waker.wake()
  }

  /// Has the server's thread do something.
  func run(_ work: @escaping @Sendable () -> Void) {
    waiting.withLock { $0.work.append(work) }
    waker.wake()
  }

  func stop() {
    waiting.withLock { $0.isStopping = true }
    waker.wake()
  }

  /// For the server's thread: does the work, and takes the replies, those included that this brought.
  func take() -> (responses: [(UInt64, HTTPResponse)], isStopping: Bool) {
    waker.clear()
    for work in waiting.withLock({ takeAll(&$0.work) }) { work() }
    return waiting.withLock { waiting in
      defer { waiting.responses = [] }
      return (waiting.responses, waiting.isStopping)
    }
  }
}

/// Takes all elements out.
private func takeAll<Element>(_ elements: inout [Element]) -> [Element] {
  defer { elements = [] }
  return elements
}
