/// A zone as a real client transfers it: one record a line, in the order in which they came; empty when it was refused.
package func transfer(_ zone: String, from server: Endpoint, with client: String = "dig", _ options: [String] = [])
  throws -> [String]
{
  let command = [client, "@\(server.address)", "-p", "\(server.port)", "+noall", "+answer", zone, "AXFR"] + options
  return try run(command, seconds: 120).output.split(separator: "\n").compactMap { line in
    let words = line.split { $0 == " " || $0 == "\t" }
    return line.hasPrefix(";") || words.count < 5 ? nil : words.joined(separator: " ")
  }
}

// MARK: - Real servers as secondaries

extension Peers {
  package enum Kind: String, CaseIterable, Sendable { case nsd = "nsd", knot = "knotd", bind = "named" }

  /// A secondary of `zones`, asking often for what is new, that itself lets anyone on loopback transfer them.
  package static func secondary(
    _ kind: Kind, of primary: Endpoint, zones: [String], at endpoint: Endpoint, in folder: Folder
  ) throws -> Child {
    switch kind {
    case .nsd:
      let path = try folder.write("nsd.conf", nsd(primary, zones, endpoint, folder.path))
      return try start("nsd", ["-d", "-c", path], in: folder)
    case .knot:
      let path = try folder.write("knot.conf", knot(primary, zones, endpoint, folder.path))
      return try start("knotd", ["-c", path], in: folder)
    case .bind:
      let path = try folder.write("named.conf", bind(primary, zones, endpoint, folder.path))
      return try start("named", ["-g", "-n", "1", "-c", path], in: folder)
    }
  }

  private static func nsd(_ primary: Endpoint, _ zones: [String], _ endpoint: Endpoint, _ folder: String) -> String {
    """
    server:
      ip-address: \(endpoint.address)
      port: \(endpoint.port)
      server-count: 1
      username: ""
      chroot: ""
      database: ""
      pidfile: ""
      zonesdir: "\(folder)"
      zonelistfile: "\(folder)/zone.list"
      xfrdfile: "\(folder)/xfrd.state"
      xfrdir: "\(folder)"
    remote-control:
      control-enable: no

    """
      + zones.map {
        """
        zone:
          name: "\($0)"
          zonefile: "\($0).zone"
          request-xfr: \(primary.address)@\(primary.port) NOKEY
          provide-xfr: 127.0.0.0/8 NOKEY

        """
      }.joined()
  }

  private static func knot(_ primary: Endpoint, _ zones: [String], _ endpoint: Endpoint, _ folder: String) -> String {
    """
    server:
      rundir: "\(folder)"
      listen: \(endpoint.address)@\(endpoint.port)
    log:
      - target: stderr
        any: info
    database:
      storage: "\(folder)"
    remote:
      - id: primary
        address: \(primary.address)@\(primary.port)
    acl:
      - id: loopback
        address: 127.0.0.0/8
        action: transfer
    template:
      - id: default
        storage: "\(folder)"
        master: primary
        acl: loopback
        zonefile-sync: -1
        zonefile-load: none
        journal-content: none
        refresh-min-interval: 2
    zone:

    """ + zones.map { "  - domain: \"\($0)\"\n" }.joined()
  }

  private static func bind(_ primary: Endpoint, _ zones: [String], _ endpoint: Endpoint, _ folder: String) -> String {
    """
    options {
      directory "\(folder)"; pid-file none; session-keyfile none; lock-file none;
      listen-on port \(endpoint.port) { \(endpoint.address); }; listen-on-v6 { none; };
      recursion no; dnssec-validation no; notify no; allow-transfer { 127.0.0.0/8; };
      min-refresh-time 1; min-retry-time 1;
    };
    controls { };

    """
      + zones.map {
        "zone \"\($0)\" { type secondary; primaries port \(primary.port) { \(primary.address); }; file \"\($0).zone\"; };\n"
      }.joined()
  }
}
