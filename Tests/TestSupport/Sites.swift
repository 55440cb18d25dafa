import Glibc

/// A real HTTP server in a process of its own, which plays one of the two sites. Killing it is a real SIGKILL.
package final class Site: Sendable {
  package let endpoint: Endpoint
  private let command: [String]
  private let folder: Folder
  private let child: Child

  private init(_ command: [String], at endpoint: Endpoint, folder: Folder) throws {
    self.command = command
    self.endpoint = endpoint
    self.folder = folder
    child = try Child(command, in: folder)
    guard becomesTrue({ endpoint.accepts }) else { throw Trouble("\(command) does not listen:\n\(child.output)") }
  }

  /// Answers `/health` with 200 and anything else with 404.
  package static func http(at endpoint: Endpoint) throws -> Site {
    let folder = try Folder()
    try folder.makeFolder("pages")
    try folder.write("pages/health", "healthy\n")
    let command = [
      "python3", "-m", "http.server", "\(endpoint.port)", "--bind", endpoint.address, "--directory",
      folder.path("pages"),
    ]
    return try Site(command, at: endpoint, folder: folder)
  }

  /// `openssl s_server`, which answers any GET with 200.
  package static func https(at endpoint: Endpoint, certificate: Certificate) throws -> Site {
    let command = [
      "openssl", "s_server", "-accept", endpoint.description, "-cert", certificate.path, "-key",
      certificate.keyPath, "-www", "-quiet",
    ]
    return try Site(command, at: endpoint, folder: try Folder())
  }

  /// Dead at once, as when the machine loses power: SIGKILL.
  package func fail() { child.stop() }

  /// The same site again on the same address, as a new process.
  package func healed() throws -> Site {
    child.stop()
    return try Site(command, at: endpoint, folder: folder)
  }
}

/// A certificate for `name`, signed by itself, made for the test.
package final class Certificate: Sendable {
  package let path: String
  package let keyPath: String
  private let folder: Folder

  package init(for name: String) throws {
    folder = try Folder()
    path = folder.path("certificate.pem")
    keyPath = folder.path("key.pem")
    let made = try TestSupport.run([
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
      "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-keyout", keyPath, "-out", path,
    ])
    guard made.status == .exited(0) else { throw Trouble("openssl req failed:\n\(made.output)") }
  }
}
