/// A zone file signed by the real dnssec-signzone, with keys that are new each time.
package struct SignedZone: Sendable {
  package let name: String
  /// The signed file, one record a line.
  package let path: String
  /// The DNSKEY record to trust, as a zone file has it.
  package let anchor: String
  private let keys: Folder

  /// Signs the file at `path`; the signed one is beside it.
  /// - Parameters:
  ///   - keyCount: with two, every RRset has two signatures.
  ///   - options: of dnssec-signzone: `-3` a salt or `-`, `-H` iterations, `-A` opt-out.
  package init(_ name: String, at path: String, keyCount: Int = 1, options: [String] = []) throws {
    self.name = name
    self.path = path + ".signed"
    keys = try Folder()
    var anchor = ""
    for number in 1...keyCount {
      let flags = number == 1 ? ["-f", "KSK"] : []
      let output = try Peers.run(
        "dnssec-keygen", ["-q", "-K", keys.path, "-a", "ECDSAP256SHA256"] + flags + [name])
      let file = keys.path(output.split(separator: "\n").last.map(String.init) ?? "") + ".key"
      if number == 1 { anchor = try readFile(file).split(separator: "\n").last.map(String.init) ?? "" }
    }
    self.anchor = anchor
    try Peers.run(
      "dnssec-signzone",
      ["-q", "-S", "-z", "-K", keys.path, "-d", keys.path, "-n", "1", "-O", "full", "-o", name, "-f", self.path]
        + options + [path])
  }

  /// What delv and others take as a file of keys to trust.
  package var trustAnchors: String {
    let words = anchor.split(separator: " ")
    guard let at = words.firstIndex(of: "DNSKEY"), words.count > at + 4 else { return "" }
    let key = words[(at + 4)...].joined()
    return "trust-anchors { \"\(name)\" static-key \(words[at + 1]) \(words[at + 2]) \(words[at + 3]) \"\(key)\"; };\n"
  }
}
