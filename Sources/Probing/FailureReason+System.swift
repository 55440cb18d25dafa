import Failover
import Glibc
import Sockets

extension FailureReason {
  init(_ error: SystemError) {
    switch error.number {
    case ECONNREFUSED: self = .refused
    case ECONNRESET, EPIPE: self = .reset
    default: self = .network(error.message.lowercased())
    }
  }
}
