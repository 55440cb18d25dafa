import Glibc

/// The folder of the package, found from this file's own place.
package let packageFolder = String(#filePath.dropLast("/Tests/TestSupport/Alula.swift".count))

/// The built program: $ALULA if it is set, else what this build of the tests made.
package var alulaProgram: String {
  environmentValue("ALULA") ?? productsFolder + "/alula"
}

/// Where SwiftPM put what it built: beside the test bundle, which on Linux is the running program.
private var productsFolder: String {
  guard let path = unsafe realpath("/proc/self/exe", nil) else { return "." }
  defer { unsafe free(path) }
  return unsafe String(cString: path).split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/")
}

/// An `alula serve` in a process of its own, with a folder for its configuration, zones and state.
package final class Alula: Sendable {
  package let folder: Folder
  package let ipv4: Endpoint
  package let ipv6: Endpoint
  package let child: Child

  /// Starts without waiting. `rest` is the configuration below `server:`, `state:` and `log:`.
  /// - Parameters:
  ///   - listen: further addresses beside 127.0.0.1 and ::1 at `port`.
  ///   - environment: beside the test's own.
  ///   - tracer: a program with its arguments that becomes the server, as `strace -D` does.
  package init(
    _ rest: String, files: [String: String] = [:], port: UInt16 = freePort(), server: String = "",
    listen: [Endpoint] = [], environment: [String: String] = [:], under tracer: [String] = []
  ) throws {
    folder = try Folder()
    ipv4 = Endpoint("127.0.0.1", port)
    ipv6 = Endpoint("::1", port)
    for (name, text) in files { try folder.write(name, text) }
    let addresses = ([ipv4, ipv6] + listen).map { "\"\($0)\"" }.joined(separator: ", ")
    let head = "server:\n  listen: [\(addresses)]\n\(server)state: \(folder.path)/state\nlog: { level: debug }\n"
    try folder.write("alula.yaml", head + rest)
    try folder.write("head.yaml", head)
    child = try Child(
      tracer + [alulaProgram, "serve", "--config", folder.path("alula.yaml")], environment: environment, in: folder,
      output: "log")
  }

  /// Starts once more where `other`, which has ended, was: the same folder, configuration, state and addresses.
  package init(again other: Alula) throws {
    (folder, ipv4, ipv6) = (other.folder, other.ipv4, other.ipv6)
    child = try Child([alulaProgram, "serve", "--config", folder.path("alula.yaml")], in: folder, output: "log-again")
  }

  /// Everything it has logged so far.
  package var log: String { child.output }

  /// Waits until it answers `name` SOA with NOERROR.
  package func waitUntilReady(_ name: String = "app.example.com") throws {
    let ready: Bool? = try poll {
      if let status = child.ended() { throw Trouble("alula ended before it was ready, \(status):\n\(log)") }
      return try dig(ipv4, name, "SOA", ["+time=1"]).status == "NOERROR" ? true : nil
    }
    if ready == nil { throw Trouble("alula does not answer:\n\(log)") }
  }

  /// Replaces what stands below `server:`, `state:` and `log:` and asks for a reload.
  package func reload(_ rest: String) throws {
    try folder.write("alula.yaml", try readFile(folder.path("head.yaml")) + rest)
    child.signal(SIGHUP)
  }

  package func ask(_ name: String, _ type: String = "A", _ options: [String] = []) throws -> DigResult {
    try dig(ipv4, name, type, options)
  }
}
