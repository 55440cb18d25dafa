import Glibc
import Sockets
import Wire

/// Certificates made once by the openssl tool, in a folder that goes with the process.
struct Certificates: Sendable {
  enum Failure: Error { case openssl([String]) }

  let folder: String
  var authority: String { folder + "/ca.pem" }

  static let shared = Result { try Certificates() }

  private init() throws {
    var template = Array("/tmp/alula-certificates-XXXXXX".utf8CString)
    folder = unsafe mkdtemp(&template).map { unsafe String(cString: $0) } ?? "/nonexistent"
    atexit { if let folder = try? Certificates.shared.get().folder { _ = try? Child.run(["rm", "-r", folder]) } }
    try selfSigned("ca", "/CN=Test authority", name: nil)
    try selfSigned("self", "/CN=app.example.com", name: "DNS:app.example.com")
    try issued("good", name: "DNS:app.example.com,IP:127.0.0.1", days: 30)
    try issued("other", name: "DNS:other.example,DNS:*.other.example", days: 30)
    try issued("rsa", name: "DNS:app.example.com", days: 30, key: ["-newkey", "rsa:2048", "-nodes"])
    try issued("expired", name: "DNS:app.example.com", days: -1)
    try issued("ending", name: "DNS:app.example.com", days: 1)
    try endInHalfAnHour("ending")
  }

  private static var newKey: [String] { ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"] }

  private func selfSigned(_ file: String, _ subject: String, name: String?) throws {
    try openssl(
      ["req", "-x509"] + Certificates.newKey
        + ["-keyout", "\(folder)/\(file).key", "-out", "\(folder)/\(file).pem", "-subj", subject, "-days", "30"]
        + (name.map { ["-addext", "subjectAltName=\($0)"] } ?? []))
  }

  private func issued(_ file: String, name: String, days: Int, key: [String] = Certificates.newKey) throws {
    try openssl(
      ["req", "-new"] + key
        + [
          "-keyout", "\(folder)/\(file).key", "-out", "\(folder)/\(file).csr", "-subj", "/CN=\(file)",
          "-addext", "subjectAltName=\(name)",
        ])
    try openssl([
      "x509", "-req", "-in", "\(folder)/\(file).csr", "-CA", authority, "-CAkey", "\(folder)/ca.key",
      "-CAcreateserial", "-days", "\(days)", "-copy_extensions", "copy", "-out", "\(folder)/\(file).pem",
    ])
  }

  /// Signs the file's request again: only `openssl ca` takes an end that is not in whole days.
  private func endInHalfAnHour(_ file: String) throws {
    let settings =
      "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n"
      + "copy_extensions=copy\n[p]\ncommonName=supplied\n"
    let script = """
      cd \(folder) && : >index && echo 01 >serial && printf '\(settings)' >ca.conf &&
      openssl ca -batch -config ca.conf -cert ca.pem -keyfile ca.key -notext -in \(file).csr -out \(file).pem \
        -enddate "$(date -u -d '+30 minutes' +%y%m%d%H%M%SZ)"
      """
    guard try Child.run(["sh", "-c", script]) else { throw Failure.openssl(["ca"]) }
  }

  private func openssl(_ arguments: [String]) throws {
    guard try Child.run(["openssl"] + arguments) else { throw Failure.openssl(arguments) }
  }
}

/// `openssl s_server` on a port of its own choice; answers any request with status 200.
struct TLSServer: LoopbackTarget {
  let address: SocketAddress
  let child: Child

  init(_ certificate: String, _ options: [String] = []) throws {
    let folder = try Certificates.shared.get().folder
    child = try Child(
      [
        "openssl", "s_server", "-accept", "127.0.0.1:0", "-www",
        "-cert", "\(folder)/\(certificate).pem", "-key", "\(folder)/\(certificate).key",
      ] + options)
    var found: SocketAddress?
    while found == nil, let line = child.line() {
      if line.hasPrefix("ACCEPT ") { found = SocketAddress(line.dropFirst(7)) }
    }
    guard let found else { throw Certificates.Failure.openssl(["s_server"]) }
    address = found
  }
}
