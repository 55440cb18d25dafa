import Failover
import Glibc
import Testing

struct ScenarioTests {
  @Test(arguments: StoryFiles.all)
  func playsAsTold(file: String) throws {
    var rehearsal = Rehearsal(try Story(StoryFiles.text(file)))
    rehearsal.play()
    for complaint in rehearsal.complaints { Issue.record("\(file): \(complaint)") }
  }

  @Test func storiesAreFound() { #expect(StoryFiles.all.count >= 12) }

  /// A story that expects something wrong must complain, or the others prove nothing.
  @Test func aFalseExpectationIsNoticed() throws {
    let text = """
      endpoint ec2 192.0.2.1
      endpoint azure 192.0.2.2
      pool ec2 | azure
      at 1s ec2 refuses
      at 2s expect A 192.0.2.2
      """
    var rehearsal = Rehearsal(try Story(text))
    rehearsal.play()
    #expect(rehearsal.complaints == ["line 5: expected A 192.0.2.2, got A 192.0.2.1 (ec2 answers)"])
  }

  @Test(arguments: ["at 1s nobody refuses", "at soon expect A nothing", "pool nobody", "check interval", "what"])
  func malformedLinesAreRefused(line: String) {
    #expect(throws: Story.Malformed.self) { try Story(line) }
  }
}

/// The files beside this one.
enum StoryFiles {
  private static let folder = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/stories/"

  static let all: [String] = {
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { octets in
        unsafe String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".story") { names.append(name) }
    }
    return names.sorted()
  }()

  static func text(_ name: String) -> String {
    guard let file = unsafe fopen(folder + name, "r") else { return "" }
    defer { unsafe fclose(file) }
    var text: [UInt8] = []
    while case let octet = unsafe getc(file), octet != EOF { text.append(UInt8(octet)) }
    return String(decoding: text, as: UTF8.self)
  }
}
