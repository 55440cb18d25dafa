/// A difference that is meant, and why. Each is also in docs/decisions.md.
struct KnownDifference {
  let title: String
  /// The three's common reply, and Alula's.
  let matches: @Sendable (Question, Reply, Reply) -> Bool

  static let all: [KnownDifference] = [
    KnownDifference(title: "ANY is answered with one RRset, which need not be the peers' (RFC 8482 §4.1)") {
      $0.type == Types.any && $1.code == $2.code
        && [$1, $2].allSatisfy { !$0.sections[0].isEmpty || $0.isTruncated }
    },
    KnownDifference(title: "addresses of SVCB and HTTPS targets are sent along (RFC 9460 §4.1)") {
      [64, 65].contains($0.type) && $1.code == $2.code && sorted($1.sections[0]) == sorted($2.sections[0])
        && sorted($1.sections[1]) == sorted($2.sections[1]) && Set($1.sections[2]).isSubset(of: $2.sections[2])
    },
    KnownDifference(title: "names are compressed more, and what just fits is not truncated (RFC 2181 §9)") {
      $1.isTruncated && !$2.isTruncated && $1.code == $2.code && $2.length * 10 > $0.limit * 9
    },
    KnownDifference(title: "that an empty wildcard has no data is proved, not only that it matches (RFC 4035 §3.1.3.4)")
    {
      $1.code == $2.code && provesEmptyWildcard($2, $0) && !provesEmptyWildcard($1, $0)
        && ($2.isTruncated || Set($1.sections[1]).isSubset(of: $2.sections[1]))
    },
  ]
}

/// Whether an NSEC record jumps over the wildcard that stands for the question to a name below it: that
/// wildcard has no records (RFC 4592 §2.2.2).
private func provesEmptyWildcard(_ reply: Reply, _ question: Question) -> Bool {
  reply.sections[1].contains { record in
    guard record.type == Types.nsec else { return false }
    let next = Name(wire: record.data)
    return next.labels.indices.dropFirst().contains {
      let wildcard = Name(labels: Array(next.labels[$0...]))
      return wildcard.isWildcard && question.name.isBelow(wildcard.parent ?? wildcard)
    }
  }
}
