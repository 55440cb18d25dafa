import TestSupport

/// A certificate authority of the test's own, and what it has signed: `good.pem` with `good.key`, and so on.
final class Authority: Sendable {
  let folder: Folder
  /// Its own certificate, in PEM.
  var path: String { folder.path("authority.pem") }

  init() throws {
    folder = try Folder()
    try sign("authority", by: "authority")
    try sign("stranger", by: "stranger")
    try sign("good", for: "app.example.com", by: "authority")
    try sign("expired", for: "app.example.com", days: -1, by: "authority")
    try sign("other", for: "other.example", by: "authority")
    try sign("unknown", for: "app.example.com", by: "stranger")
  }

  private func sign(_ file: String, for name: String? = nil, days: Int = 2, by signer: String) throws {
    let (key, request) = (folder.path("\(file).key"), folder.path("\(file).request"))
    try openssl(
      ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(file)"]
        + ["-keyout", key, "-out", request]
        + ["-addext", name.map { "subjectAltName=DNS:\($0)" } ?? "basicConstraints=critical,CA:TRUE"])
    let own = ["-signkey", key]
    let others = ["-CA", folder.path("\(signer).pem"), "-CAkey", folder.path("\(signer).key"), "-CAcreateserial"]
    try openssl(
      ["x509", "-req", "-in", request, "-days", "\(days)", "-copy_extensions", "copy"]
        + (signer == file ? own : others) + ["-out", folder.path("\(file).pem")])
  }

  private func openssl(_ arguments: [String]) throws {
    let done = try run(["openssl"] + arguments)
    guard done.status == .exited(0) else { throw Trouble("openssl \(arguments): \(done.output)") }
  }
}
