package import JSONFormat
import Observing

extension StatusReport {
  package var json: JSON {
    .object([
      "time": .time(time), "reload_refused": .time(reloadRefused),
      "pools": .array(pools.map { $0.json(overrides, time) }),
      "overrides": .array(overrides.map(\.json)),
      "peers": .array(peers.map { $0.json(time) }),
      "zones": .array(zones.map(\.json)),
      "server": server?.json(time) ?? .null,
    ])
  }
}

extension StatusReport.Pool {
  package func json(_ overrides: [StatusReport.Override], _ now: Int64) -> JSON {
    .object([
      "name": .string(name),
      "ttl": .object(["min": .integer(ttl.lowerBound), "max": .integer(ttl.upperBound)]),
      "answers": .array(answers.map(\.json)),
      "members": .array(members.map { $0.json(overrides, now) }),
      "queries": .integer(queries), "answers_with_addresses": .integer(withAddresses),
    ])
  }
}

extension StatusReport.Answer {
  fileprivate var json: JSON {
    .object([
      "type": .string(type), "addresses": .array(addresses.map { .string($0) }), "failed_open": .bool(failedOpen),
      "reason": .string(reason), "since": .time(since),
    ])
  }
}

extension StatusReport.Member {
  fileprivate func json(_ overrides: [StatusReport.Override], _ now: Int64) -> JSON {
    .object([
      "endpoint": .string(endpoint), "address": .string(address), "state": .string(state.rawValue),
      "real_state": .string(real.rawValue), "held_up": .bool(isHeldUp), "answered": .bool(isAnswered),
      "since": .time(since),
      "for_seconds": since.map { .thousandths((now - $0) / 1_000_000) } ?? .null, "reason": .optional(reason),
      "latency_ms": latency.map { .thousandths($0 / 1000) } ?? .null, "transitions": .integer(transitions),
      "override": override.map { overrides[$0].json } ?? .null,
    ])
  }
}

extension StatusReport.Override {
  fileprivate var json: JSON {
    .object([
      "pattern": .string(pattern), "what": .string(what), "reason": .string(reason), "by": .string(by),
      "since": .time(since), "expires": .time(expires),
    ])
  }
}

extension StatusReport.Peer {
  fileprivate func json(_ now: Int64) -> JSON {
    .object([
      "name": .string(name), "address": .string(address), "waiting": .integer(waiting),
      "waiting_since": .time(waitingSince),
      "waiting_for_seconds": waitingSince.map { .thousandths(max(0, now - $0) / 1_000_000) } ?? .null,
      "failing": .bool(isFailing), "failures": .integer(failures), "last_error": .optional(lastError),
      "last_failure": .time(lastFailure), "last_success": .time(lastSuccess),
    ])
  }
}

extension StatusReport.Zone {
  fileprivate var json: JSON {
    .object([
      "name": .string(name), "serial": .integer(serial), "read": .time(loaded),
      "records_added": updates.map { .integer($0.added) } ?? .null,
      "records_removed": updates.map { .integer($0.removed) } ?? .null,
    ])
  }
}

extension StatusReport.Server {
  fileprivate func json(_ now: Int64) -> JSON {
    .object([
      "version": .string(version), "started": .time(started),
      "up_for_seconds": .thousandths(max(0, now - started) / 1_000_000), "queries": .integer(queries),
    ])
  }
}

extension JSON {
  /// RFC 3339; nil becomes null.
  package static func time(_ nanoseconds: Int64?) -> JSON {
    nanoseconds.map { .string(rfc3339($0 / 1_000_000)) } ?? .null
  }
}
