extension Metrics {
  /// What the brain believes of each pool and member.
  mutating func add(_ report: StatusReport) {
    let members = report.pools.flatMap { pool in pool.members.map { (pool.name, $0) } }
    func labels(_ pool: String, _ member: StatusReport.Member) -> Labels {
      ["pool": pool, "endpoint": member.endpoint, "address": member.address]
    }
    each("alula_member_up", .gauge, "1: counts as up.", members) { metrics, name, pool, member in
      metrics.sample(name, labels(pool, member), member.state == .down ? 0 : 1)
    }
    each("alula_member_real_up", .gauge, "1: up by its checks, whatever was ordered.", members) {
      $0.sample($1, labels($2, $3), $3.real == .down ? 0 : 1)
    }
    each("alula_member_degraded", .gauge, "1: up, with a concern.", members) {
      $0.sample($1, labels($2, $3), $3.real == .degraded ? 1 : 0)
    }
    each("alula_member_forced", .gauge, "1: an operator's order decides.", members) {
      $0.sample($1, labels($2, $3), $3.override == nil ? 0 : 1)
    }
    each("alula_member_held_up", .gauge, "1: down by its checks, kept in service by a limit.", members) {
      $0.sample($1, labels($2, $3), $3.isHeldUp ? 1 : 0)
    }
    each("alula_member_answered", .gauge, "1: named by what is answered now.", members) {
      $0.sample($1, labels($2, $3), $3.isAnswered ? 1 : 0)
    }
    each("alula_member_transitions_total", .counter, "Verdicts that turned.", members) {
      $0.sample($1, labels($2, $3), $3.transitions)
    }
    each("alula_member_since_change_seconds", .gauge, "Time since the verdict turned.", members) {
      if let since = $3.since { $0.seconds($1, labels($2, $3), nanoseconds: report.time - since) }
    }
    each("alula_member_latency_seconds", .gauge, "Of the last successful probe.", members) {
      if let latency = $3.latency { $0.seconds($1, labels($2, $3), nanoseconds: latency) }
    }
    addPools(report)
  }

  private mutating func each(
    _ name: String, _ kind: Kind, _ help: String, _ members: [(String, StatusReport.Member)],
    _ body: (inout Metrics, String, String, StatusReport.Member) -> Void
  ) {
    family(name, kind, help)
    for (pool, member) in members { body(&self, name, pool, member) }
  }

  private mutating func addPools(_ report: StatusReport) {
    family("alula_pool_queries_total", .counter, "Queries that the pool answered for.")
    for pool in report.pools { sample("alula_pool_queries_total", ["pool": pool.name], pool.queries) }
    family("alula_pool_answers_total", .counter, "Of these, the ones that were answered with addresses.")
    for pool in report.pools { sample("alula_pool_answers_total", ["pool": pool.name], pool.withAddresses) }
    family("alula_pool_addresses", .gauge, "Addresses that are answered now.")
    for pool in report.pools {
      for answer in pool.answers {
        sample("alula_pool_addresses", ["pool": pool.name, "type": answer.type], answer.addresses.count)
      }
    }
    family("alula_pool_failed_open", .gauge, "1: too few were up, what is answered is so all the same.")
    for pool in report.pools {
      for answer in pool.answers {
        sample("alula_pool_failed_open", ["pool": pool.name, "type": answer.type], answer.failedOpen ? 1 : 0)
      }
    }
    single("alula_overrides", .gauge, "Orders in force.", report.overrides.count)
  }
}
