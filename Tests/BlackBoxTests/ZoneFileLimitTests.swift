import TestSupport
import Testing

/// `alula check` of zone files that are too much, or much too wrong.
@Suite struct ZoneFileLimitTests {
  private static let head = "$TTL 300\n@ SOA ns h 1 2 3 4 60\n@ NS ns\nns A 192.0.2.53\n"

  /// - Parameter memory: KiB of address space that the program may take.
  private func check(_ records: String, memory: String = "unlimited") throws -> (Child.Status, [Substring]) {
    let folder = try Folder()
    try folder.write("z", Self.head + records)
    try folder.write(
      "alula.yaml", "server:\n  listen: [\"127.0.0.1:5300\"]\nzones:\n  example.com:\n    file: z\n")
    let (status, output) = try run([
      "sh", "-c", "cd \(folder.path) && ulimit -v \(memory) && exec \(alulaProgram) check --config alula.yaml",
    ])
    return (status, output.split(separator: "\n"))
  }

  @Test func aZoneThatDoesNotFitIsRefusedInWords() throws {
    let (status, lines) = try check("$GENERATE 1-16000000 h$ A 192.0.2.1\n", memory: "400000")
    #expect(status == .exited(1))
    #expect(lines.count == 1)
    #expect(lines[0].contains("z:5:22: error: the zone needs more than the "), "\(lines)")
  }

  @Test func theFirstHundredProblemsAreListed() throws {
    let (status, lines) = try check((1...250).map { "a\($0) A x\n" }.joined())
    #expect(status == .exited(1))
    #expect(lines.count == 101)
    #expect(lines.last?.contains("150") == true, "\(lines)")
  }

  @Test func theLineOfTheLastErrorIsRight() throws {
    let (status, lines) = try check((1...100_000).map { "a\($0) A 192.0.2.1\n" }.joined() + "b A 192.0.2.300\n")
    #expect(status == .exited(1))
    #expect(lines.count == 1)
    #expect(lines[0].hasSuffix("z:100005:5: error: expected an IPv4 address such as 192.0.2.1, found '192.0.2.300'"))
  }

  @Test func warningsDoNotFail() throws {
    let (status, lines) = try check("a MX 10 nobody\n")
    #expect(status == .exited(0))
    #expect(
      lines.contains {
        $0.hasSuffix("z:5:1: warning: a.example.com MX: nobody.example.com does not exist; add A or AAAA")
      })
  }
}
