import Answering
import Observing
import Wire

extension WorkerCounters {
  /// Counts what became of a request.
  @inline(__always) func count(_ reply: Reply, worker: Int) {
    if reply.isPlain {
      add(to: .answers(reply.code.rawValue), worker: worker)
    } else {
      countInFull(reply, worker: worker)
    }
  }

  private func countInFull(_ reply: Reply, worker: Int) {
    switch reply.fate {
    case .sent: add(to: .answers(reply.code.rawValue), worker: worker)
    case .slipped:
      add(to: .answers(reply.code.rawValue), worker: worker)
      add(to: .slippedRateLimited, worker: worker)
    case .malformed: add(to: .droppedMalformed, worker: worker)
    case .limited: add(to: .droppedRateLimited, worker: worker)
    }
    if reply.isTruncated { add(to: .truncated, worker: worker) }
    switch reply.cookie {
    case .none: break
    case .missing: add(to: .cookiesMissing, worker: worker)
    case .wrong: add(to: .cookiesWrong, worker: worker)
    case .valid: add(to: .cookiesValid, worker: worker)
    }
  }
}
