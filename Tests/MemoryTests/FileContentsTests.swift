import Glibc
import Memory
import Testing

struct FileContentsTests {
  /// Text that has been read is given back; what is still to be read is not.
  @Test(arguments: [1000, 5 << 20, 40 << 20]) func whatHasBeenReadIsGivenBack(size: Int) throws {
    let path = "/tmp/alula-text-\(UInt64.random(in: 0...(.max)))"
    defer { try? removeFile(path) }
    try FileOutput.write(String(repeating: "x", count: size), to: path)
    let file = try FileContents(path)
    let first = file.release(before: size / 2, after: 0)
    let second = file.release(before: size - 10, after: first)
    #expect(0 <= first && first <= size / 2 && first <= second && second <= size - 10)
    #expect(size < 5 << 20 ? second == 0 : second > size / 2)
    let text = file.bytes
    for i in second..<size where text[i] != UInt8(ascii: "x") { Issue.record("octet \(i) is gone") }
    if second > 0 { #expect(text[second - 1] == 0) }
  }

  /// A file that this machine has no memory for is an error, not the end of a running server.
  @Test func fileBeyondMemoryIsRefused() async {
    await #expect(processExitsWith: .success) {
      var template = Array("/tmp/alula-test-XXXXXX".utf8CString)
      let descriptor = unsafe mkstemp(&template)
      let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      defer { unsafe unlink(path) }
      // All hole: it takes no room on the disk.
      #expect(ftruncate(descriptor, 1 << 40) == 0)
      var limit = rlimit(rlim_cur: 1 << 39, rlim_max: 1 << 39)
      unsafe setrlimit(__rlimit_resource_t(9), &limit)
      do throws(FileError) {
        _ = try FileContents(path, limit: .max)
        exit(1)
      } catch {
        unsafe unlink(path)
        exit(error.description.contains("no memory") ? 0 : 1)
      }
    }
  }
}
