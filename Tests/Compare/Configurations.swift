import TestSupport

/// The least that makes the four comparable: no rate limits, cookies or identity, sizes up to 4096, and as
/// little beyond what was asked as each can be told to send.
extension Server {
  static func configuration(
    _ kind: Kind, _ zones: [(apex: Name, path: String)], port: UInt16, _ folder: Folder
  ) -> String {
    switch kind {
    case .nsd: nsd(zones, port, folder.path)
    case .knot: knot(zones, port, folder.path)
    case .bind: bind(zones, port, folder.path)
    case .alula: alula(zones, port, folder.path)
    }
  }

  private static func nsd(_ zones: [(apex: Name, path: String)], _ port: UInt16, _ folder: String) -> String {
    """
    server:
      ip-address: 127.0.0.1
      port: \(port)
      server-count: 1
      username: ""
      chroot: ""
      database: ""
      pidfile: ""
      zonesdir: ""
      zonelistfile: "\(folder)/zone.list"
      xfrdfile: "\(folder)/xfrd.state"
      xfrdir: "\(folder)"
      ipv4-edns-size: 4096
      rrl-ratelimit: 0
      rrl-whitelist-ratelimit: 0
      answer-cookie: no
      round-robin: no
      minimal-responses: no
      refuse-any: no
    remote-control:
      control-enable: no

    """ + zones.map { "zone:\n  name: \"\($0.apex)\"\n  zonefile: \"\($0.path)\"\n" }.joined()
  }

  private static func knot(_ zones: [(apex: Name, path: String)], _ port: UInt16, _ folder: String) -> String {
    """
    server:
      rundir: "\(folder)"
      listen: 127.0.0.1@\(port)
      udp-workers: 1
      tcp-workers: 1
      background-workers: 1
      udp-max-payload: 4096
      tcp-idle-timeout: 60
      answer-rotation: off
    log:
      - target: stderr
        any: notice
    database:
      storage: "\(folder)"
    template:
      - id: default
        storage: "\(folder)"
        zonefile-sync: -1
        zonefile-load: whole
        journal-content: none
        semantic-checks: off
    zone:

    """ + zones.map { "  - domain: \"\($0.apex)\"\n    file: \"\($0.path)\"\n" }.joined()
  }

  private static func bind(_ zones: [(apex: Name, path: String)], _ port: UInt16, _ folder: String) -> String {
    """
    options {
      directory "\(folder)"; pid-file none; session-keyfile none; lock-file none;
      listen-on port \(port) { 127.0.0.1; }; listen-on-v6 { none; };
      recursion no; dnssec-validation no; notify no; empty-zones-enable no; allow-transfer { none; };
      minimal-responses no-auth; minimal-any yes; answer-cookie no; max-udp-size 4096; nocookie-udp-size 4096;
      check-integrity no; check-names primary ignore; check-mx ignore; check-mx-cname ignore;
      check-srv-cname ignore; check-sibling no; check-wildcard no; check-dup-records ignore; check-spf ignore;
    };
    controls { };

    """ + zones.map { "zone \"\($0.apex)\" { type primary; file \"\($0.path)\"; };\n" }.joined()
  }

  private static func alula(_ zones: [(apex: Name, path: String)], _ port: UInt16, _ folder: String) -> String {
    """
    server:
      listen: ["127.0.0.1:\(port)"]
      workers: 1
      udp-size: 4096
      cookies: off
    state: \(folder)/state
    zones:

    """ + zones.map { "  \"\($0.apex)\": { file: \"\($0.path)\" }\n" }.joined()
  }
}
