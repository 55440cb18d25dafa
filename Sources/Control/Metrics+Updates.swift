extension Metrics {
  /// What updates have made of the zones, and how it stands with the peers that they are passed on to.
  mutating func addUpdates(_ report: StatusReport) {
    family("alula_zone_update_records", .gauge, "Records that updates have added, and removed from the zone's file.")
    for zone in report.zones {
      guard let updates = zone.updates else { continue }
      sample("alula_zone_update_records", ["zone": zone.name, "kind": "added"], updates.added)
      sample("alula_zone_update_records", ["zone": zone.name, "kind": "removed"], updates.removed)
    }
    each("alula_peer_waiting_changes", .gauge, "Changes of records that the peer has not got yet.", report.peers) {
      $0.sample($1, $2, $3.waiting)
    }
    each("alula_peer_lag_seconds", .gauge, "How long the oldest of them has waited; 0: none waits.", report.peers) {
      $0.seconds($1, $2, nanoseconds: $3.waitingSince.map { max(0, report.time - $0) } ?? 0)
    }
    each("alula_peer_up", .gauge, "0: the latest attempt to pass something on has failed.", report.peers) {
      $0.sample($1, $2, $3.isFailing ? 0 : 1)
    }
    each("alula_peer_failures_total", .counter, "Attempts to pass something on that have failed.", report.peers) {
      $0.sample($1, $2, $3.failures)
    }
    each("alula_peer_since_success_seconds", .gauge, "Time since the peer took something.", report.peers) {
      if let last = $3.lastSuccess { $0.seconds($1, $2, nanoseconds: max(0, report.time - last)) }
    }
  }

  private mutating func each(
    _ name: String, _ kind: Kind, _ help: String, _ peers: [StatusReport.Peer],
    _ body: (inout Metrics, String, Labels, StatusReport.Peer) -> Void
  ) {
    family(name, kind, help)
    for peer in peers { body(&self, name, ["peer": peer.name, "address": peer.address], peer) }
  }
}
