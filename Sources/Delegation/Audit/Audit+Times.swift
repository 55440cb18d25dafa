import Failover
import Wire

// MARK: - Signatures and times

extension Audit {
  mutating func checkSigners() {
    let told = seen.parents.filter { $0.signers != nil }
    guard let first = told.first, let signers = first.signers else { return }
    for other in told.dropFirst() where other.signers != signers {
      add(.error, .ds, other.title, "its DS records differ from those at \(first.title)", "wait, then see why")
    }
    for server in heard {
      guard let keys = server.keys else { continue }
      check(signers, keys, server)
    }
    compare(.ds, \.keys, "DNSKEY records with tags") { keys in
      keys.map { "\(DelegationSigner.keyTag($0))" }.sorted().joined(separator: ", ")
    }
    let keys = heard.compactMap(\.keys)
    // A signed zone without a DS is neither good nor unsigned: a note says it.
    guard !keys.isEmpty, !signers.isEmpty || keys.allSatisfy(\.isEmpty) else { return }
    addGood(
      .ds, name, signers.isEmpty ? "not signed, and no DS at the parent" : "the parent's DS matches the zone's keys")
  }

  private mutating func check(_ signers: Set<[UInt8]>, _ keys: Set<[UInt8]>, _ server: ServerView) {
    if signers.isEmpty {
      if !keys.isEmpty {
        add(
          .note, .ds, server.title, "the zone is signed, but the parent has no DS: nobody validates it",
          "add the DS record, once signatures are renewed reliably")
      }
      return
    }
    guard !keys.isEmpty else {
      return add(
        .error, .ds, server.title, "the parent has a DS, but the zone no DNSKEY: validating resolvers answer SERVFAIL",
        "remove the DS at once, or serve the signed zone")
    }
    let known = signers.filter { $0.count > 4 && DelegationSigner.digest($0[3]) != nil }
    if known.isEmpty {
      return add(.warning, .ds, server.title, "the digest types of the DS are unknown here: not compared")
    }
    let good = known.filter { signer in
      keys.contains { DelegationSigner.data(seen.name, $0, digest: signer[3]) == signer }
    }
    if good.isEmpty {
      add(
        .error, .ds, server.title,
        "no DS (key tags \(Audit.tags(known))) matches a DNSKEY (\(Audit.keyTags(keys))): validating resolvers answer SERVFAIL",
        "replace the DS by one of the zone's key")
    } else if good.count < known.count {
      add(
        .note, .ds, server.title, "DS \(Audit.tags(known.subtracting(good))) matches no key, others do: a key rollover?"
      )
    } else if good.allSatisfy({ $0[3] == 1 }) {
      add(.warning, .ds, server.title, "the DS has an SHA-1 digest only", "add one with SHA-256 (RFC 8624 section 3.3)")
    }
  }

  private static func tags(_ signers: Set<[UInt8]>) -> String {
    signers.map { "\(UInt16($0[0]) << 8 | UInt16($0[1]))" }.sorted().joined(separator: ", ")
  }

  private static func keyTags(_ keys: Set<[UInt8]>) -> String {
    keys.map { "\(DelegationSigner.keyTag($0))" }.sorted().joined(separator: ", ")
  }

  mutating func checkTimes() {
    checkAddressTime()
    if let negative = heard.compactMap(\.negativeTTL).max() {
      if let goal = seen.recovery.time, .seconds(negative) > goal {
        add(
          .warning, .ttl, "\(name) SOA",
          "that a name or address does not exist is kept for \(negative) s, longer than the recovery time of \(goal.text)",
          "lower the SOA's minimum (its last number)")
      } else if negative > 3600 {
        add(
          .warning, .ttl, "\(name) SOA", "that a name does not exist is kept for \(negative) s",
          "lower the SOA's minimum (its last number)")
      }
    }
    let ttls = Set(delegating.map(\.ttl))
    if let longest = ttls.max(), longest > 86400 {
      add(
        .warning, .ttl, "\(name) NS at the parent",
        "the delegation is kept for \(longest) s: so long a server that was replaced is still asked",
        "lower its TTL to a day or less, to 300 while it is new")
    } else if let longest = ttls.max(), let goal = seen.recovery.time, .seconds(longest) > goal {
      add(
        .note, .ttl, "\(name) NS at the parent",
        "the delegation is kept for \(longest) s: a failover needs no change there, but undoing it takes that long")
    }
    if let address = heard.compactMap(\.addressTTL).max() {
      let delegation = ttls.max().map { ", the delegation for \($0) s" } ?? ""
      addGood(.ttl, name, "addresses are kept for \(address) s\(delegation)")
    }
  }

  private mutating func checkAddressTime() {
    guard let ttl = heard.compactMap(\.addressTTL).max() else { return }
    let cached = Duration.seconds(ttl)
    let total = cached + (seen.recovery.detection ?? .zero)
    let parts = seen.recovery.detection.map { "noticed within \($0.text), then " } ?? ""
    guard let goal = seen.recovery.time else {
      if ttl > 300 {
        add(
          .warning, .ttl, name, "\(parts)addresses are kept for \(ttl) s: so long users stay with a site that is down",
          "lower the pool's ttl")
      }
      return
    }
    if total > goal {
      add(
        .error, .ttl, name,
        "a failure is \(parts)kept in caches for \(ttl) s: longer than the recovery time of \(goal.text)",
        "lower the pool's ttl, or declare a longer time")
    }
  }
}
