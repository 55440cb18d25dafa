import Answering
import Observing
import Wire

extension WorkerCounters {
  /// Counts what became of a request.
  ///
  /// - Parameter type: what was asked for.
  @inline(__always) func count(_ reply: Reply, type: UInt16, worker: Int) {
    if reply.isPlain {
      add(to: .questions(type), worker: worker)
      add(to: .answers(reply.code.rawValue), worker: worker)
    } else {
      countInFull(reply, type: type, worker: worker)
    }
  }

  private func countInFull(_ reply: Reply, type: UInt16, worker: Int) {
    switch reply.fate {
    case .sent: add(to: .answers(reply.code.rawValue), worker: worker)
    case .slipped:
      add(to: .answers(reply.code.rawValue), worker: worker)
      add(to: .slippedRateLimited, worker: worker)
    case .malformed: return add(to: .droppedMalformed, worker: worker)
    case .limited: add(to: .droppedRateLimited, worker: worker)
    // Who answers it counts the answer.
    case .handedOver: return add(to: .handedOver, worker: worker)
    }
    add(to: .questions(type), worker: worker)
    if reply.isTruncated { add(to: .truncated, worker: worker) }
    switch reply.cookie {
    case .none: break
    case .missing: add(to: .cookiesMissing, worker: worker)
    case .wrong: add(to: .cookiesWrong, worker: worker)
    case .valid: add(to: .cookiesValid, worker: worker)
    }
  }
}
