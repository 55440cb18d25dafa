/// One thing that workers count. The index is its place in every worker's slots.
@usableFromInline package struct Counter: Hashable, Sendable, BitwiseCopyable {
  @usableFromInline package let index: Int
  @inlinable init(_ index: Int) { self.index = index }

  @usableFromInline package enum Transport: Int, Sendable { case udp, tcp }

  /// Queries received, by transport and address family.
  @inlinable package static func queries(_ transport: Transport, isIPv6: Bool) -> Counter {
    switch transport {
    case .udp: Counter(isIPv6 ? 1 : 0)
    case .tcp: Counter(isIPv6 ? 3 : 2)
    }
  }

  /// Replies sent, by response code; codes that have no counter of their own share one.
  @inlinable package static func answers(_ responseCode: UInt16) -> Counter {
    Counter(4 + (responseCode < 24 ? Int(responseCode) : 24))
  }

  /// Replies that carried TC.
  @inlinable package static var truncated: Counter { Counter(29) }
  /// Datagrams shorter than a header, or responses sent to us as if they were queries.
  @inlinable package static var droppedMalformed: Counter { Counter(30) }
  @inlinable package static var droppedResponse: Counter { Counter(31) }
  /// From port 0, to which nothing can be sent.
  @inlinable package static var droppedPortZero: Counter { Counter(32) }
  @inlinable package static var droppedRateLimited: Counter { Counter(33) }
  /// Replies that the kernel did not take.
  @inlinable package static var droppedUnsent: Counter { Counter(34) }
  /// Datagrams that the kernel dropped before they were read: the receive buffer was full.
  @inlinable package static var droppedByKernel: Counter { Counter(35) }

  @inlinable package static var tcpAccepted: Counter { Counter(36) }
  @inlinable package static var tcpRefused: Counter { Counter(37) }
  @inlinable package static var tcpClosedByPeer: Counter { Counter(38) }
  @inlinable package static var tcpClosedIdle: Counter { Counter(39) }
  /// Closed to make room at the connection limit.
  @inlinable package static var tcpClosedForRoom: Counter { Counter(40) }
  /// Closed for a framing error, or because the peer did not read.
  @inlinable package static var tcpClosedForCause: Counter { Counter(41) }

  /// Limited answers that were sent truncated or with BADCOOKIE instead of not at all.
  @inlinable package static var slippedRateLimited: Counter { Counter(42) }
  /// Queries with a client cookie alone, with a server cookie that is not ours, with one that is.
  @inlinable package static var cookiesMissing: Counter { Counter(43) }
  @inlinable package static var cookiesWrong: Counter { Counter(44) }
  @inlinable package static var cookiesValid: Counter { Counter(45) }
  @inlinable package static var transfersStarted: Counter { Counter(46) }
  @inlinable package static var transfersFinished: Counter { Counter(47) }
  /// Ended before the last message was given to the kernel.
  @inlinable package static var transfersAborted: Counter { Counter(48) }
  /// Requests over TCP that were answered with an error.
  @inlinable package static var transfersRefused: Counter { Counter(49) }

  /// Signed with one of our keys, and left to who verifies them.
  @inlinable package static var handedOver: Counter { Counter(50) }

  /// Questions by type; types from 258 on share one.
  @inlinable package static func questions(_ type: UInt16) -> Counter {
    Counter(firstQuestion &+ (type < typesApart ? Int(type) : Int(typesApart)))
  }

  @inlinable static var firstQuestion: Int { 51 }
  /// Up to CAA (257), the highest that is asked for in numbers.
  @inlinable static var typesApart: UInt16 { 258 }
  @inlinable static var count: Int { firstQuestion + Int(typesApart) + 1 }

  package static var questionTypes: [Counter] { (firstQuestion..<count).map { Counter($0) } }
  package static var answerCodes: [Counter] { (4..<29).map { Counter($0) } }

  /// The response code or the type alone, as metrics have it.
  package var label: String {
    switch index {
    case 4..<28: Self.responseCode(index - 4)
    case 28: "other"
    case Self.firstQuestion..<Self.count - 1: Self.typeName(index - Self.firstQuestion)
    case Self.count - 1: "other"
    default: name
    }
  }

  /// Every counter in the order of the indices.
  package static var all: [Counter] { (0..<count).map { Counter($0) } }

  /// What metrics and status call it.
  package var name: String {
    switch index {
    case 0..<4: ["queries_udp_ipv4", "queries_udp_ipv6", "queries_tcp_ipv4", "queries_tcp_ipv6"][index]
    case 4..<28: "answers_" + Self.responseCode(index - 4)
    case 28: "answers_other"
    case Self.firstQuestion...: "questions_" + label.lowercased()
    default: Self.otherNames[index - 29]
    }
  }

  private static let otherNames = [
    "truncated", "dropped_malformed", "dropped_response", "dropped_port_zero", "dropped_rate_limited",
    "dropped_unsent", "dropped_by_kernel", "tcp_accepted", "tcp_refused", "tcp_closed_by_peer", "tcp_closed_idle",
    "tcp_closed_for_room", "tcp_closed_for_cause", "slipped_rate_limited", "cookies_missing",
    "cookies_wrong", "cookies_valid", "transfers_started", "transfers_finished", "transfers_aborted",
    "transfers_refused", "requests_signed",
  ]

  /// As in a master file; those without a name here as RFC 3597 writes them.
  private static func typeName(_ type: Int) -> String {
    let named = [
      1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA", 33: "SRV", 35: "NAPTR",
      39: "DNAME", 43: "DS", 46: "RRSIG", 47: "NSEC", 48: "DNSKEY", 50: "NSEC3", 51: "NSEC3PARAM", 52: "TLSA",
      59: "CDS", 60: "CDNSKEY", 64: "SVCB", 65: "HTTPS", 251: "IXFR", 252: "AXFR", 255: "ANY", 257: "CAA",
    ]
    return named[type] ?? "TYPE\(type)"
  }

  private static func responseCode(_ code: Int) -> String {
    let named = [
      0: "noerror", 1: "formerr", 2: "servfail", 3: "nxdomain", 4: "notimp", 5: "refused", 6: "yxdomain", 7: "yxrrset",
      8: "nxrrset", 9: "notauth", 10: "notzone", 16: "badvers", 17: "badkey", 18: "badtime", 22: "badtrunc",
      23: "badcookie",
    ]
    return named[code] ?? "rcode\(code)"
  }
}
