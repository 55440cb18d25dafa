/// The real servers that .ci/peers unpacked: never installed, run in the foreground on loopback, and gone with the test.
package enum Peers {
  private static let folder = packageFolder + "/.build-peers"

  package static var areThere: Bool { (try? readOctets(folder + "/complete")) != nil }

  private static let environment = [
    "LD_LIBRARY_PATH": listFolder(folder + "/usr/lib").filter { $0.hasSuffix("-linux-gnu") }
      .flatMap { ["\(folder)/usr/lib/\($0)", "\(folder)/lib/\($0)"] }.joined(separator: ":")
  ]

  /// - Parameter place: the folder below `usr` that the package has the program in.
  package static func start(
    _ program: String, _ arguments: [String], in folder: Folder, from place: String = "sbin",
    environment more: [String: String] = [:]
  ) throws -> Child {
    try Child(
      ["\(Self.folder)/usr/\(place)/\(program)"] + arguments, environment: environment.merging(more) { $1 }, in: folder,
      output: "\(program).log")
  }

  /// Runs a tool or client to its end and returns what it wrote.
  /// - Throws: `Trouble` when its exit status is another than 0.
  @discardableResult
  package static func run(_ program: String, _ arguments: [String]) throws -> String {
    let path = listFolder(folder + "/usr/bin").contains(program) ? "usr/bin" : "usr/sbin"
    let (status, output) = try TestSupport.run(
      ["\(folder)/\(path)/\(program)"] + arguments, environment: environment)
    guard status == .exited(0) else {
      throw Trouble("\(program) \(arguments.joined(separator: " ")): \(status)\n\(output)")
    }
    return output
  }

  /// Debian's certbot, which needs the Python that it was made for.
  package static func certbot(_ arguments: [String], environment: [String: String]) throws
    -> (status: Child.Status, output: String)
  {
    try TestSupport.run(
      ["/usr/bin/python3", "\(folder)/usr/bin/certbot"] + arguments,
      environment: environment.merging(["PYTHONPATH": "\(folder)/usr/lib/python3/dist-packages"]) { $1 }, seconds: 120)
  }

  /// BIND with one zone, in the foreground. It binds only addresses that an interface has: 127.0.0.1.
  package static func bind(zone: String, text: String, at endpoint: Endpoint, in folder: Folder) throws -> Child {
    try folder.write("parent.zone", text)
    try folder.write(
      "named.conf",
      """
      options {
        directory "\(folder.path)"; pid-file none; session-keyfile none; lock-file none;
        listen-on port \(endpoint.port) { \(endpoint.address); }; listen-on-v6 { none; };
        recursion no; dnssec-validation no; notify no;
      };
      controls { };
      zone "\(zone)" { type primary; file "parent.zone"; };
      """)
    return try start("named", ["-g", "-n", "1", "-c", folder.path("named.conf")], in: folder)
  }

  /// Unbound, resolving everything below `zone` from the server at `parent`, in the foreground.
  package static func unbound(zone: String, parent: Endpoint, at endpoint: Endpoint, in folder: Folder) throws -> Child
  {
    try unbound(zones: [zone], parent: parent, at: endpoint, in: folder)
  }

  /// - Parameter anchors: DNSKEY records to trust; with any, answers are validated.
  package static func unbound(
    zones: [String], parent: Endpoint, trusting anchors: [String] = [], at endpoint: Endpoint, in folder: Folder
  ) throws -> Child {
    try unbound(zones: zones, parents: [parent], trusting: anchors, at: endpoint, in: folder)
  }

  package static func unbound(
    zone: String, parents: [Endpoint], at endpoint: Endpoint, in folder: Folder, options: String
  ) throws -> Child {
    try unbound(zones: [zone], parents: parents, at: endpoint, in: folder, options: options)
  }

  private static func unbound(
    zones: [String], parents: [Endpoint], trusting anchors: [String] = [], at endpoint: Endpoint, in folder: Folder,
    options: String = ""
  ) throws -> Child {
    let modules = anchors.isEmpty ? "iterator" : "validator iterator"
    let trust = anchors.map { "  trust-anchor: \"\($0)\"\n" }.joined()
    let addresses = parents.map { "  stub-addr: \($0.address)@\($0.port)\n" }.joined()
    let stubs = zones.map { "stub-zone:\n  name: \"\($0)\"\n\(addresses)" }
    try folder.write(
      "unbound.conf",
      """
      server:
        directory: "\(folder.path)"
        chroot: ""
        username: ""
        pidfile: ""
        use-syslog: no
        do-daemonize: no
        verbosity: 1
        interface: \(endpoint.address)
        port: \(endpoint.port)
        num-threads: 1
        do-not-query-localhost: no
        do-ip6: no
        module-config: "\(modules)"
        access-control: 127.0.0.0/8 allow
        aggressive-nsec: no

      """ + options + trust + "remote-control:\n  control-enable: no\n" + stubs.joined())
    return try start("unbound", ["-d", "-p", "-c", folder.path("unbound.conf")], in: folder)
  }
}
